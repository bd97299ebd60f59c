// @ts-check
/**
 * Installs the dependencies when what is in node_modules is not what package-lock.json names, and only then.
 * The answer is remembered in a stamp that holds the lock file's hash and Node's binary interface.
 */
import { createHash } from "node:crypto"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { ROOT } from "./root.mjs"
import { run } from "./run.mjs"
import { headersBesideNode, requireToolchain } from "./toolchain.mjs"

const MODULES = join(ROOT, "node_modules")
const STAMP = join(MODULES, ".waybill-install")
const SIGN_OF_LIFE_MS = 30_000
const COMMAND = join(MODULES, ".bin", "waybill")

/** @param {(line: string) => void} say */
export async function ensureInstalled(say) {
  const wanted = fingerprint()
  if (existsSync(COMMAND) && readText(STAMP) === wanted) return say("up to date")
  if (await isComplete()) say("up to date")
  else await install(say)
  // npm does not look at a package's commands again when the package itself was there before.
  if (!existsSync(COMMAND)) await npm(["rebuild", "@waybill/cli"], process.env)
  writeFileSync(STAMP, wanted)
}

/** @param {(line: string) => void} say */
async function install(say) {
  await requireToolchain()
  const nodedir = headersBesideNode()
  const env = nodedir === undefined ? process.env : { npm_config_nodedir: nodedir, ...process.env }
  const command = existsSync(MODULES) ? "install" : "ci"
  say(`npm ${command}: some 200 packages; where SQLite has to be compiled this takes one to three minutes`)
  const started = Date.now()
  const seconds = () => Math.round((Date.now() - started) / 1000)
  const sign = setInterval(() => say(`still at it, ${seconds()} s`), SIGN_OF_LIFE_MS)
  const { code, output } = await npm([command, "--no-progress"], env).finally(() => clearInterval(sign))
  if (code !== 0) throw new Error(`npm ${command} failed:\n${ends(output)}`)
  if (!(await nativeCodeLoads())) {
    say("compiling SQLite for this Node")
    const rebuilt = await npm(["rebuild", "better-sqlite3"], env)
    if (!(await nativeCodeLoads())) throw new Error(`SQLite does not load after npm rebuild:\n${ends(rebuilt.output)}`)
  }
  say(`done in ${seconds()} s`)
}

/** npm itself says where it is when it has started us. @param {string[]} args @param {NodeJS.ProcessEnv} env */
function npm(args, env) {
  const script = process.env.npm_execpath
  return script?.endsWith(".js") ? run(process.execPath, [script, ...args], { env }) : run("npm", args, { env })
}

/** Somebody ran `npm ci` himself: npm's own record of the tree equals the lock file, and the native part loads. */
async function isComplete() {
  const record = readText(join(MODULES, ".package-lock.json"))
  if (record === undefined) return false
  const lock = readText(join(ROOT, "package-lock.json")) ?? "{}"
  return differences(JSON.parse(lock), JSON.parse(record)).length === 0 && (await nativeCodeLoads())
}

/** @typedef {{ version?: string, link?: boolean, optional?: boolean, devOptional?: boolean }} LockEntry */

/**
 * @param {{ packages?: Record<string, LockEntry> }} lock what package-lock.json wants
 * @param {{ packages?: Record<string, LockEntry> }} record what npm says it installed
 * @returns {string[]} places that are missing or of another version; optional ones for other platforms may be missing
 */
export function differences(lock, record) {
  return Object.entries(lock.packages ?? {})
    .filter(([place]) => place.startsWith("node_modules/"))
    .filter(([place, wanted]) => {
      const found = record.packages?.[place]
      if (found === undefined) return !(wanted.optional || wanted.devOptional)
      return found.version !== wanted.version
    })
    .map(([place]) => place)
}

/** In a process of its own: a binary for another Node may end the process that loads it. */
async function nativeCodeLoads() {
  const { code } = await run(process.execPath, ["-e", 'new (require("better-sqlite3"))(":memory:").close()'])
  return code === 0
}

function fingerprint() {
  const lock = readFileSync(join(ROOT, "package-lock.json"))
  return `${createHash("sha256").update(lock).digest("hex")} ${process.platform}-${process.arch}-${process.versions.modules}`
}

/** @param {string} file */
function readText(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined
}

/** npm says the cause first and a compiler says it last. @param {string} output */
function ends(output, linesMax = 20) {
  const lines = output.trimEnd().split("\n")
  if (lines.length <= 2 * linesMax) return lines.join("\n")
  return [...lines.slice(0, linesMax), "…", ...lines.slice(-linesMax)].join("\n")
}
