/**
 * `npm run conformance -- --from DIR [--only NAME] [--write]`: runs tests that others wrote, from where the caller put
 * them. A suite that is not there fails the run with how to get it; nothing is skipped and nothing is fetched (settled 33).
 * `--write` puts the results into docs/conformance.md.
 */
import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { parseArgs } from "node:util"
import { jsonSchemaSuite } from "./json-schema.mts"
import { starlarkSuite } from "./starlark.mts"
import type { Suite, SuiteReport } from "./suite.mts"

const SUITES: readonly Suite[] = [starlarkSuite, jsonSchemaSuite]
const RESULTS = new URL("../../docs/conformance.md", import.meta.url)

const { values: options } = parseArgs({
  options: { from: { type: "string" }, only: { type: "string" }, write: { type: "boolean", default: false } },
})
process.exitCode = await main(options.from, options.only, options.write)

async function main(from: string | undefined, only: string | undefined, write: boolean): Promise<number> {
  const suites = SUITES.filter((suite) => only === undefined || suite.name === only)
  if (from === undefined || suites.length === 0) {
    console.error("usage: npm run conformance -- --from DIR [--only NAME] [--write]")
    console.error(`suites, and how to get each into DIR:\n${SUITES.map(howToGet).join("\n")}`)
    return 2
  }
  let failed = false
  for (const suite of suites) if (!(await runSuite(suite, from, write))) failed = true
  return failed ? 1 : 0
}

function howToGet({ name, howToGet }: Suite): string {
  return `  ${name}: ${howToGet}`
}

async function runSuite(suite: Suite, from: string, write: boolean): Promise<boolean> {
  const folder = suite.find(from)
  if (folder === undefined) {
    console.error(`${suite.name} is not under ${from}. Get it with:\n${howToGet(suite)}`)
    return false
  }
  const report = await suite.run(folder)
  const section = describe(suite, report, commitOf(folder))
  console.log(section)
  for (const failure of report.failures) console.error(`FAILED ${failure}`)
  if (write && report.failures.length === 0) writeSection(suite, section)
  return report.failures.length === 0
}

function commitOf(folder: string): string {
  try {
    return execFileSync("git", ["-C", folder, "rev-parse", "HEAD"], { encoding: "utf8", stdio: "pipe" }).trim()
  } catch {
    return "unknown (not a git clone)"
  }
}

function describe(suite: Suite, { rows, exclusions, notes }: SuiteReport, commit: string): string {
  const sum = (key: "passed" | "total" | "excluded") => rows.reduce((total, row) => total + row[key], 0)
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`
  return [
    `## ${suite.title}`,
    "",
    `Commit \`${commit}\`. Passed ${sum("passed")} of ${sum("total")} cases, ${sum("excluded")} excluded.`,
    "",
    line(["file", "passed", "total", "excluded"]),
    line(["---", "---:", "---:", "---:"]),
    ...rows.map((row) => line([row.file, row.passed, row.total, row.excluded])),
    "",
    exclusions.length === 0 ? "Excluded: none." : `Excluded:\n${exclusions.map((entry) => `- ${entry}`).join("\n")}`,
    "",
    ...notes.map((note) => `- ${note}`),
    "",
  ].join("\n")
}

/** Replaces the suite's section, from its heading to the next one. */
function writeSection({ title }: Suite, section: string): void {
  const text = readFileSync(RESULTS, "utf8")
  const start = text.indexOf(`## ${title}`)
  const next = start < 0 ? -1 : text.indexOf("\n## ", start + 1)
  const before = start < 0 ? `${text.trimEnd()}\n\n` : text.slice(0, start)
  writeFileSync(RESULTS, `${before}${section}${next < 0 ? "" : text.slice(next)}`)
}
