/**
 * Where the code of an adapter's thread lies. Built, it is a file beside the server's bundle. From source (tests, `tsx`) it
 * is bundled on the spot, once a process: a thread has no TypeScript loader of its own. Adapters share this and nothing else.
 */
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

export interface ThreadCode {
  /** `import.meta.url` of the file beside which the entry lies. */
  readonly here: string
  /** The entry is `<name>-entry.ts`, its bundle `<name>.js`. */
  readonly name: string
  /** For the message when it is missing: "the store's threads". */
  readonly of: string
}

const known = new Map<string, URL>()

export function threadEntry(code: ThreadCode): URL {
  const { here, name } = code
  let entry = known.get(name)
  if (entry === undefined) {
    entry = here.endsWith(".ts") ? bundleFromSource(code) : builtEntry(code)
    known.set(name, entry)
  }
  return entry
}

function builtEntry({ here, name, of }: ThreadCode): URL {
  const built = new URL(`./${name}.js`, here)
  if (existsSync(built)) return built
  throw new Error(`The code of ${of} is missing: ${fileURLToPath(built)} (npm run build makes it)`)
}

function bundleFromSource({ here, name }: ThreadCode): URL {
  // By a name that no bundler follows: esbuild is needed from source only.
  const bundler = "esbuild"
  const { buildSync } = createRequire(import.meta.url)(bundler) as typeof import("esbuild")
  const result = buildSync({
    entryPoints: [fileURLToPath(new URL(`./${name}-entry.ts`, here))],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // They are found from where the bundle is put, too.
    packages: "external",
    write: false,
    logLevel: "silent",
    outdir: ".",
  })
  const code = result.outputFiles[0]!.contents
  const folder = fileURLToPath(new URL("../../../node_modules/.cache/waybill/", import.meta.url))
  const file = join(folder, `${name}-${createHash("sha256").update(code).digest("hex").slice(0, 16)}.mjs`)
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true })
    // Several test processes do this at once: each writes its own file, and the rename is one step.
    const own = `${file}.${process.pid}.tmp`
    writeFileSync(own, code)
    renameSync(own, file)
  }
  return pathToFileURL(file)
}
