/**
 * The Runs page on real runs: found within three clicks, read from one query, live without a row moving, looked into,
 * and dealt with in numbers.
 */
import type { RunSummary } from "@waybill/contract"
import type { Locator, Page } from "playwright-core"
import { beforeAll, describe, expect, test } from "vitest"
import { paths } from "../../web/src/paths.ts"
import { lookOfRun } from "../../web/src/ui/run-look.ts"
import { shortId } from "../../web/src/ui/short-id.ts"
import { axe } from "./axe.ts"
import { browserSuite, choose, settled } from "./suite.ts"

const { server, open } = browserSuite()

const grid = (page: Page) => page.getByRole("grid", { name: "Runs" })
const boxes = (page: Page) => grid(page).getByRole("checkbox", { name: /^Select (?!all)/ })
const query = (page: Page) => page.getByRole("combobox", { name: "Find runs" })

/** Each row as its box is called, from the top: workflow, status, end of the id. */
async function rows(page: Page): Promise<readonly string[]> {
  const labels = await boxes(page).evaluateAll((all) =>
    all
      .map((box) => ({ at: Number(box.closest("tr")?.dataset.at), label: box.getAttribute("aria-label") ?? "" }))
      .sort((a, b) => a.at - b.at),
  )
  return labels.map(({ label }) => label)
}

const asRow = ({ workflowName, status, runId }: RunSummary) =>
  `Select ${workflowName}, ${lookOfRun(status).word}, ${shortId(runId)}`

async function listed(asked: { readonly [name: string]: string | number }) {
  const { items } = await server().api.runs.list({ limit: 50, env: "default", ...asked })
  return items.map(asRow)
}

/** In the order in which they were started, tagged so that a test sees only its own. */
async function started(count: number, workflowId: string, tag: string): Promise<readonly string[]> {
  const runIds: string[] = []
  for (let made = 0; made < count; made += 1) runIds.push((await server().start(workflowId, {}, { tags: [tag] })).runId)
  return runIds
}

describe("any run is found within three clicks", () => {
  let failed: string
  beforeAll(async () => {
    failed = (await server().run("breaks", { invoice: "INV-7" }, { tags: ["quarter 4"] })).runId
    await server().run("quick", {}, { tags: ["other"] })
    await server().run("asks")
  })

  /** Presses one after the other, and counts. */
  async function found(page: Page, presses: readonly ((page: Page) => Locator)[]): Promise<number> {
    for (const press of presses) await press(page).click()
    await page.waitForURL(`**${paths.run(failed)}`)
    return presses.length
  }
  const row = (page: Page) => grid(page).getByRole("row", { name: "Nightly invoice" }).getByText("Failed")

  test("by workflow", async () => {
    const presses = [
      (page: Page) => page.getByRole("button", { name: "Workflow" }),
      (page: Page) => page.getByRole("option", { name: "breaks" }),
      row,
    ]
    expect(await found(await open("/runs"), presses)).toBe(3)
  })

  test("by status", async () => {
    expect(await found(await open("/runs"), [(page) => page.getByRole("button", { name: /^Failed/ }), row])).toBe(2)
  })

  test("by time", async () => {
    const presses = [
      (page: Page) => page.getByRole("button", { name: /^All time/ }),
      (page: Page) => page.getByRole("button", { name: "Last hour" }),
      row,
    ]
    expect(await found(await open("/runs"), presses)).toBe(3)
  })

  test("by a tag with a space in it", async () => {
    const presses = [
      (page: Page) => page.getByRole("button", { name: "Tag", exact: true }),
      (page: Page) => page.getByRole("option", { name: "quarter 4" }),
      row,
    ]
    const page = await open("/runs")
    expect(await found(page, presses)).toBe(3)
    await page.goBack()
    await expect.poll(() => query(page).inputValue()).toBe('tag:"quarter 4"')
  })

  test("by pasting its id", async () => {
    const page = await open("/runs")
    await page.keyboard.press("/")
    await page.keyboard.insertText(failed)
    await expect.poll(() => rows(page)).toEqual([expect.stringContaining(shortId(failed))])
    await page.keyboard.press("Enter")
    expect(await found(page, [row])).toBe(1)
  })

  test("by its tag in another row, and by a link of another page", async () => {
    const page = await open("/runs")
    await grid(page).getByRole("button", { name: "Only runs with the tag quarter 4" }).first().click()
    await page.waitForURL(/q=tag/)
    await page.goto(paths.runs({ status: ["FAILED"], workflowId: ["breaks"] }))
    await expect.poll(() => query(page).inputValue()).toBe("status:failed wf:breaks")
    for (const _again of [1, 2]) await server().run("quick", {}, { tags: ["twice"], businessEventId: "order-9" })
    await page.goto(paths.runs({ tag: ["twice"] }))
    await page.getByRole("button", { name: "Fold duplicates and children" }).click()
    await grid(page).getByRole("link", { name: "1 run of the same business event" }).waitFor()
  })
})

describe("the query", () => {
  test("offers fields and the values that occur, and is written by the keyboard alone", async () => {
    await server().run("quick", {}, { tags: ["offered"] })
    const page = await open("/runs")
    await query(page).click()
    await page.getByRole("option", { name: /^workflow:/ }).waitFor()
    expect(await axe(page)).toEqual([])
    await page.keyboard.type("ta")
    await page.getByRole("option", { name: /^tag:/ }).waitFor()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.keyboard.type("off")
    await expect.poll(() => page.getByRole("option").count()).toBe(1)
    await page.getByRole("option", { name: "offered" }).waitFor()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.waitForURL(/q=tag:offered/)
    await expect.poll(() => rows(page)).toEqual(await listed({ query: "tag:offered" }))
  })

  test("says what it does not understand, and what was probably meant; the rows stay until then", async () => {
    await server().run("breaks", {}, { tags: ["meant"] })
    const page = await open("/runs?q=tag:meant", { expect: /status of 400/ })
    await expect.poll(async () => (await rows(page)).length).toBe(1)
    await query(page).press("End")
    await page.keyboard.type(" statsu:failed")
    await page.keyboard.press("Enter")
    await page.getByText("there is no field statsu").first().waitFor()
    expect(await rows(page)).toHaveLength(1)
    expect(await axe(page)).toEqual([])
    await page.getByRole("button", { name: /^Did you mean/ }).click()
    await page.waitForURL(/status:failed/)
    await expect.poll(() => rows(page)).toEqual(await listed({ query: "tag:meant status:failed" }))
    await page.goto("/runs?q=statsu:failed")
    await page.getByText("The query is not understood").waitFor()
    await page.getByRole("button", { name: "Clear the query", exact: true }).last().click()
    await grid(page).waitFor()
  })

  test("that finds nothing says which part to leave out, and how many runs there would be then", async () => {
    await server().run("quick", {}, { tags: ["narrow"] })
    const page = await open("/runs?q=tag:narrow+status:paused&from=-1h")
    await page.getByText("No run matches").waitFor()
    const way = page.getByRole("button", { name: /status:paused/ }).filter({ hasText: "1 run" })
    await way.waitFor()
    expect(await axe(page)).toEqual([])
    await way.click()
    await expect.poll(() => rows(page)).toEqual(await listed({ query: "tag:narrow" }))
  })

  test("of an environment without any run says how to send the first one", async () => {
    const page = await open("/runs?env=empty")
    await page.getByText("No runs yet").waitFor()
    expect(await axe(page)).toEqual([])
  })
})

describe("the table", () => {
  test("has the columns that were chosen, in their order, and the order of the rows; a link shows the same", async () => {
    const page = await open("/runs")
    const heads = async () => (await grid(page).getByRole("columnheader").allTextContents()).slice(1)
    await page.getByRole("button", { name: "Columns" }).click()
    await choose(page.getByRole("checkbox", { name: "Tags" }), false)
    await choose(page.getByRole("checkbox", { name: "Business event" }))
    await page.getByRole("button", { name: "Move Business event to the left" }).click()
    await page.keyboard.press("Escape")
    await grid(page).getByRole("button", { name: "Duration" }).click()
    await page.waitForURL(/sort=-duration/)
    const shown = await heads()
    expect(shown).not.toContain("Tags")
    expect(shown.indexOf("Business event")).toBe(shown.length - 2)
    await expect
      .poll(() => rows(page))
      .toEqual((await listed({ sort: "-duration" })).slice(0, (await rows(page)).length))
    await page.reload()
    await boxes(page).first().waitFor()
    expect(await heads()).toEqual(shown)
  })

  test("holds few rows in the page however many there are, and loads them as they come near", {
    timeout: 90_000,
  }, async () => {
    await started(130, "quick", "long")
    const page = await open("/runs?q=tag:long", { height: 700 })
    await boxes(page).first().waitFor()
    await grid(page).focus()
    const atTheEnd = async () => {
      await page.keyboard.press("End")
      return page.getByText("130 runs are shown, and there are no more.").count()
    }
    await expect.poll(atTheEnd, { timeout: 10_000, interval: 200 }).toBe(1)
    expect(await boxes(page).count()).toBeLessThan(60)
    await page.keyboard.press("Home")
    await expect.poll(async () => (await rows(page))[0]).toBe((await listed({ query: "tag:long" }))[0])
  })

  test("stands closer or wider apart by a key, and rows never overlap", async () => {
    await started(3, "quick", "apart")
    const page = await open("/runs")
    await boxes(page).nth(2).waitFor()
    const pitch = async () => {
      const tops = await boxes(page).evaluateAll((all) =>
        all.map((box) => box.closest("tr")!.getBoundingClientRect().top),
      )
      const [first = 0, second = 0] = tops.sort((a, b) => a - b)
      return second - first
    }
    expect(await pitch()).toBe(36)
    for (const wanted of [44, 28]) {
      await page.keyboard.press("d")
      await expect.poll(pitch).toBe(wanted)
    }
  })
})

describe("live", () => {
  test("what is new is counted and moves no row; what moves is renewed in its place; then the page equals the API", async () => {
    const before = await started(4, "hears", "moving")
    const page = await open("/runs?q=tag:moving")
    await expect.poll(async () => (await rows(page)).length).toBe(4)
    const standing = (await rows(page)).map((label) => label.split(", ").at(-1))
    const fresh = await started(3, "hears", "moving")
    await page.getByRole("button", { name: /^3 new/ }).waitFor()
    await server().api.runs.signal(before[0]!, { name: "payment.received", data: { amount: 1 } })
    await server().api.runs.cancel(before[2]!, { reason: "seen enough" })
    await expect
      .poll(async () => (await rows(page)).filter((label) => /Completed|Cancelled/.test(label)).length)
      .toBe(2)
    expect((await rows(page)).map((label) => label.split(", ").at(-1))).toEqual(standing)
    await page.keyboard.press("n")
    await expect.poll(() => rows(page)).toEqual(await listed({ query: "tag:moving" }))
    expect(await rows(page)).toHaveLength(before.length + fresh.length)
  })

  test("a run that no longer matches stays where it is, and is told", async () => {
    const [, second] = await started(3, "hears", "leaving")
    const page = await open("/runs?q=tag:leaving+status:waiting_signal")
    await expect.poll(async () => (await rows(page)).length).toBe(3)
    await server().api.runs.cancel(second!, { reason: "seen enough" })
    await page.getByRole("button", { name: /^1 no longer matches/ }).waitFor()
    expect(await rows(page)).toHaveLength(3)
    await page.keyboard.press("n")
    await expect.poll(() => rows(page)).toEqual(await listed({ query: "tag:leaving status:waiting_signal" }))
  })

  test("while the server is away the rows stay; it is said, and mended by itself", async () => {
    await started(2, "hears", "away")
    const page = await open("/runs?q=tag:away", { expect: /ERR_FAILED|Failed to load/ })
    await expect.poll(async () => (await rows(page)).length).toBe(2)
    await page.route("**/api/v1/workflow-runs?**", (route) => route.abort())
    await started(1, "hears", "away")
    await page.getByText("The list could not be renewed").waitFor()
    expect(await rows(page)).toHaveLength(2)
    await page.unroute("**/api/v1/workflow-runs?**")
    await page.getByRole("button", { name: "Try again" }).click()
    await page.getByRole("button", { name: /^1 new/ }).waitFor()
    await page.getByText("The list could not be renewed").waitFor({ state: "hidden" })
  })
})

describe("when runs started", () => {
  test("is a histogram that becomes the time range, by drawing over it and by keys, and a table for who hears it", async () => {
    await server().run("breaks", {}, { tags: ["time"] })
    const page = await open("/runs?q=tag:time&from=-1h")
    const slider = page.getByRole("slider", { name: "Starts over time" })
    await slider.waitFor()
    const twin = page.getByRole("table", { name: /^Starts over time/ })
    expect(await twin.getByRole("row").count()).toBe(2)
    const box = (await slider.boundingBox())!
    await page.mouse.move(box.x + box.width * 0.5, box.y + 20)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width - 2, box.y + 20, { steps: 5 })
    await page.mouse.up()
    await page.waitForURL(/from=\d{4}.*&to=\d{4}/)
    await expect.poll(async () => (await rows(page)).length).toBe(1)
    const [from, to] = ["from", "to"].map((name) => Date.parse(new URL(page.url()).searchParams.get(name)!))
    expect((to! - from!) / 60_000).toBeGreaterThan(25)
    expect((to! - from!) / 60_000).toBeLessThan(35)
    await page.goBack()
    await page.waitForURL(/from=-1h/)
    await slider.focus()
    await page.keyboard.press("Home")
    await page.keyboard.press("Shift+ArrowRight")
    await page.keyboard.press("Enter")
    await page.waitForURL(/from=\d{4}/)
    await page.getByText("No run matches").waitFor()
  })

  test("and how many of each kind stands on tabs, which count what they would show", async () => {
    await server().run("breaks", {}, { tags: ["tabs"] })
    await server().run("quick", {}, { tags: ["tabs"] })
    const page = await open("/runs?q=tag:tabs")
    await page.getByRole("button", { name: "Failed 1" }).click()
    await expect.poll(async () => (await rows(page)).length).toBe(1)
    await page.getByRole("button", { name: "Completed 1" }).click()
    await expect.poll(() => rows(page)).toEqual(await listed({ query: "tag:tabs status:completed" }))
    await page.getByRole("button", { name: "All 2" }).click()
    await expect.poll(async () => (await rows(page)).length).toBe(2)
  })
})

describe("a look at a run beside the list", () => {
  test("by Space; it goes along with the keyboard, says why, and offers what the server allows", async () => {
    const failed = await server().run("breaks", { invoice: "INV-9" }, { tags: ["looked at"] })
    const waiting = await server().run("asks", {}, { tags: ["looked at"] })
    const page = await open('/runs?q=tag:"looked at"', { theme: "dark" })
    await boxes(page).first().waitFor()
    await page.keyboard.press("j")
    await page.keyboard.press("Space")
    const sheet = page.getByRole("dialog")
    await sheet.getByText("web: release 1.4.2?").first().waitFor()
    await page.keyboard.press("j")
    await sheet.getByText("the ledger answered 503 for INV-9").first().waitFor()
    await page.waitForURL(new RegExp(`peek=${failed.runId}`))
    expect(await axe(page)).toEqual([])
    const cancel = sheet.getByRole("button", { name: /^Cancel/ })
    expect(await cancel.getAttribute("aria-disabled")).toBe("true")
    await page.keyboard.press("k")
    await page.waitForURL(new RegExp(`peek=${waiting.runId}`))
    await page.keyboard.press("c")
    const asked = page.getByRole("dialog", { name: "Cancel this run?" })
    await asked.getByLabel("Reason").fill("looked at it")
    await page.getByRole("button", { name: "Cancel the run" }).click()
    await asked.waitFor({ state: "hidden" })
    await expect.poll(async () => (await server().api.runs.get(waiting.runId)).status).toBe("CANCELLED")
    await page.keyboard.press("Escape")
    await sheet.waitFor({ state: "hidden" })
    await page.keyboard.press("Enter")
    await page.waitForURL(`**${paths.run(waiting.runId)}`)
  })

  test("by the eye that a row shows to the pointer", async () => {
    const { runId } = await server().run("breaks", { invoice: "INV-10" }, { tags: ["eye"] })
    const page = await open("/runs?q=tag:eye")
    await grid(page).getByText("Nightly invoice").hover()
    await grid(page).getByRole("button", { name: "Look into the run" }).click()
    await page.waitForURL(new RegExp(`peek=${runId}`))
    await page.getByRole("dialog").getByText("the ledger answered 503 for INV-10").first().waitFor()
  })

  test("covers the list where the window is narrow, and is clean to axe there", async () => {
    const { runId } = await server().run("breaks")
    const page = await open("/runs", { width: 320, height: 700 })
    await grid(page)
      .getByRole("checkbox", { name: /^Select (?!all)/ })
      .first()
      .waitFor()
    await page.goto(paths.runs({ peek: runId }))
    await page.getByRole("dialog").getByText("the ledger answered 503").first().waitFor()
    await settled(page)
    expect(await axe(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  })
})

describe("many runs at once", () => {
  test("twenty waiting runs are cancelled with one reason, and one that had ended is refused by name", {
    timeout: 60_000,
  }, async () => {
    const waiting = await started(20, "hears", "many")
    const ended = await server().run("quick", {}, { tags: ["many"] })
    const page = await open("/runs?q=tag:many")
    await expect.poll(async () => (await rows(page)).length).toBe(21)
    await page.keyboard.press("a")
    await page.getByText("All 21 that match").waitFor()
    await page.keyboard.press("c")
    const dialog = page.getByRole("dialog", { name: "Cancel 21 runs?" })
    await dialog.getByText("Cancel: 20 runs.").waitFor()
    await dialog.getByRole("link", { name: shortId(ended.runId) }).waitFor()
    expect(await axe(page)).toEqual([])
    await dialog.getByRole("button", { name: "Cancel 20 runs" }).click()
    await dialog.getByText("Say why").waitFor()
    await dialog.getByLabel("Reason").fill("the campaign is over")
    await dialog.getByRole("button", { name: "Cancel 20 runs" }).click()
    await page.getByText("Cancelled 20 of 21 runs").waitFor()
    const now = await Promise.all(waiting.map((runId) => server().api.runs.get(runId)))
    expect(now.map(({ status, reason }) => `${status} ${reason}`)).toEqual(
      waiting.map(() => "CANCELLED the campaign is over"),
    )
    await expect.poll(() => rows(page)).toEqual(await listed({ query: "tag:many" }))
    await page.getByRole("button", { name: "Run by run" }).click()
    await page
      .getByRole("dialog")
      .getByText(/has ended/)
      .waitFor()
    expect(await axe(page)).toEqual([])
  })

  test("those that are ticked, and only those, are run again", async () => {
    const ended = await Promise.all([1, 2, 3].map(() => server().run("quick", {}, { tags: ["again"] })))
    const page = await open("/runs?q=tag:again")
    await expect.poll(async () => (await rows(page)).length).toBe(3)
    await boxes(page).nth(0).check()
    await boxes(page).nth(1).check()
    const ticked = (await listed({ query: "tag:again" })).slice(0, 2)
    await page.getByRole("button", { name: /^Re-run/ }).click()
    const dialog = page.getByRole("dialog", { name: "Re-run 2 runs?" })
    await dialog.getByLabel("Reason").fill("once more")
    await dialog.getByRole("button", { name: "Re-run 2 runs" }).click()
    await page.getByRole("region", { name: "Bulk action" }).getByText("Re-run 2 runs").waitFor()
    const again = await server().api.runs.list({ query: "tag:again has:rerun" })
    const origins = ended.filter(({ runId }) => again.items.some(({ rerunOf }) => rerunOf === runId))
    expect(origins.map((run) => asRow(run)).sort()).toEqual([...ticked].sort())
  })

  test("are saved as a file: what is chosen, or all that match", async () => {
    const runIds = await Promise.all(
      [1, 2, 3].map(async () => (await server().run("quick", {}, { tags: ["file"] })).runId),
    )
    const page = await open("/runs?q=tag:file")
    await expect.poll(async () => (await rows(page)).length).toBe(3)
    const saved = async (format: string) => {
      await page.getByText(format, { exact: true }).click()
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Save the file" }).click(),
      ])
      const chunks: Buffer[] = []
      for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer)
      return { name: download.suggestedFilename(), text: Buffer.concat(chunks).toString("utf8") }
    }
    await page.keyboard.press("e")
    const csv = await saved("CSV")
    expect(csv.name).toMatch(/^waybill-runs-.*\.csv$/)
    expect(
      csv.text
        .trimEnd()
        .split("\r\n")
        .slice(1)
        .map((line) => line.split(",")[0])
        .sort(),
    ).toEqual([...runIds].sort())
    await boxes(page).first().check()
    await page.keyboard.press("e")
    expect(JSON.parse((await saved("JSON")).text)).toHaveLength(1)
  })
})
