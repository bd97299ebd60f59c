/**
 * Where the code of the store's threads lies. Built, it is `sqlite-reader.js` beside the server's bundle. From source
 * (tests, `tsx`) it is bundled on the spot, once a process: a thread has no TypeScript loader of its own.
 */
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

let entry: URL | null = null

export function readerEntry(): URL {
  entry ??= import.meta.url.endsWith(".ts") ? bundleFromSource() : builtEntry()
  return entry
}

function builtEntry(): URL {
  const built = new URL("./sqlite-reader.js", import.meta.url)
  if (existsSync(built)) return built
  throw new Error(`The code of the store's threads is missing: ${fileURLToPath(built)} (npm run build makes it)`)
}

function bundleFromSource(): URL {
  // By a name that no bundler follows: esbuild is needed from source only.
  const bundler = "esbuild"
  const { buildSync } = createRequire(import.meta.url)(bundler) as typeof import("esbuild")
  const result = buildSync({
    entryPoints: [fileURLToPath(new URL("./sqlite-reader-entry.ts", import.meta.url))],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["better-sqlite3"],
    write: false,
    logLevel: "silent",
    outdir: ".",
  })
  const code = result.outputFiles[0]!.contents
  const folder = fileURLToPath(new URL("../../../../node_modules/.cache/waybill/", import.meta.url))
  const file = join(folder, `sqlite-reader-${createHash("sha256").update(code).digest("hex").slice(0, 16)}.mjs`)
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true })
    // Several test processes do this at once: each writes its own file, and the rename is one step.
    const own = `${file}.${process.pid}.tmp`
    writeFileSync(own, code)
    renameSync(own, file)
  }
  return pathToFileURL(file)
}
