// @ts-check
/**
 * What the install needs beside Node and npm. SQLite is native code: fetched ready-made where its makers' release page
 * can be reached, compiled otherwise (settled 36). Looked at before the install, because a failure three minutes into
 * `npm ci` hides its cause in a page of compiler output.
 */
import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { findTool } from "./ensure-tool.mjs"
import { ROOT } from "./root.mjs"

const PROBE_MS = 5_000

const COMPILING = [
  { programs: ["g++", "clang++", "c++"], what: "a C++ compiler" },
  { programs: ["make", "gmake"], what: "make" },
  { programs: ["python3", "python"], what: "python3" },
]

/** @returns {string[]} in words, what is missing for compiling */
export function missingForCompiling(path = process.env.PATH ?? "") {
  return COMPILING.filter(({ programs }) => !programs.some((name) => findTool(name, path))).map(({ what }) => what)
}

/** Throws with one line that says what to install, when SQLite would have to be compiled and cannot be. */
export async function requireToolchain({ path = process.env.PATH ?? "", prebuiltExists = hasPrebuilt } = {}) {
  const missing = missingForCompiling(path)
  if (missing.length === 0 || (await prebuiltExists())) return
  throw new Error(
    `SQLite has to be compiled here and ${list(missing)} is missing. ` +
      "Debian or Ubuntu: apt-get install -y g++ make python3 · Fedora: dnf install gcc-c++ make python3 · macOS: xcode-select --install",
  )
}

/** @param {string[]} words */
function list(words) {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`
}

/** Whether the ready-made SQLite for this Node and platform can be fetched; the address is the one its installer asks. */
async function hasPrebuilt() {
  const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"))
  const { version } = lock.packages["node_modules/better-sqlite3"]
  const file = `better-sqlite3-v${version}-node-v${process.versions.modules}-${process.platform}-${process.arch}.tar.gz`
  const url = `https://github.com/WiseLibs/better-sqlite3/releases/download/v${version}/${file}`
  try {
    const answer = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(PROBE_MS) })
    return answer.ok
  } catch {
    return false
  }
}

/**
 * Where Node's own headers lie beside the running program, as they do in every package of Node but the slimmest.
 * Compiling with them needs no download.
 * @returns {string | undefined} a value for npm's `nodedir`
 */
export function headersBesideNode(execPath = process.execPath) {
  const prefix = dirname(dirname(execPath))
  return existsSync(join(prefix, "include", "node", "node.h")) ? prefix : undefined
}
