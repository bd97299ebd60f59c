// @ts-check
/**
 * `npm test`: installs and builds what is missing, makes every check, runs every test, and ends with the line
 * `N passed, N failed`. With paths or options behind it — `npm test -- engine/src/core` — it runs that part of the tests
 * and leaves the checks out.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { requireNode } from "./setup/node-version.mjs"

/** A slow or busy machine is no failure: stopped is only what would never end. */
const MINUTES_MAX = 60
/** What it should take on two cores; past that it says so. */
const MINUTES_MEANT = 15

const started = Date.now()
const part = process.argv.slice(2)

/** @param {string} topic */
const sayer = (topic) => (/** @type {string} */ line) => console.log(`${topic.padEnd(8)} ${line}`)

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.log("0 passed, 1 failed")
  process.exitCode = 1
}

async function main() {
  requireNode()
  const { ensureInstalled } = await import("./setup/install.mjs")
  await ensureInstalled(sayer("install"))
  const { provideBrowser } = await import("./setup/browser.mjs")
  await provideBrowser(sayer("browser"))
  const build = await buildReport()
  const checks = part.length === 0 ? await checkReport() : { passed: 0, failed: 0, failures: [] }
  const { conclude, runVitest } = await import("./testing/run-vitest.mjs")
  const withinMs = MINUTES_MAX * 60_000 - (Date.now() - started)
  const tests = await runVitest(part, { config: "vitest.config.ts", withinMs })
  const minutes = (Date.now() - started) / 60_000
  if (minutes > MINUTES_MEANT) console.log(`This took ${minutes.toFixed(1)} minutes; it should take ${MINUTES_MEANT}.`)
  return conclude({
    passed: build.passed + checks.passed + tests.passed,
    failed: build.failed + checks.failed + tests.failed,
    failures: [...build.failures, ...checks.failures, ...tests.failures],
    files: tests.files,
  })
}

/** Tests of whole processes run what is in dist/, so a build that fails is a failure of its own. */
async function buildReport() {
  const { ensureBuilt } = await import("./build.mjs")
  try {
    await ensureBuilt(sayer("build"))
    return { passed: 1, failed: 0, failures: [] }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return { passed: 0, failed: 1, failures: ["the build"] }
  }
}

/** @returns {Promise<{ passed: number, failed: number, failures: string[] }>} */
async function checkReport() {
  const { run } = await import("./setup/run.mjs")
  const folder = mkdtempSync(join(tmpdir(), "waybill-checks-"))
  const file = join(folder, "report.json")
  try {
    await run(process.execPath, ["--import", "tsx", "scripts/check.ts", "--report", file], { show: true })
    return JSON.parse(readFileSync(file, "utf8"))
  } catch (error) {
    return { passed: 0, failed: 1, failures: [`the checks ended without a report: ${error}`] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
