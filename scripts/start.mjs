// @ts-check
/**
 * `npm start`: sets up what is missing, starts Waybill with the example, runs the main job and says where to look.
 * Begins with nothing but Node, so nothing here is imported before it is known to be there.
 */
import { readFlags, USAGE } from "./demo/flags.mjs"
import { requireNode } from "./setup/node-version.mjs"

/** @param {string} name @param {string} line */
const topic = (name, line) => console.log(`${name.padEnd(10)} ${line}`)

const stopping = new AbortController()
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, () => stopping.abort())

try {
  process.exitCode = await main()
} catch (error) {
  // The cause in its own words; a stack would be ours and of no use to whoever reads it here.
  console.error(`\n${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}

async function main() {
  requireNode()
  const flags = readFlags(process.argv.slice(2), process.env)
  if (flags.help) {
    console.log(USAGE)
    return 0
  }
  const { ensureInstalled } = await import("./setup/install.mjs")
  await ensureInstalled((line) => topic("install", line))
  const { ensureBuilt } = await import("./build.mjs")
  await ensureBuilt((line) => topic("build", line))
  const { demo } = await import("./demo.mjs")
  return demo(flags, { topic, plain: (line) => console.log(line) }, stopping.signal)
}
