/** The page stays true: 200 runs move while its connection is cut at random, and afterwards it says what the API says. */
import type { Run } from "@waybill/contract"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type CuttingProxy, cuttingProxy } from "./cutting-proxy.ts"
import { browserSuite } from "./suite.ts"

const RUNS = 200
const MINUTE_MS = 60_000

describe("a page whose connection is cut again and again", () => {
  const { server, open } = browserSuite()
  let proxy: CuttingProxy

  beforeAll(async () => {
    proxy = await cuttingProxy(server().url)
  })
  afterAll(() => proxy.close())

  test("says of every run in view what the API says of it", { timeout: 2 * MINUTE_MS }, async () => {
    const runs: Run[] = []
    while (runs.length < RUNS)
      runs.push(...(await Promise.all(Array.from({ length: 20 }, () => server().start("hears")))))
    const page = await open("/runs", { origin: proxy.url, expect: /net::ERR|Failed to load|Failed to fetch/ })
    await page.getByRole("row").nth(5).waitFor()
    const isOver = { now: false }
    const cutting = cutAtRandom(proxy, isOver)
    for (const { runId } of runs) {
      await server().api.runs.signal(runId, { name: "payment.received", data: { amount: 1 } })
      await page.waitForTimeout(10)
    }
    isOver.now = true
    await cutting
    expect(proxy.cuts()).toBeGreaterThan(5)
    await expect.poll(() => differences(page, server().api), { timeout: 20_000, interval: 500 }).toEqual([])
    const { byStatus } = await server().api.runs.counts({ workflowId: "hears" })
    expect(byStatus).toEqual({ COMPLETED: RUNS })
    expect((await rowsInView(page)).length).toBeGreaterThan(5)
  })

  test("a page whose code could not be fetched says so, and comes by itself when the server is back", async () => {
    const page = await open("/", { origin: proxy.url, expect: /net::ERR|Failed to load|Failed to fetch/ })
    await page.getByText("Live", { exact: true }).waitFor()
    await page.route("**/*", (route) => route.abort())
    proxy.cut()
    await page.getByRole("link", { name: "Workflows", exact: true }).click()
    await page.getByRole("heading", { level: 1, name: "This page is not loaded yet" }).waitFor()
    await page.getByText(/This page comes by itself/).waitFor()
    await page.unroute("**/*")
    await page.getByRole("heading", { level: 1, name: "Workflows" }).waitFor()
    await page.getByRole("table").waitFor()
  })
})

/** Cut after 50 to 400 ms, again and again; a fixed beat would hide what happens between two of them. */
async function cutAtRandom(proxy: CuttingProxy, isOver: { now: boolean }): Promise<void> {
  let seed = 20_261_121
  while (!isOver.now) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    await new Promise((go) => setTimeout(go, 50 + (seed % 350)))
    proxy.cut()
  }
}

interface RowInView {
  readonly runId: string
  readonly text: string
}

function rowsInView(page: Page): Promise<readonly RowInView[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("tbody tr")].flatMap((row) => {
      const runId = /\/runs\/(run_[0-9A-Z]+)/.exec(row.innerHTML)?.[1]
      return runId === undefined ? [] : [{ runId, text: row.textContent ?? "" }]
    }),
  )
}

const words: { readonly [status: string]: string } = {
  COMPLETED: "Completed",
  WAITING_SIGNAL: "Waiting for signal",
  RUNNING: "Running",
}

async function differences(page: Page, api: ReturnType<ReturnType<typeof browserSuite>["server"]>["api"]) {
  const found: string[] = []
  for (const { runId, text } of await rowsInView(page)) {
    const { status } = await api.runs.get(runId)
    if (!text.includes(words[status] ?? status)) found.push(`${runId} is ${status}, the page says ${text}`)
  }
  return found
}
