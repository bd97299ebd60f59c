/** The run from its other sides: context at any event, events, steps, lineage, values; for every eye and width. */
import { readFileSync } from "node:fs"
import type { Page } from "playwright-core"
import { beforeAll, describe, expect, test } from "vitest"
import { paths, runLenses, runTabs } from "../../web/src/paths.ts"
import { axe } from "./axe.ts"
import { faultsAt } from "./faults-at.ts"
import { browserSuite, settled } from "./suite.ts"

const { server, open } = browserSuite()

let broken: string
beforeAll(async () => {
  broken = (await server().run("survey", { broken: true, ms: 30 })).runId
})

const copied = (page: Page) => page.evaluate(() => navigator.clipboard.readText())

describe("the context at any event", () => {
  test("what is shown is what the API says, event by event and change by change", async () => {
    const { items } = await server().api.runs.events(broken, { type: "context.written", limit: 200 })
    const page = await open(paths.run(broken, { tab: "context", at: items[0]!.seq }))
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"])
    for (const { seq } of [items[0]!, items[4]!, items.at(-1)!]) {
      await page.goto(paths.run(broken, { tab: "context", at: seq }))
      await page.getByText(`event ${seq} of`).waitFor()
      await settled(page)
      await page.getByRole("button", { name: "Copy Context as JSON" }).click()
      expect(JSON.parse(await copied(page))).toEqual((await server().api.runs.context(broken, { at: seq })).value)
      const diff = await server().api.runs.contextDiff(broken, { from: seq - 1, to: seq })
      const list = page.getByRole("list", { name: "Against the event before" })
      if (diff.changes.length > 0) expect(await list.getByRole("listitem").count()).toBe(diff.changes.length)
      else await page.getByText("Nothing in the run's own context.").waitFor()
    }
  })

  test("the keys go from event to event, the address with them, and each value names its writer", async () => {
    const { seq: last } = await server().api.runs.get(broken)
    const page = await open(paths.run(broken, { tab: "context" }))
    await page.getByText(`event ${last} of ${last}`).waitFor()
    await page.getByText("written by prepare").waitFor()
    await page.keyboard.press("[")
    await page.keyboard.press("[")
    await page.getByText(`event ${last - 2} of`).waitFor()
    await page.waitForURL((url) => url.searchParams.get("at") === String(last - 2))
    await page.keyboard.press("]")
    await page.getByText(`event ${last - 1} of`).waitFor()
    await page.getByRole("slider", { name: "Event" }).fill("4")
    await page.getByText("context.written").waitFor()
    await page.getByRole("list", { name: "Against the event before" }).getByText("ctx.plan").waitFor()
  })
})

describe("events", () => {
  test("filtered by type, searched in their payload, looked into, and saved as the API gives them", async () => {
    const page = await open(paths.run(broken, { tab: "events" }))
    const table = page.getByRole("grid", { name: "Events" })
    await table.getByRole("row").nth(2).waitFor()
    await page.getByRole("searchbox", { name: "Search in the events" }).fill("507")
    await page
      .getByRole("status")
      .getByText(/ of \d+ events/)
      .waitFor()
    await table.getByText("step.failed").first().click()
    const panel = page.getByRole("complementary", { name: /^Event \d+/ })
    await panel.getByRole("tree", { name: "Payload" }).getByText(/507/).first().waitFor()
    await page.getByRole("searchbox", { name: "Search in the events" }).fill("")
    await page.goto(paths.run(broken, { tab: "events", types: ["step.failed"] }))
    await expect.poll(() => table.getByRole("row").filter({ hasText: "step.failed" }).count()).toBeGreaterThan(2)
    expect(await table.getByRole("row").filter({ hasText: "state.entered" }).count()).toBe(0)

    await page.goto(paths.run(broken, { tab: "events", types: ["step.eaten"] }))
    await page.getByText("does not understand “types=step.eaten”").waitFor()
    await table.getByRole("row", { name: /run\.created/ }).waitFor()
    await page.getByRole("button", { name: "Take it out of the address" }).click()
    await page.waitForURL((url) => url.search === "?tab=events")
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export JSON" }).click(),
    ])
    const saved = JSON.parse(readFileSync(await download.path(), "utf8")) as unknown[]
    const { items } = await server().api.runs.events(broken, { limit: 200 })
    expect(saved.slice(0, items.length)).toEqual(items)
    expect(saved).toHaveLength((await server().api.runs.get(broken)).seq)
  })
})

test("the table of steps is sorted by what was asked for, and the address says so", async () => {
  const page = await open(paths.run(broken, { tab: "steps" }))
  const table = page.getByRole("grid", { name: "Steps" })
  await table.getByRole("button", { name: "Retries" }).click()
  await page.waitForURL((url) => url.searchParams.get("sort") === "-retries")
  const { items } = await server().api.runs.steps(broken, { limit: 200 })
  const most = Math.max(...items.map((step) => step.retries))
  const names = items.filter((step) => step.retries === most).map((step) => step.name)
  expect(names.some((name) => name === "store")).toBe(true)
  expect(await table.getByRole("row").nth(1).textContent()).toContain("store")
  await table.getByRole("row").nth(1).click()
  await page.getByRole("complementary", { name: "Step store" }).waitFor()
})

test("a re-run and what it is of find each other, and so do a run and the one that it started", async () => {
  const parent = await server().run("calls")
  const again = await server().api.runs.rerun(parent.runId, { reason: "again" })
  const page = await open(paths.run(again.runId, { tab: "lineage" }))
  const relatives = page.getByRole("table", { name: "Relatives of this run" })
  await relatives
    .getByRole("row")
    .filter({ hasText: parent.runId.slice(-8) })
    .getByText("is what it is a re-run of")
    .waitFor()
  await relatives
    .getByRole("row")
    .filter({ hasText: "Nightly invoice" })
    .first()
    .getByText("was started by it")
    .waitFor()
})

test("an open run moves on the page as it moves in the engine, and when it has ended nothing is asked any more", async () => {
  const { runId } = await server().start("slow", { ms: 500 }, { startPaused: true })
  const page = await open(paths.run(runId))
  const asked: string[] = []
  page.on("request", (request) => {
    if (request.url().includes(runId)) asked.push(new URL(request.url()).pathname)
  })
  await page.getByRole("heading", { level: 1, name: /Paused/ }).waitFor()
  await server().api.runs.resume(runId)
  await page.getByRole("heading", { level: 1, name: /Running/ }).waitFor()
  await page.getByRole("heading", { level: 1, name: /Completed/ }).waitFor()
  await page.getByRole("row", { name: /^tell/ }).getByText("Succeeded").first().waitFor()
  await settled(page)
  await quiet(asked)
  asked.length = 0
  await server().run("quick")
  await page.waitForTimeout(1_200)
  expect(asked).toEqual([])
})

/** What its last event has set off is asked by then. */
async function quiet(asked: readonly string[]): Promise<void> {
  for (let before = -1; before !== asked.length; ) {
    before = asked.length
    await new Promise((done) => setTimeout(done, 600))
  }
}

test("while the server is away it is said once; what is shown stays, and nothing reads as if there were nothing", async () => {
  const { runId } = await server().run("asks")
  const page = await open(paths.run(runId), { expect: /ERR_FAILED|Failed to load/ })
  await page.getByRole("row", { name: /build/ }).waitFor()
  await page.route("**/api/v1/**", (route) => route.abort())
  await page.getByRole("tab", { name: /^Events/ }).click()
  await page.getByText("The server does not answer.").waitFor()
  await page.getByText("The events could not be loaded yet; the server is asked again by itself.").waitFor()
  expect(await page.getByText("No event of these types.").count()).toBe(0)
  expect(await page.getByRole("alert").count()).toBe(0)
  await page.getByRole("heading", { name: /release 1\.4\.2\?/ }).waitFor()
  await page.unroute("**/api/v1/**")
  await page.getByRole("button", { name: "Try now" }).click()
  await page.getByRole("row", { name: /approval\.requested/ }).waitFor()
  await page.getByText("The server does not answer.").waitFor({ state: "detached" })
})

describe("the log", () => {
  test("has the lines of every agent, added to while the run goes on; searched, by level, and a line looked into", async () => {
    const { runId } = await server().start("slow", { ms: 20_000 })
    const page = await open(paths.run(broken, { tab: "logs" }))
    const table = page.getByRole("grid", { name: "Log" })
    const { items } = await server().api.runs.logs(broken, { limit: 1_000 })
    await page.getByRole("status").getByText(`${items.length} lines`).waitFor()
    await page.getByRole("searchbox", { name: "Search in the log" }).fill("visit attempt 2")
    await table
      .getByRole("row", { name: /attempt 2/ })
      .first()
      .click()
    const line = page.getByRole("complementary", { name: /^Log line \d+/ })
    await line.getByRole("tree", { name: "Fields" }).getByText("30").waitFor()
    await line.getByRole("link", { name: "visit, attempt 2" }).click()
    await page.getByRole("list", { name: "Log of the step" }).getByText("attempt 2").waitFor()
    await page.goto(paths.run(broken, { tab: "logs", level: "error" }))
    await page.getByText("Nothing of this level was logged.").waitFor()
    await page.goto(paths.run(runId, { tab: "logs" }))
    await table
      .getByRole("row", { name: /attempt 1/ })
      .first()
      .waitFor()
    await server().api.runs.cancel(runId, { reason: "seen" })
  })
})

describe("for every eye and every width", () => {
  test("axe finds nothing through any lens and in any tab, in either theme, and at 320 pixels nothing is wider than the window", async () => {
    const waiting = await server().run("asks")
    const step = (await server().api.runs.steps(broken, { limit: 200 })).items.find(({ name }) => name === "store")!
    const faults = await faultsAt(
      await open(paths.run(broken)),
      [
        ...runLenses.map((lens) => paths.run(broken, { lens: lens === "tree" ? undefined : lens })),
        ...runTabs.filter((tab) => tab !== "timeline").map((tab) => paths.run(broken, { tab })),
        paths.run(broken, { step: step.stepId }),
        paths.run(broken, { step: step.stepId, part: "input", lens: "gantt" }),
        paths.run(broken, { tab: "events", event: 27 }),
        paths.run(waiting.runId),
        paths.run(waiting.runId, { tab: "approvals" }),
      ],
      (page) => page.getByRole("tabpanel").first().waitFor(),
    )
    expect(faults).toEqual([])
  }, 180_000)

  test("at 320 pixels a step lies over the page, and the actions are behind a button", async () => {
    const page = await open(paths.run(broken), { width: 320, height: 640 })
    await page.getByRole("row", { name: /^prepare/ }).click()
    const sheet = page.getByRole("dialog", { name: "Step prepare" })
    await sheet.getByText("No agent works on a step of the type").waitFor()
    expect(await axe(page)).toEqual([])
    await sheet.getByRole("button", { name: "Close" }).first().click()
    await sheet.waitFor({ state: "detached" })
    await page.getByRole("button", { name: "Actions" }).click()
    await page.getByRole("menuitem", { name: /Run it again/ }).waitFor()
  })
})
