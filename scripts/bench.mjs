// @ts-check
/**
 * `npm run bench`: every file `bench/*.mts`, one after the other so that none disturbs another's times. Words behind it
 * choose files by name; what follows `--` goes to each of them. A time is never a test: a bench fails only when it breaks.
 */
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { ensureBuilt } from "./build.mjs"
import { ensureInstalled } from "./setup/install.mjs"
import { requireNode } from "./setup/node-version.mjs"
import { ROOT } from "./setup/root.mjs"
import { run } from "./setup/run.mjs"

const { words, rest } = split(process.argv.slice(2))
requireNode()
await ensureInstalled((line) => console.log(`install  ${line}`))
await ensureBuilt((line) => console.log(`build    ${line}`))

const files = readdirSync(join(ROOT, "bench"))
  .filter((file) => file.endsWith(".mts"))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort()
if (files.length === 0) throw new Error(`no bench is called ${words.join(" or ")}`)

const failed = []
for (const file of files) {
  console.log(`\n— ${file}`)
  const { code } = await run(process.execPath, ["--import", "tsx", join("bench", file), ...rest], { show: true })
  if (code !== 0) failed.push(file)
}
if (failed.length > 0) console.error(`broken: ${failed.join(", ")}`)
process.exitCode = failed.length === 0 ? 0 : 1

/** @param {readonly string[]} args */
function split(args) {
  const at = args.indexOf("--")
  return at === -1 ? { words: args, rest: [] } : { words: args.slice(0, at), rest: args.slice(at + 1) }
}
