/**
 * Where the code of an agent host lies. Built, it is `agent-host.js` beside the server's bundle. From source (tests,
 * `tsx`) it is bundled on the spot, once a process: a thread has no TypeScript loader of its own, and a bundle starts
 * four times as fast as one would.
 */
import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { mkdir, rename, writeFile } from "node:fs/promises"
import path from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

/** As `scripts/build.mjs` bundles it. */
function agentHostBuild(packageSource: URL) {
  return {
    entryPoints: [fileURLToPath(new URL("./worker/entry.ts", packageSource))],
    bundle: true,
    platform: "node" as const,
    format: "esm" as const,
    target: "node20",
    legalComments: "none" as const,
    // jiti is CommonJS inside and asks for Node's modules by `require`.
    banner: {
      js: 'import { createRequire as waybillRequire } from "node:module"; const require = waybillRequire(import.meta.url);',
    },
  }
}

let entry: Promise<URL> | null = null

/** `override` is the file to start instead, as an absolute path. */
export function workerEntry(override?: string): Promise<URL> {
  if (override !== undefined) return Promise.resolve(pathToFileURL(override))
  entry ??= findEntry()
  return entry
}

async function findEntry(): Promise<URL> {
  const built = new URL("./agent-host.js", import.meta.url)
  if (!import.meta.url.endsWith(".ts")) {
    if (existsSync(built)) return built
    throw new Error(`The agent host is missing: ${fileURLToPath(built)} (npm run build makes it)`)
  }
  return bundleFromSource(new URL("../", import.meta.url))
}

async function bundleFromSource(packageSource: URL): Promise<URL> {
  // By a name that no bundler follows: esbuild is needed from source only.
  const bundler = "esbuild"
  const { build } = (await import(bundler)) as typeof import("esbuild")
  const result = await build({ ...agentHostBuild(packageSource), write: false, logLevel: "silent", outdir: "." })
  const code = result.outputFiles[0]?.contents
  if (code === undefined) throw new Error("The agent host could not be bundled")
  const folder = fileURLToPath(new URL("../../node_modules/.cache/waybill/", packageSource))
  const file = path.join(folder, `agent-host-${createHash("sha256").update(code).digest("hex").slice(0, 16)}.mjs`)
  if (!existsSync(file)) {
    await mkdir(folder, { recursive: true })
    // Several test processes do this at once: each writes its own file, and the rename is one step.
    const own = `${file}.${process.pid}.tmp`
    await writeFile(own, code)
    await rename(own, file)
  }
  return pathToFileURL(file)
}
