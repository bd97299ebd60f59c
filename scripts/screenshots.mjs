// @ts-check
/**
 * `npm run screenshots`: every page of the UI in both themes, wide and narrow, into `docs/screenshots/`. The scene is the
 * one of `npm start`: the example's service, its workflows with their runs, and an incident that waits for a decision.
 * Words behind it choose pages by name.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { requireNode } from "./setup/node-version.mjs"
import { ROOT } from "./setup/root.mjs"

const FOLDER = join(ROOT, "docs", "screenshots")
const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } }
const THEMES = /** @type {const} */ (["light", "dark"])

requireNode()
const words = process.argv.slice(2)
const say = (/** @type {string} */ line) => console.log(line)
const { ensureInstalled } = await import("./setup/install.mjs")
await ensureInstalled(say)
const { ensureBuilt } = await import("./build.mjs")
await ensureBuilt(say)
const { provideBrowser } = await import("./setup/browser.mjs")
await provideBrowser(say)

const folder = mkdtempSync(join(tmpdir(), "waybill-screenshots-"))
const { openScene } = await import("./screenshots/scene.mjs")
const scene = await openScene(folder, say)
try {
  await takeAll()
} finally {
  await scene.close()
  rmSync(folder, { recursive: true, force: true })
}

async function takeAll() {
  const { chromium } = await import("playwright-core")
  const { BROWSER } = await import("./setup/browser.mjs")
  const { ensureTool } = await import("./setup/ensure-tool.mjs")
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
  const browser = await chromium.launch({ executablePath: ensureTool(BROWSER.names, BROWSER.aptPackage), args })
  mkdirSync(FOLDER, { recursive: true })
  const wanted = scene.pages.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)))
  try {
    for (const theme of THEMES)
      for (const [size, viewport] of Object.entries(SIZES)) {
        const options = {
          viewport,
          colorScheme: theme,
          reducedMotion: /** @type {const} */ ("reduce"),
          locale: "en-GB",
        }
        const context = await browser.newContext({ baseURL: scene.url, timezoneId: "Europe/Berlin", ...options })
        for (const { name, path } of wanted) await take(context, path, join(FOLDER, `${name}-${size}-${theme}.png`))
        await context.close()
      }
  } finally {
    await browser.close()
  }
  say(`${wanted.length * THEMES.length * Object.keys(SIZES).length} pictures in ${FOLDER.slice(ROOT.length + 1)}`)
}

/** @param {import("playwright-core").BrowserContext} context @param {string} path @param {string} file */
async function take(context, path, file) {
  const page = await context.newPage()
  await page.goto(path)
  // A sheet that fills a narrow screen lies over it.
  await page.locator("h1").first().waitFor({ state: "attached", timeout: 15_000 })
  await page.locator("[aria-busy=true]").first().waitFor({ state: "detached", timeout: 15_000 })
  // The graph lays itself out, and sheets come in.
  await page.waitForTimeout(600)
  await page.screenshot({ path: file })
  await page.close()
}
