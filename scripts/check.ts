/**
 * Everything that must hold of the project and is no test: `npm run check`. With `--report FILE` the counts are written
 * there, for `npm test`, which counts each check as a test. Words behind it choose checks by their titles.
 */
import { writeFileSync } from "node:fs"
import { parseArgs } from "node:util"
import type { Check } from "./checks/check.ts"
import { checks } from "./checks/index.ts"

const AT_ONCE = 2
const FINDINGS_SHOWN = 60

interface Outcome {
  readonly title: string
  readonly findings: readonly string[]
  readonly tookMs: number
}

async function outcomeOf(check: Check): Promise<Outcome> {
  const started = performance.now()
  const findings = await check.run().catch((error: unknown) => [`the check itself failed: ${String(error)}`])
  return { title: check.title, findings, tookMs: performance.now() - started }
}

function show({ title, findings, tookMs }: Outcome): void {
  console.log(`${findings.length === 0 ? "✓" : "✗"} ${title} (${(tookMs / 1000).toFixed(1)} s)`)
  for (const finding of findings.slice(0, FINDINGS_SHOWN)) console.log(finding.replace(/^/gm, "    "))
  if (findings.length > FINDINGS_SHOWN) console.log(`    … and ${findings.length - FINDINGS_SHOWN} more`)
}

async function runAll(wanted: readonly Check[]): Promise<readonly Outcome[]> {
  const waiting = [...wanted]
  const outcomes: Outcome[] = []
  const lane = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const outcome = await outcomeOf(check)
      show(outcome)
      outcomes.push(outcome)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return outcomes
}

const { values, positionals } = parseArgs({ options: { report: { type: "string" } }, allowPositionals: true })
const wanted = checks.filter(({ title }) => positionals.every((word) => title.includes(word)))
if (wanted.length === 0) {
  console.error(`no check has "${positionals.join(" ")}" in its title; there are:`)
  for (const { title } of checks) console.error(`  ${title}`)
  process.exit(2)
}
const outcomes = await runAll(wanted)
const failures = outcomes.filter(({ findings }) => findings.length > 0).map(({ title }) => title)
const report = { passed: outcomes.length - failures.length, failed: failures.length, failures }
if (values.report !== undefined) writeFileSync(values.report, JSON.stringify(report))
process.exitCode = failures.length === 0 ? 0 : 1
