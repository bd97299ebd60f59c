// @ts-check
/**
 * `npm run bench`: every file `bench/*.mts`, one after the other so that none disturbs another's times, each bundled as
 * the server is. Words behind it choose files by name; `--peers` installs what Waybill is measured beside; what follows
 * `--` goes to each of them. A time is never a test: a bench fails only when it breaks.
 */
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { buildBeside } from "./build.mjs"
import { ensureInstalled } from "./setup/install.mjs"
import { requireNode } from "./setup/node-version.mjs"
import { ROOT } from "./setup/root.mjs"
import { run } from "./setup/run.mjs"
import { SERVER_FLAGS } from "./setup/server-flags.mjs"

const PEERS = "--peers"
const BUILT = join(ROOT, "dist", "bench")

const { words, rest } = split(process.argv.slice(2))
const names = words.filter((word) => word !== PEERS)
requireNode()
await ensureInstalled((line) => console.log(`install  ${line}`))
if (words.includes(PEERS)) await installPeers()

const files = readdirSync(join(ROOT, "bench"))
  .filter((file) => file.endsWith(".mts"))
  .map((file) => file.slice(0, -".mts".length))
const wanted = files.filter((file) => names.length === 0 || names.some((word) => file.includes(word))).sort()
if (wanted.length === 0) throw new Error(`no bench is called ${names.join(" or ")}`)
await buildBeside(
  BUILT,
  files.map((name) => ({ name: `bench-${name}`, file: `bench/${name}.mts` })),
)

const failed = []
for (const name of wanted) {
  console.log(`\n— ${name}`)
  // Memory is weighed behind a collection.
  const { code } = await run(
    process.execPath,
    [...SERVER_FLAGS, "--expose-gc", join(BUILT, `bench-${name}.js`), ...rest],
    {
      show: true,
    },
  )
  if (code !== 0) failed.push(name)
}
if (failed.length > 0) console.error(`broken: ${failed.join(", ")}`)
process.exitCode = failed.length === 0 ? 0 : 1

/** No workspace, so that `npm ci` of the project stays lean. */
async function installPeers() {
  console.log("peers    npm ci in bench/")
  const { code } = await run("npm", ["ci", "--no-progress", "--ignore-scripts"], {
    cwd: join(ROOT, "bench"),
    show: true,
  })
  if (code !== 0) throw new Error("the peers could not be installed")
}

/** @param {readonly string[]} args */
function split(args) {
  const at = args.indexOf("--")
  return at === -1 ? { words: args, rest: [] } : { words: args.slice(0, at), rest: args.slice(at + 1) }
}
