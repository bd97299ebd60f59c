// @ts-check
/**
 * `npm run proof`: the full numbers behind what `npm test` samples — every seed, every planted bug, every commit point, a
 * thousand kills. Hours in all, so words choose proofs (`npm run proof -- kills points`), and of one that counts its
 * cases a piece can be asked for: `npm run proof -- kills --from 101 --count 100`.
 */
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { ensureBuilt } from "./build.mjs"
import { ensureInstalled } from "./setup/install.mjs"
import { requireNode } from "./setup/node-version.mjs"
import { ROOT } from "./setup/root.mjs"
import { conclude, runVitest } from "./testing/run-vitest.mjs"

const HOURS_MAX = 12
const FOLDER = join("test", "proof")

const { values, positionals } = parseArgs({
  options: { from: { type: "string" }, count: { type: "string" } },
  allowPositionals: true,
})
const known = readdirSync(join(ROOT, FOLDER)).flatMap((file) => /^(.+)\.proof\.ts$/.exec(file)?.[1] ?? [])
const unknown = positionals.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  console.error(`no proof is called ${unknown.join(" or ")}; there are ${known.join(", ")}`)
  process.exit(1)
}

requireNode()
await ensureInstalled((line) => console.log(`install  ${line}`))
await ensureBuilt((line) => console.log(`build    ${line}`))
// Read by `test/proof/piece.ts`.
Object.assign(process.env, { PROOF_FROM: values.from ?? "", PROOF_COUNT: values.count ?? "" })
const report = await runVitest(
  positionals.map((name) => join(FOLDER, `${name}.proof.ts`)),
  { config: "vitest.proof.config.ts", withinMs: HOURS_MAX * 3_600_000 },
)
process.exitCode = conclude(report)
