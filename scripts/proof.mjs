// @ts-check
/**
 * `npm run proof`: the full numbers behind what `npm test` samples — every seed, every commit point, every planted bug.
 * Takes hours, not minutes; a path behind it runs one of the proofs.
 */
import { ensureBuilt } from "./build.mjs"
import { ensureInstalled } from "./setup/install.mjs"
import { requireNode } from "./setup/node-version.mjs"
import { conclude, runVitest } from "./testing/run-vitest.mjs"

const HOURS_MAX = 12

requireNode()
await ensureInstalled((line) => console.log(`install  ${line}`))
await ensureBuilt((line) => console.log(`build    ${line}`))
const report = await runVitest(process.argv.slice(2), {
  config: "vitest.proof.config.ts",
  withinMs: HOURS_MAX * 3_600_000,
})
process.exitCode = conclude(report)
