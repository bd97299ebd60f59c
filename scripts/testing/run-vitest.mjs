// @ts-check
/** Runs vitest in a process group of its own, within a time, and says how many tests passed and failed. */
import { spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ROOT } from "../setup/root.mjs"

const REPORTER = join(ROOT, "scripts", "testing", "reporter.mjs")
const VITEST = join(ROOT, "node_modules", "vitest", "vitest.mjs")
const GRACE_MS = 5_000

/**
 * @param {readonly string[]} args paths and options for vitest
 * @param {{ config: string, withinMs: number }} options
 * @returns {Promise<import("./reporter.mjs").Report>}
 */
export async function runVitest(args, { config, withinMs }) {
  const folder = mkdtempSync(join(tmpdir(), "waybill-report-"))
  const report = join(folder, "report.json")
  const child = spawn(
    process.execPath,
    [VITEST, "run", "--config", config, "--allowOnly=false", "--reporter=default", `--reporter=${REPORTER}`, ...args],
    {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit"],
      detached: true,
      env: { ...process.env, COUNTS_REPORT_FILE: report },
    },
  )
  const ending = endGroupOnSignals(child)
  const isLate = await endedLate(child, withinMs)
  ending.forget()
  const counts = readReport(report)
  rmSync(folder, { recursive: true, force: true })
  if (isLate) return withFailure(counts, `the tests were stopped after ${Math.round(withinMs / 60_000)} minutes`)
  if (counts.files.length === 0)
    return withFailure(counts, "vitest ended without a report: no test file was found, or it failed at the start")
  return child.exitCode !== 0 && counts.failed === 0
    ? withFailure(counts, `vitest ended with ${child.exitCode}`)
    : counts
}

/** @param {import("node:child_process").ChildProcess} child @param {number} withinMs @returns {Promise<boolean>} */
function endedLate(child, withinMs) {
  return new Promise((resolve) => {
    let isLate = false
    const deadline = setTimeout(() => {
      isLate = true
      signalGroup(child, "SIGTERM")
      setTimeout(() => signalGroup(child, "SIGKILL"), GRACE_MS).unref()
    }, withinMs)
    child.on("close", () => {
      clearTimeout(deadline)
      resolve(isLate)
    })
  })
}

/** Ctrl-C here reaches the tests' processes, which are a group of their own. @param {import("node:child_process").ChildProcess} child */
function endGroupOnSignals(child) {
  const end = () => {
    signalGroup(child, "SIGTERM")
    process.exit(130)
  }
  process.on("SIGINT", end).on("SIGTERM", end)
  return { forget: () => process.off("SIGINT", end).off("SIGTERM", end) }
}

/** @param {import("node:child_process").ChildProcess} child @param {NodeJS.Signals} signal */
function signalGroup(child, signal) {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal)
  } catch {
    // The group has ended by itself.
  }
}

/** @param {string} file @returns {import("./reporter.mjs").Report} */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"))
  } catch {
    return { passed: 0, failed: 0, failures: [], files: [] }
  }
}

/** @param {import("./reporter.mjs").Report} report @param {string} failure @returns {import("./reporter.mjs").Report} */
function withFailure(report, failure) {
  return { ...report, failed: report.failed + 1, failures: [...report.failures, failure] }
}

/**
 * Prints what failed, the slowest files, and as the very last line the counts.
 * @param {{ passed: number, failed: number, failures: readonly string[], files?: readonly { file: string, tookMs: number }[] }} report
 * @returns {number} the exit code
 */
export function conclude({ passed, failed, failures, files = [] }) {
  const slowest = [...files].sort((a, b) => b.tookMs - a.tookMs).slice(0, 5)
  if (slowest.length > 0) console.log("slowest files")
  for (const { file, tookMs } of slowest) console.log(`  ${(tookMs / 1000).toFixed(1).padStart(6)} s  ${file}`)
  if (failures.length > 0) console.log("failed")
  for (const failure of failures) console.log(`  ${failure}`)
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 && passed > 0 ? 0 : 1
}
