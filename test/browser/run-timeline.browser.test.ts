/** A run step by step: tree, Gantt chart, graph and log, the step beside them, and ten thousand steps. */
import type { Page } from "playwright-core"
import { beforeAll, describe, expect, test } from "vitest"
import { paths } from "../../web/src/paths.ts"
import { axe } from "./axe.ts"
import { browserSuite, choose } from "./suite.ts"

const { server, open } = browserSuite()

let broken: string
/** Its ten thousand steps are made while the other tests look at other runs. */
let long: string
beforeAll(async () => {
  long = (await server().start("many", { items: Array.from({ length: 5_000 }, (_, at) => at) })).runId
  broken = (await server().run("survey", { broken: true, ms: 40 })).runId
})

const tree = (page: Page) => page.getByRole("treegrid")
const row = (page: Page, name: RegExp) => tree(page).getByRole("row", { name })
const step = (page: Page, name: string) => page.getByRole("complementary", { name: `Step ${name}` })

describe("the tree", () => {
  test("branches, items and rounds stand under what holds them, and failures alone are one press away", async () => {
    const page = await open(paths.run(broken))
    await row(page, /^each_site/).waitFor()
    const levelOf = (name: RegExp) => row(page, name).first().getAttribute("aria-level")
    expect([await levelOf(/^look_around/), await levelOf(/^each_site/), await levelOf(/^item 0/)]).toEqual([
      "1",
      "2",
      "3",
    ])
    expect(
      await row(page, /^visit/)
        .first()
        .textContent(),
    ).toContain("1 retry")
    await page.getByRole("button", { name: "Fold look_around" }).click()
    await row(page, /^each_site/).waitFor({ state: "detached" })
    await choose(page.getByRole("checkbox", { name: "Failures only" }))
    await row(page, /^prepare/).waitFor({ state: "detached" })
    await row(page, /^store/).waitFor()
    expect(new URL(page.url()).searchParams.get("only")).toBe("failed")
  })

  test("by the keyboard: f finds what failed, j and k go from step to step, Escape closes", async () => {
    const page = await open(paths.run(broken))
    await row(page, /^prepare/).waitFor()
    await page.keyboard.press("f")
    await step(page, "publish").waitFor()
    await page.keyboard.press("f")
    await step(page, "store")
      .getByRole("button", { name: /^Attempt 3/ })
      .waitFor()
    await page.keyboard.press("k")
    await step(page, "pack").waitFor()
    await page.keyboard.press("j")
    await step(page, "store").waitFor()
    await page.keyboard.press("d")
    await step(page, "store").getByText("It changed nothing in the context.").waitFor()
    await page.keyboard.press("Escape")
    await step(page, "store").waitFor({ state: "detached" })
    await tree(page).focus()
    await page.keyboard.press("Home")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowLeft")
    expect(await row(page, /^look_around/).getAttribute("aria-expanded")).toBe("false")
  })

  test("a step tells what went in, what came out, and what it wrote over whose value", async () => {
    const page = await open(paths.run(broken))
    await row(page, /^measure/)
      .nth(1)
      .click()
    const panel = step(page, "measure")
    await panel.getByRole("tab", { name: "Output" }).click()
    await panel.getByRole("tree", { name: "Output" }).getByText("deviation").waitFor()
    await panel.getByRole("tab", { name: "Context Δ" }).click()
    const changes = panel.getByRole("list", { name: "What it did to the context" })
    await changes.getByText("ctx.steps.reading.said.round").waitFor()
    await changes.getByText("was written by").first().waitFor()
    const address = new URL(page.url())
    expect(address.searchParams.get("part")).toBe("context")
    await changes.getByRole("link", { name: "measure" }).first().click()
    await page.waitForURL((url) => url.searchParams.get("step") !== address.searchParams.get("step"))
  })
})

describe("the other lenses", () => {
  test("Gantt: each row says in words what its bars show, dragging looks closer, and the address keeps it", async () => {
    const page = await open(paths.run(broken, { lens: "gantt" }), { height: 1400 })
    const store = row(page, /^store/)
    await store.waitFor()
    expect(await store.textContent()).toMatch(/Failed, worked .* in 3 attempts/)
    const head = page.getByRole("columnheader", { name: "Over time" })
    const box = (await head.boundingBox())!
    await page.mouse.move(box.x + box.width * 0.7, box.y + 12)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.95, box.y + 12, { steps: 4 })
    await page.mouse.up()
    await page.getByRole("button", { name: "All of the time" }).waitFor()
    expect(new URL(page.url()).searchParams.get("zoom")).toMatch(/^\d+-\d+$/)
    await page.goBack()
    await page.getByRole("button", { name: "All of the time" }).waitFor({ state: "detached" })
  })

  test("graph: the definition with how the run stands on each state; a state leads to its step", async () => {
    const page = await open(paths.run(broken, { lens: "graph" }))
    const picture = page.getByRole("region", { name: "The definition with the run on it" })
    await picture.getByRole("button", { name: /^store Failed/ }).waitFor()
    expect(await picture.getByRole("button", { name: /^visit Succeeded/ }).textContent()).toContain("4 ×")
    expect(await picture.getByText("report").isVisible()).toBe(true)
    expect(await picture.getByRole("button", { name: /^report/ }).count()).toBe(0)
    await picture.getByRole("button", { name: /^store Failed/ }).click()
    await step(page, "store").waitFor()
    expect(await axe(page)).toEqual([])
  })

  test("log: what happened, one line each, as the API tells it", async () => {
    const page = await open(paths.run(broken, { lens: "log" }))
    const log = page.getByRole("grid", { name: "Log of events" })
    await log.getByRole("row").nth(3).waitFor()
    const { items } = await server().api.runs.events(broken, { limit: 5 })
    for (const [at, { type }] of items.entries())
      expect(
        await log
          .getByRole("row")
          .nth(at + 1)
          .textContent(),
      ).toContain(type)
  })

  test("v goes from lens to lens", async () => {
    const page = await open(paths.run(broken))
    await row(page, /^prepare/).waitFor()
    for (const lens of ["gantt", "graph", "log"]) {
      await page.keyboard.press("v")
      await page.waitForURL((url) => url.searchParams.get("lens") === lens)
    }
  })
})

test("ten thousand steps open with at most 300 rows in the page, and there are no more while they are scrolled", async () => {
  await expect.poll(async () => (await server().api.runs.get(long)).status, { timeout: 30_000 }).toBe("COMPLETED")
  const page = await open(paths.run(long), { motion: true })
  await page.getByText("10,001 steps").waitFor({ timeout: 20_000 })
  await row(page, /^item 0/)
    .first()
    .waitFor()
  const rows = () => page.getByRole("row").count()
  expect(await rows()).toBeLessThanOrEqual(300)
  expect(Number(await tree(page).getAttribute("aria-rowcount"))).toBe(15_002)
  expect(await page.evaluate(scrollThrough)).toBeLessThanOrEqual(300)
  await row(page, /^item 4999/).waitFor()
  await page.goto(paths.run(long, { lens: "gantt" }))
  await row(page, /^item 0/)
    .first()
    .waitFor()
  expect(await rows()).toBeLessThanOrEqual(300)
  await page.goto(paths.run(long, { tab: "steps" }))
  await page.getByRole("grid", { name: "Steps" }).getByRole("row").nth(5).waitFor()
  expect(await rows()).toBeLessThanOrEqual(300)
}, 120_000)

/** In the page: from the top to the end; the most rows that there were at any moment. */
async function scrollThrough(): Promise<number> {
  const STEPS = 60
  let most = 0
  for (let step = 1; step <= STEPS; step++) {
    scrollTo(0, ((document.documentElement.scrollHeight - innerHeight) * step) / STEPS)
    await new Promise((done) => requestAnimationFrame(done))
    most = Math.max(most, document.querySelectorAll("tr, [role=row]").length)
  }
  return most
}
