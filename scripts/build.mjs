// @ts-check
/**
 * Bundles what runs into `dist/`: our packages inside, installed packages outside. A file of the engine that is called
 * `<name>-entry.ts` is the beginning of a thread or a process, and becomes `dist/<name>.js`.
 * Does nothing when the sources are those of the last build.
 */
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { basename, join, relative, sep } from "node:path"
import { pathToFileURL } from "node:url"
import { ROOT } from "./setup/root.mjs"

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
  const sources = sourceFiles()
  const wanted = hashOf(sources)
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
  const entries = [...entryPoints(sourceFiles()), ...programs.map((program) => ({ ...program, alone: false }))]
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
      ...(alone ? { banner: { js: REQUIRE } } : { plugins: [installedStayOutside], splitting: true }),
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

/** @type {import("esbuild").Plugin} `@waybill/x` is source of ours and belongs in the bundle; other bare names stay imports. */
const installedStayOutside = {
  name: "installed-stay-outside",
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === "entry-point" || path.startsWith("@waybill/") ? undefined : { path, external: true },
    )
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

/** @param {string[]} sources */
function hashOf(sources) {
  const hash = createHash("sha256")
  for (const file of [...sources, "package-lock.json", "scripts/build.mjs"]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update("\0")
  }
  return hash.digest("hex")
}

/** @returns {string[]} what the bundles can be made of: source and data of the packages, tests left out */
function sourceFiles() {
  return PACKAGES.flatMap((folder) => [`${folder}/package.json`, ...filesUnder(folder)]).sort()
}

/** @param {string} folder @returns {string[]} */
function filesUnder(folder) {
  const source = join(ROOT, folder, "src")
  if (!existsSync(source)) return []
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.[a-z]+$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join("/"))
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await ensureBuilt((line) => console.log(`build  ${line}`))
}
