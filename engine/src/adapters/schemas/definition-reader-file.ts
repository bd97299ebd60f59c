/**
 * Where the code of the thread that reads definitions lies. Built, it is `definition-reader.js` beside the server's bundle. From source
 * (tests, `tsx`) it is bundled on the spot, once a process: a thread has no TypeScript loader of its own.
 */
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

let entry: URL | null = null

export function definitionReaderEntry(): URL {
  entry ??= import.meta.url.endsWith(".ts") ? bundleFromSource() : builtEntry()
  return entry
}

function builtEntry(): URL {
  const built = new URL("./definition-reader.js", import.meta.url)
  if (existsSync(built)) return built
  throw new Error(
    `The code of the thread that reads definitions is missing: ${fileURLToPath(built)} (npm run build makes it)`,
  )
}

function bundleFromSource(): URL {
  // By a name that no bundler follows: esbuild is needed from source only.
  const bundler = "esbuild"
  const { buildSync } = createRequire(import.meta.url)(bundler) as typeof import("esbuild")
  const result = buildSync({
    entryPoints: [fileURLToPath(new URL("./definition-reader-entry.ts", import.meta.url))],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // They lie where the bundle is put, too.
    packages: "external",
    write: false,
    logLevel: "silent",
    outdir: ".",
  })
  const code = result.outputFiles[0]!.contents
  const folder = fileURLToPath(new URL("../../../../node_modules/.cache/waybill/", import.meta.url))
  const file = join(folder, `definition-reader-${createHash("sha256").update(code).digest("hex").slice(0, 16)}.mjs`)
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true })
    // Several test processes do this at once: each writes its own file, and the rename is one step.
    const own = `${file}.${process.pid}.tmp`
    writeFileSync(own, code)
    renameSync(own, file)
  }
  return pathToFileURL(file)
}
