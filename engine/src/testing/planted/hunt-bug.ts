/**
 * Bundles the simulator, with one planted bug or as it is, and runs its seeds in a process of its own: bundled they take
 * five sixths of the time that they take among the tests. Nothing of it stays behind.
 */
import { execFile } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { build, type Plugin } from "esbuild"
import type { PlantedBug } from "./bugs.ts"

const source = fileURLToPath(new URL("../../", import.meta.url))

export interface Hunt {
  /** Null: not found. */
  readonly seed: number | null
  readonly problem: string | null
  /** Of all seeds, when nothing was found. */
  readonly tally?: {
    readonly runs: number
    /** Runs that were held against the reference interpreter. */
    readonly compared: number
    /** What came up, how often. */
    readonly seen: { readonly [what: string]: number }
    readonly seconds: { readonly passed: number; readonly ofCpu: number }
  }
}

/** @param bug null = the engine as it is, where nothing may be found. */
export async function hunt(
  bug: PlantedBug | null,
  seeds: { readonly from: number; readonly count: number },
): Promise<Hunt> {
  const folder = mkdtempSync(join(tmpdir(), "waybill-planted-"))
  try {
    const outfile = join(folder, "hunt.mjs")
    await build({
      entryPoints: [join(source, "testing/planted/hunt.ts")],
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      logLevel: "silent",
      banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
      plugins: bug === null ? [] : [planting(bug)],
    })
    return await run(outfile, seeds)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function run(file: string, { from, count }: { readonly from: number; readonly count: number }): Promise<Hunt> {
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--max-semi-space-size=64", file, String(from), String(count)],
      {
        timeout: minutesMax * 60_000,
        maxBuffer: 16 << 20,
      },
    )
    return JSON.parse(stdout.trim().split("\n").at(-1)!) as Hunt
  } catch (error) {
    const { killed, stderr } = error as { readonly killed?: boolean; readonly stderr?: string }
    if (killed) return { seed: null, problem: `no end within ${minutesMax} minutes` }
    throw new Error(`the hunt itself broke: ${stderr ?? String(error)}`)
  }
}

const minutesMax = 15

function planting(bug: PlantedBug): Plugin {
  const file = join(source, bug.file)
  return {
    name: "planted-bug",
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => (path === file ? { contents: plant(bug), loader: "ts" } : undefined))
    },
  }
}

/** The file with the bug in it. Throws when the place is gone: the list must follow the code. */
export function plant(bug: PlantedBug): string {
  const text = readFileSync(join(source, bug.file), "utf8")
  const times = text.split(bug.find).length - 1
  if (times !== 1) throw new Error(`"${bug.name}" cannot be planted: its place stands ${times} times in ${bug.file}`)
  return text.replace(bug.find, () => bug.replace)
}
