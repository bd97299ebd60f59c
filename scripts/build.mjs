// @ts-check
/**
 * Bundles what runs into `dist/`: our packages inside, installed packages outside. A file of the engine that is called
 * `<name>-entry.ts` is the beginning of a thread or a process, and becomes `dist/<name>.js`. The browser's part becomes
 * `dist/web` (`build-web.mjs`). Does nothing when the sources are those of the last build.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { basename, join } from "node:path"
import { pathToFileURL } from "node:url"
import { ensureWebBuilt } from "./build-web.mjs"
import { ROOT } from "./setup/root.mjs"
import { hashOf, sourcesOf } from "./setup/sources.mjs"

const DIST = join(ROOT, "dist")
const STAMP = join(DIST, ".sources")
const PACKAGES = ["contract", "engine", "agents", "server", "sdk", "cli"]

/**
 * @typedef {{ name: string, file: string, alone: boolean }} Entry `alone`: with the installed packages inside, which
 *   makes a thread start faster
 */

/** @type {Record<string, { file: string, alone: boolean }>} */
const ENTRIES = {
  waybill: { file: "cli/src/main.ts", alone: false },
  "agent-host": { file: "agents/src/worker/entry.ts", alone: true },
}
const THREADS = /^engine\/src\/.*-entry\.ts$/
const REQUIRE =
  'import { createRequire as waybillRequire } from "node:module"; const require = waybillRequire(import.meta.url);'

/** @param {(line: string) => void} say */
export async function ensureBuilt(say) {
  await ensureProgramsBuilt(say)
  await ensureWebBuilt(say)
}

/** @param {(line: string) => void} say */
async function ensureProgramsBuilt(say) {
  const sources = sourcesOf(PACKAGES)
  const wanted = hashOf([...sources, "package-lock.json", "scripts/build.mjs"])
  const entries = entryPoints(sources)
  const isBuilt = entries.every(({ name }) => existsSync(join(DIST, `${name}.js`)))
  if (isBuilt && existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return say("up to date")
  if (!entries.some(({ name }) => name === "waybill")) throw new Error("nothing to build: cli/src/main.ts is missing")
  const started = Date.now()
  await build(entries)
  writeFileSync(STAMP, wanted)
  const names = entries.map(({ name }) => `dist/${name}.js`)
  say(`${names.join(", ")} in ${Date.now() - started} ms`)
}

/**
 * The benches run as what they measure does: bundled, and beside the same entries in a folder of their own.
 * @param {string} folder @param {{ name: string, file: string }[]} programs
 */
export async function buildBeside(folder, programs) {
  const entries = [...entryPoints(sourcesOf(PACKAGES)), ...programs.map((program) => ({ ...program, alone: false }))]
  await build(entries, folder)
}

/** @param {Entry[]} entries */
async function build(entries, folder = DIST) {
  const { build: bundle } = await import("esbuild")
  if (folder === DIST) rmSync(STAMP, { force: true })
  mkdirSync(folder, { recursive: true })
  for (const alone of [true, false]) {
    const wanted = entries.filter((entry) => entry.alone === alone)
    if (wanted.length === 0) continue
    const { outputFiles } = await bundle({
      absWorkingDir: ROOT,
      entryPoints: wanted.map(({ name, file }) => ({ in: file, out: name })),
      outdir: folder,
      chunkNames: "chunk-[hash]",
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node20",
      sourcemap: true,
      legalComments: "none",
      // A package that is CommonJS inside asks for Node's modules by `require`. Commands that start no server load
      // nothing of it: what they share lies in chunks beside the entries.
      banner: { js: REQUIRE },
      ...(alone ? {} : { plugins: [someStayOutside], splitting: true }),
      logLevel: "error",
      write: false,
    })
    put(outputFiles)
  }
  forgetOldChunks(folder)
}

const CHUNK = /^chunk-.*\.js(\.map)?$/
const CHUNKS_KEPT_MS = 3_600_000

/**
 * A Waybill that starts meanwhile finds the old files or the new ones, each whole: chunks are named after their content
 * and stand before the entry that names them.
 * @param {import("esbuild").OutputFile[]} files
 */
function put(files) {
  const isChunk = (/** @type {{ path: string }} */ { path }) => CHUNK.test(basename(path))
  for (const { path, contents } of [...files.filter(isChunk), ...files.filter((file) => !isChunk(file))]) {
    const unfinished = `${path}.${process.pid}.tmp`
    writeFileSync(unfinished, contents)
    renameSync(unfinished, path)
  }
}

/** A process that runs may still load a chunk of the build before. @param {string} folder */
function forgetOldChunks(folder) {
  for (const name of readdirSync(folder).filter((file) => CHUNK.test(file))) {
    const { mtimeMs } = statSync(join(folder, name), { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() }
    if (Date.now() - mtimeMs > CHUNKS_KEPT_MS) rmSync(join(folder, name), { force: true })
  }
}

/** They read files of their own folder: compiled code, pages, the entry of a thread. Only a bench drives a browser. */
const OUTSIDE = /^(better-sqlite3|pino|@fastify\/swagger-ui|@fastify\/static|playwright-core)$/

/** @type {import("esbuild").Plugin} */
const someStayOutside = {
  name: "some-stay-outside",
  setup(build) {
    build.onResolve({ filter: OUTSIDE }, ({ path }) => ({ path, external: true }))
  },
}

/** @param {string[]} sources relative to the project @returns {Entry[]} */
export function entryPoints(sources) {
  const named = Object.entries(ENTRIES).map(([name, entry]) => ({ name, ...entry }))
  const threads = sources
    .filter((file) => THREADS.test(file))
    .map((file) => ({ name: basename(file, "-entry.ts"), file, alone: false }))
  return [...named.filter(({ file }) => sources.includes(file)), ...threads]
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await ensureBuilt((line) => console.log(`build  ${line}`))
}
