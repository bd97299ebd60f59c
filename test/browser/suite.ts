/**
 * One server and one browser for the tests of a file, a fresh profile for each test. Found by role and label, on real
 * runs; nothing of the API is made up.
 *
 *     const { server, open } = browserSuite()
 *     test("…", async () => {
 *       const { runId } = await server().run("breaks")
 *       const page = await open(paths.run(runId))
 *       await page.getByRole("heading", { level: 1 }).waitFor()
 *     })
 */
import type { Browser, BrowserContext, Locator, Page } from "playwright-core"
import { afterAll, afterEach, beforeAll, expect } from "vitest"
import { startBrowser } from "./browser.ts"
import { type ServerSetup, startServer, type TestServer } from "./server.ts"
import { type Watch, watchContext } from "./watch.ts"

export interface OpenOptions {
  readonly theme?: "light" | "dark"
  readonly width?: number
  readonly height?: number
  /** Calm unless the test is about motion. */
  readonly motion?: boolean
  /** Another way to the server, as through something that breaks. */
  readonly origin?: string
  /** Problems that the test is about. */
  readonly expect?: RegExp
}

export interface BrowserSuite {
  server(): TestServer
  /** A page of a fresh profile, when its heading is there. */
  open(path: string, options?: OpenOptions): Promise<Page>
  /** What the watch has found so far in this test; what is left at its end fails it. */
  problems(): readonly string[]
}

const START_MS = 90_000
/** Whatever is looked for is there by then, or it is not coming. */
const PATIENCE_MS = 10_000

export function browserSuite(setup: ServerSetup = {}): BrowserSuite {
  let server: TestServer
  let browser: Browser
  const contexts: { readonly context: BrowserContext; readonly watch: Watch }[] = []
  const problems = () => contexts.flatMap(({ watch }) => watch.problems)

  beforeAll(async () => {
    ;[server, browser] = await Promise.all([startServer(setup), startBrowser()])
  }, START_MS)
  afterEach(async () => {
    const found = problems()
    await Promise.all(contexts.splice(0).map(({ context }) => context.close()))
    expect(found).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  }, START_MS)

  async function open(path: string, options: OpenOptions = {}): Promise<Page> {
    const { theme = "light", width = 1280, height = 800, motion = false, origin = server.url } = options
    const context = await browser.newContext({
      baseURL: origin,
      viewport: { width, height },
      colorScheme: theme,
      reducedMotion: motion ? "no-preference" : "reduce",
      locale: "en-GB",
      timezoneId: "Europe/Berlin",
    })
    context.setDefaultTimeout(PATIENCE_MS)
    const watch = await watchContext(context, origin)
    if (options.expect !== undefined) watch.expect(options.expect)
    contexts.push({ context, watch })
    const page = await context.newPage()
    await page.goto(path)
    await headed(page)
    return page
  }
  return { server: () => server, open, problems }
}

/** The page has its heading; a dialog that the address opens may already hide it from those who listen. */
export const headed = (page: Page): Promise<void> => page.locator("main h1").first().waitFor()

/** A choice that stands in the address: it is shown as chosen when the address says so, and that is a moment later. */
export async function choose(box: Locator, isChosen = true): Promise<void> {
  await box.click()
  await expect.poll(() => box.isChecked()).toBe(isChosen)
}

/** Nothing is asked of the server any more: what a page shows at first is there. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState("load")
  await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" })
}
