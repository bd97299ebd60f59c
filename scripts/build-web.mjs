// @ts-check
/**
 * Builds the browser's part into `dist/web`: `index.html`, Vite's `manifest.json`, and `assets/`, whose files are named
 * after their content and lie packed beside themselves. A page that was opened before goes on finding the files of its
 * build for a while. Does nothing when the sources are those of the last build.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { brotliCompress, constants, gzip } from "node:zlib"
import { ROOT } from "./setup/root.mjs"
import { hashOf, sourcesOf } from "./setup/sources.mjs"

const WEB = join(ROOT, "dist", "web")
const STAMP = join(WEB, ".sources")
const SETTINGS = [
  "web/index.html",
  "web/vite.config.ts",
  "web/tsconfig.json",
  "package-lock.json",
  "scripts/build-web.mjs",
]
const ASSETS_KEPT_MS = 24 * 3_600_000
/** Below it a packed file is hardly smaller. */
const PACKED_FROM_BYTES = 1_024

/** @param {(line: string) => void} say */
export async function ensureWebBuilt(say) {
  const wanted = hashOf([...sourcesOf(["web", "sdk", "contract"]), ...SETTINGS])
  const isBuilt = existsSync(join(WEB, "index.html"))
  if (isBuilt && existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return
  const started = Date.now()
  rmSync(STAMP, { force: true })
  const fresh = join(ROOT, "dist", `.web-${process.pid}`)
  // Started by a test, the variable says "test", and React would be bundled as its developers see it.
  const { NODE_ENV } = process.env
  process.env.NODE_ENV = "production"
  try {
    const { build } = await import("vite")
    const configFile = join(ROOT, "web", "vite.config.ts")
    await build({ configFile, logLevel: "warn", build: { outDir: fresh, emptyOutDir: true } })
    await put(fresh)
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = NODE_ENV
    rmSync(fresh, { recursive: true, force: true })
  }
  writeFileSync(STAMP, wanted)
  say(`dist/web in ${Date.now() - started} ms`)
}

/** Assets stand before the document that names them, so that whoever loads it meanwhile finds them all. @param {string} fresh */
async function put(fresh) {
  const assets = join(WEB, "assets")
  mkdirSync(assets, { recursive: true })
  const names = readdirSync(join(fresh, "assets"))
  await Promise.all(names.map((name) => pack(join(fresh, "assets", name))))
  for (const name of readdirSync(join(fresh, "assets"))) move(join(fresh, "assets", name), join(assets, name))
  for (const name of ["manifest.json", "index.html"]) move(join(fresh, name), join(WEB, name))
  forgetOldAssets(assets)
}

/** @param {string} from @param {string} to */
function move(from, to) {
  copyFileSync(from, `${to}.tmp`)
  renameSync(`${to}.tmp`, to)
  // The same name is the same content: it is of this build too.
  const now = new Date()
  utimesSync(to, now, now)
}

/** @param {string} file */
async function pack(file) {
  const content = readFileSync(file)
  if (content.length < PACKED_FROM_BYTES) return
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9 }
  writeFileSync(`${file}.gz`, await promisify(gzip)(content, { level: 9 }))
  writeFileSync(`${file}.br`, await promisify(brotliCompress)(content, { params }))
}

/** @param {string} assets */
function forgetOldAssets(assets) {
  for (const name of readdirSync(assets)) {
    const { mtimeMs } = statSync(join(assets, name), { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() }
    if (Date.now() - mtimeMs > ASSETS_KEPT_MS) rmSync(join(assets, name), { force: true })
  }
}
