/** The first look at a run: where it stands, why, and the one thing to do, before anything is scrolled. */
import type { Locator, Page } from "playwright-core"
import { describe, expect, test } from "vitest"
import { paths } from "../../web/src/paths.ts"
import { browserSuite } from "./suite.ts"

const { server, open } = browserSuite()

const why = (page: Page) => page.getByRole("region", { name: "Why" })

/** Whether all of it is seen without scrolling. */
async function isInFirstViewport(page: Page, what: Locator): Promise<boolean> {
  const box = await what.boundingBox()
  const view = page.viewportSize()!
  return (
    box !== null && box.y >= 0 && box.x >= 0 && box.y + box.height <= view.height && box.x + box.width <= view.width
  )
}

describe("a run that failed", () => {
  test("failing step, class, message and next action stand in the first viewport, and lead on", async () => {
    const { runId } = await server().run("survey", { broken: true })
    const page = await open(paths.run(runId), { width: 1280, height: 720 })
    const card = why(page)
    await card.getByText("store in archive/cold failed after 3 attempts").waitFor()
    const seen = [
      card.getByRole("heading", { name: /no space left/ }),
      card.getByRole("list", { name: "Where it failed" }).getByRole("link", { name: "store" }),
      card.getByText("external_api"),
      card.getByText("3 attempts", { exact: true }),
      card.getByRole("button", { name: "Run it again from archive" }),
      page.getByRole("row", { name: /prepare/ }),
    ]
    for (const one of seen) expect(await isInFirstViewport(page, one), `${one}`).toBe(true)
    await card.getByRole("link", { name: "store" }).click()
    const step = page.getByRole("complementary", { name: "Step store" })
    await step.getByRole("button", { name: /^Attempt 3/ }).waitFor()
    await step.getByText("the archive answered 507 for north: no space left", { exact: true }).waitFor()
    expect(new URL(page.url()).searchParams.get("step")).toMatch(/^step_/)
    await page.goBack()
    await step.waitFor({ state: "detached" })
  })

  test("what differs from the last good run, and the others that failed alike, found in the list", async () => {
    const good = await server().run("breaks", { mended: true })
    await server().run("breaks", { invoice: "INV-8" })
    const { runId } = await server().run("breaks", { invoice: "INV-9" })
    const page = await open(paths.run(runId))
    const card = why(page)
    await card.getByText("input.mended: true → false").waitFor()
    await card.getByText('input.invoice: "INV-1" → "INV-9"').waitFor()
    expect(await card.getByRole("link", { name: /now|ago/ }).getAttribute("href")).toContain(good.runId)
    const { alike } = await server().api.runs.why(runId)
    await card.getByRole("link", { name: `${alike!.total.value} runs` }).click()
    await page.getByRole("heading", { level: 1, name: "Runs" }).waitFor()
    await page.getByText("Nightly invoice").first().waitFor()
  })

  test("a failure in a child run is named, with the way into that run", async () => {
    const { runId } = await server().run("calls")
    const page = await open(paths.run(runId))
    const way = why(page).getByRole("list", { name: "Where it failed" })
    await way.getByRole("link", { name: "nightly" }).waitFor()
    await way.getByRole("link", { name: "book" }).click()
    await page.getByRole("heading", { level: 1, name: /Nightly invoice/ }).waitFor()
    await page.getByRole("complementary", { name: "Step book" }).waitFor()
    await page
      .getByRole("link", { name: runId.slice(-8) })
      .first()
      .waitFor()
  })
})

describe("a run that has not ended", () => {
  test("waiting: who must do what, since when, until when, and what happens if nobody does", async () => {
    const { runId } = await server().run("asks", { team: "mobile" })
    const page = await open(paths.run(runId))
    const card = why(page)
    await card.getByRole("heading", { name: /mobile: release 1\.4\.2\?/ }).waitFor()
    const wait = card.getByRole("list", { name: "What it waits for" })
    await wait.getByText(": the run ends as timed out.").waitFor()
    await wait.getByText(/^in 59 min|^in 1 h/).waitFor()
    await card.getByRole("button", { name: "Decide" }).waitFor()
    await page.getByRole("button", { name: "Re-run" }).hover()
    await page.getByRole("tooltip", { name: "The run has not ended." }).waitFor()
  })

  test("running: which agent works on which step, and for how long", async () => {
    const { runId } = await server().start("slow", { ms: 20_000 })
    const page = await open(paths.run(runId))
    const doing = why(page).getByRole("list", { name: "What it does now" })
    await doing.getByRole("link", { name: "look" }).waitFor()
    await doing
      .getByText(/for \d+ s/)
      .first()
      .waitFor()
    await server().api.runs.cancel(runId, { force: true })
    await page.getByRole("heading", { level: 1, name: /Cancelled/ }).waitFor()
    await why(page).getByRole("heading", { name: "Cancelled by user:local" }).waitFor()
  })

  test("used up its attempts: it says so, and one press lets it try again", async () => {
    const { runId } = await server().start("insists")
    await expect.poll(async () => (await server().api.runs.why(runId)).next?.action).toBe("retry-now")
    const page = await open(paths.run(runId))
    await why(page)
      .getByText(/has used up its attempts/)
      .waitFor()
    await why(page).getByRole("button", { name: "Let it try again" }).click()
    const dialog = page.getByRole("dialog", { name: "Try again now?" })
    await dialog.getByText(/close is tried again at once/).waitFor()
    await dialog.getByRole("button", { name: "Try again now" }).click()
    await page.getByRole("heading", { level: 1, name: /Completed/ }).waitFor()
    expect((await server().api.runs.get(runId)).counts.retries).toBe(2)
  })
})
