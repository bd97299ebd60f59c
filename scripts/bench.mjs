// @ts-check
/**
 * `npm run bench`: every file `bench/*.mts`, one after the other so that none disturbs another's times, each bundled as
 * the server is. Words behind it choose files by name; what follows `--` goes to each of them. `--peers`, on either side,
 * installs what Waybill is measured beside and asks it the same. A time is never a test: a bench fails only when it breaks.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { buildBeside, ensureBuilt } from "./build.mjs"
import { differences, ensureInstalled } from "./setup/install.mjs"
import { requireNode } from "./setup/node-version.mjs"
import { ROOT } from "./setup/root.mjs"
import { run } from "./setup/run.mjs"
import { SERVER_FLAGS } from "./setup/server-flags.mjs"

const PEERS = "--peers"
const PEERS_FOLDER = join(ROOT, "bench")
const BUILT = join(ROOT, "dist", "bench")

const { words, rest } = split(process.argv.slice(2))
const names = words.filter((word) => word !== PEERS)
const peers = words.includes(PEERS) || rest.includes(PEERS)
const given = peers ? [...rest.filter((word) => word !== PEERS), PEERS] : rest
requireNode()
await ensureInstalled((line) => console.log(`install  ${line}`))
if (peers) await installPeers()

const files = readdirSync(join(ROOT, "bench"))
  .filter((file) => file.endsWith(".mts"))
  .map((file) => file.slice(0, -".mts".length))
const wanted = files.filter((file) => names.length === 0 || names.some((word) => isMeant(word, file))).sort()
if (wanted.length === 0) throw new Error(`no bench is called ${names.join(" or ")}`)
await buildBeside(
  BUILT,
  files.map((name) => ({ name: `bench-${name}`, file: `bench/${name}.mts` })),
)

// Of pages that are those of these sources.
if (wanted.includes("web")) await ensureBuilt((line) => console.log(`build    ${line}`))

const failed = []
for (const name of wanted) {
  console.log(`\n— ${name}`)
  // Memory is weighed behind a collection.
  const { code } = await run(
    process.execPath,
    [...SERVER_FLAGS, "--expose-gc", join(BUILT, `bench-${name}.js`), ...given],
    {
      show: true,
    },
  )
  if (code !== 0) failed.push(name)
}
if (failed.length > 0) console.error(`broken: ${failed.join(", ")}`)
process.exitCode = failed.length === 0 ? 0 : 1

/** No workspace, so that `npm ci` of the project stays lean; without their scripts, which only report an installation. */
async function installPeers() {
  const lock = readJson("package-lock.json")
  const record = readJson("node_modules/.package-lock.json")
  if (record !== undefined && differences(lock, record).length === 0) return console.log("peers    up to date")
  console.log("peers    npm ci in bench/: DBOS, OpenWorkflow and Restate, some 250 MB, there and nowhere else")
  const { code } = await run("npm", ["ci", "--no-progress", "--ignore-scripts"], { cwd: PEERS_FOLDER, show: true })
  if (code !== 0) throw new Error("the peers could not be installed")
}

/** @param {string} name */
function readJson(name) {
  const file = join(PEERS_FOLDER, name)
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined
}

/** A bench's whole name means that one alone: `web` is not `webhooks`. @param {string} word @param {string} file */
function isMeant(word, file) {
  return files.includes(word) ? file === word : file.includes(word)
}

/** @param {readonly string[]} args @returns {{ words: readonly string[], rest: readonly string[] }} */
function split(args) {
  const at = args.indexOf("--")
  return at === -1 ? { words: args, rest: [] } : { words: args.slice(0, at), rest: args.slice(at + 1) }
}
