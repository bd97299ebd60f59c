/**
 * What somebody at the browser waits for (`npm run bench:web`): the failed run's card, the first list, a run of 10,000
 * steps, and an event on its way to the eye while 200 runs move. Chromium of the system, a fresh profile each time.
 */
import { existsSync } from "node:fs"
import { join, resolve } from "node:path"
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core"
import { BROWSER } from "../scripts/setup/browser.mjs"
import { ensureTool } from "../scripts/setup/ensure-tool.mjs"
import { createClient } from "../sdk/src/index.ts"
import { machineLine } from "./lib/machine.ts"
import { inFlight, percentile, repeat } from "./lib/numbers.ts"
import { benchOptions } from "./lib/options.ts"
import { scrollFrames, watchCompletions, watchFor, watchLargestPaint } from "./lib/page-probes.mjs"
import { type Row, report } from "./lib/report.ts"
import { freePort, startProcess } from "./lib/server.ts"
import { freshFolder, removeFolder, waybillLabel } from "./lib/waybill.ts"

const options = benchOptions()
const history = options.scaled(20_000)
const moving = 200
/** A quick hand on a wheel: some six screens a second. */
const WHEEL_PX_PER_SECOND = 5_000
const why = 'section[aria-label="Why"]'

const program = resolve("dist", "waybill.js")
if (!existsSync(join("dist", "web", "index.html"))) throw new Error("the pages are not built: npm run build")
console.log(machineLine())
const folder = freshFolder()
const server = await startProcess(folder, await freePort(), {}, program)
const api = createClient({ url: server.url })
const browser = await chromium.launch({
  executablePath: ensureTool(BROWSER.names, BROWSER.aptPackage),
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
})
try {
  await bench(browser)
} finally {
  await browser.close()
  await server.stop()
  removeFolder(folder)
}

async function bench(chrome: Browser): Promise<void> {
  await inFlight(history, 100, async (n) => {
    await api.runs.start({ workflowId: "one-step", input: { n } }, { wait: 30 })
  })
  const failed = (await api.runs.start({ workflowId: "breaks", input: {} }, { wait: 30 })).runId
  const long = (await api.runs.start({ workflowId: "ten-thousand-rounds", input: { n: 0 } })).runId
  const rows: Row[] = []
  // Nothing else moves while pages are timed.
  await ended(long)
  rows.push(...(await failedRun(chrome, failed)))
  rows.push(await list(chrome))
  rows.push(...(await longRun(chrome, long)))
  rows.push(...(await eventToPixel(chrome)))
  report(`In Chromium, ${history.toLocaleString("en")} finished runs behind it`, rows)
}

async function failedRun(chrome: Browser, runId: string): Promise<Row[]> {
  const values = await repeat(options.rounds, () =>
    inPage(chrome, `/runs/${runId}`, watchFor, why, async (page) => {
      await page.locator(why).waitFor()
      return page.evaluate(() => (globalThis as unknown as { __seenMs: number }).__seenMs)
    }),
  )
  return [
    { what: "a failed run: header and Why card", system: waybillLabel, unit: "ms", values, goal: { atMost: 800 } },
  ]
}

async function list(chrome: Browser): Promise<Row> {
  const values = await repeat(options.rounds, () =>
    inPage(chrome, "/runs", watchLargestPaint, undefined, async (page) => {
      await page.locator("tbody tr").first().waitFor()
      await page.waitForTimeout(500)
      return page.evaluate(() => (globalThis as unknown as { __largestMs: number }).__largestMs)
    }),
  )
  return { what: "the list: largest paint", system: waybillLabel, unit: "ms", values, goal: { atMost: 1_500 } }
}

async function longRun(chrome: Browser, runId: string): Promise<Row[]> {
  const tree = '[role="treegrid"], [role="tree"], table'
  const rounds = await repeat(Math.min(options.rounds, 3), () =>
    inPage(
      chrome,
      `/runs/${runId}`,
      watchFor,
      `:is(${tree}) :is([role="row"], [role="treeitem"], tr):nth-child(5)`,
      async (page) => {
        const firstRow = page.locator(tree).first()
        await firstRow.waitFor({ timeout: 30_000 })
        await page.waitForFunction(() => (globalThis as unknown as { __seenMs?: number }).__seenMs !== undefined)
        const openMs = await page.evaluate(() => (globalThis as unknown as { __seenMs: number }).__seenMs)
        await page.waitForTimeout(1_000)
        const inPageRows = await page.locator(`:is(${tree}) :is([role="row"], [role="treeitem"], tr)`).count()
        const wheel = await page.evaluate(scrollFrames, { selector: tree, ms: 4_000, pxPerSecond: WHEEL_PX_PER_SECOND })
        const drag = await page.evaluate(scrollFrames, { selector: tree, ms: 4_000 })
        return { openMs, inPageRows, wheel: Math.max(...wheel), drag: Math.max(...drag), p50: percentile(drag, 50) }
      },
    ),
  )
  const of = (pick: (round: (typeof rounds)[number]) => number) => rounds.map(pick)
  const system = waybillLabel
  return [
    { what: "a run of 10,000 steps: first rows", system, unit: "ms", values: of(({ openMs }) => openMs) },
    {
      what: "… rows in the page",
      system,
      unit: "rows",
      values: of(({ inPageRows }) => inPageRows),
      goal: { atMost: 300 },
    },
    {
      what: "… scrolled by the wheel: longest frame",
      system,
      unit: "ms",
      values: of(({ wheel }) => wheel),
      goal: { atMost: 50 },
      note: `${WHEEL_PX_PER_SECOND} px a second`,
    },
    {
      what: "… dragged to its end in 4 s: longest frame",
      system,
      unit: "ms",
      values: of(({ drag }) => drag),
      note: "each frame is a screen of other rows",
    },
    { what: "… the middle one", system, unit: "ms", values: of(({ p50 }) => p50) },
  ]
}

/** All wait for a signal and get it one after the other; what is in view is compared with the time of the last event. */
async function eventToPixel(chrome: Browser): Promise<Row[]> {
  const values = await repeat(Math.min(options.rounds, 3), async () => {
    const runs: string[] = []
    await inFlight(moving, 50, async (n) => {
      runs.push((await api.runs.start({ workflowId: "gate", input: { n } })).runId)
    })
    return inPage(chrome, "/runs", watchCompletions, undefined, async (page) => {
      await page.locator("tbody tr").first().waitFor()
      await page.waitForTimeout(1_000)
      const order = [...runs].reverse()
      for (const runId of order) {
        await api.runs.signal(runId, { name: "go", data: { n: 1 } })
        await page.waitForTimeout(10)
      }
      await page.waitForTimeout(3_000)
      const seen = await page.evaluate(
        () => (globalThis as unknown as { __completed: Record<string, number> }).__completed,
      )
      const ages: number[] = []
      for (const [runId, at] of Object.entries(seen)) {
        if (!runs.includes(runId)) continue
        const { completedAt } = await api.runs.get(runId)
        ages.push(at - Date.parse(completedAt!))
      }
      return ages
    })
  })
  const note = `${values.map(({ length }) => length).join(", ")} rows in view`
  return [
    {
      what: `event → pixel with ${moving} runs moving, p95`,
      system: waybillLabel,
      unit: "ms",
      values: values.map((ages) => percentile(ages, 95)),
      goal: { atMost: 1_000 },
      note,
    },
  ]
}

async function inPage<A, T>(
  chrome: Browser,
  path: string,
  probe: (arg: A) => void,
  arg: A,
  look: (page: Page) => Promise<T>,
): Promise<T> {
  const context: BrowserContext = await chrome.newContext({
    baseURL: server.url,
    viewport: { width: 1440, height: 900 },
  })
  try {
    await context.addInitScript(probe as (arg: unknown) => void, arg)
    const page = await context.newPage()
    await page.goto(path)
    return await look(page)
  } finally {
    await context.close()
  }
}

async function ended(runId: string): Promise<void> {
  for (const end = Date.now() + 300_000; Date.now() < end; ) {
    const { status } = await api.runs.get(runId)
    if (status === "COMPLETED") return
    await new Promise((go) => setTimeout(go, 200))
  }
  throw new Error(`${runId} has not ended after five minutes`)
}
