/**
 * A file with everything it imports, as one hash (rules 6 and 21). Found by reading, not by running: a module cache
 * shows neither the second importer of a module nor what Node loads itself (`.mjs`).
 * The scan takes any text that looks like an import; a name in a comment too much costs a hash, one too few a stale
 * agent. Packages under `node_modules` count by name and version. Imports by a computed name are not seen.
 */
import { readFileSync, realpathSync } from "node:fs"
import { builtinModules } from "node:module"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { sha256 } from "./contract.ts"

/** Finds the file that a specifier in a file means, as a `file:` URL; undefined when there is none. */
export type ResolveImport = (specifier: string, importer: string) => string | undefined

export interface ClosureReader {
  /** Sorted lines `<path or package> <hash or version>` of a file and all it reaches; paths relative to the folder. */
  entries(file: string): readonly string[]
}

interface Source {
  readonly line: string
  readonly imports: readonly string[]
}

const filesMax = 5_000
const importPattern = /\b(?:from|import|require)\b[\s(]*(?:\/\*.*?\*\/\s*)?["'`]([^"'`\n]+)["'`]/g
const scanned = /\.[cm]?[jt]sx?$/
const builtins = new Set(builtinModules)

export function createClosureReader(directory: string, resolve: ResolveImport): ClosureReader {
  const sources = new Map<string, Source>()

  function read(file: string): Source {
    const known = sources.get(file)
    if (known !== undefined) return known
    const source = packageOf(file) ?? readSource(file)
    sources.set(file, source)
    return source
  }

  function readSource(file: string): Source {
    let bytes: Buffer
    try {
      bytes = readFileSync(file)
    } catch {
      return { line: `${path.relative(directory, file)} unreadable`, imports: [] }
    }
    const line = `${path.relative(directory, file)} ${sha256(bytes)}`
    return { line, imports: scanned.test(file) ? importsOf(bytes.toString(), file, resolve) : [] }
  }

  return {
    entries(file) {
      const seen = new Set<string>()
      const open = [realPath(file)]
      while (open.length > 0 && seen.size < filesMax) {
        const next = open.pop()!
        if (seen.has(next)) continue
        seen.add(next)
        open.push(...read(next).imports)
      }
      return [...new Set([...seen].map((one) => read(one).line))].sort()
    },
  }
}

function importsOf(text: string, importer: string, resolve: ResolveImport): string[] {
  const files: string[] = []
  for (const [, specifier] of text.matchAll(importPattern)) {
    if (specifier === undefined || specifier.startsWith("node:") || builtins.has(specifier)) continue
    const url = tryResolve(resolve, specifier, importer)
    if (url?.startsWith("file:")) files.push(realPath(fileURLToPath(url)))
  }
  return files
}

function tryResolve(resolve: ResolveImport, specifier: string, importer: string): string | undefined {
  try {
    return resolve(specifier, importer)
  } catch {
    return undefined
  }
}

/** A package's files are not read: its name and version stand for them. */
function packageOf(file: string): Source | null {
  const marker = `${path.sep}node_modules${path.sep}`
  const at = file.lastIndexOf(marker)
  if (at < 0) return null
  const folder = file.slice(0, at + marker.length)
  const parts = file.slice(folder.length).split(path.sep)
  const name = parts.slice(0, parts[0]?.startsWith("@") ? 2 : 1).join("/")
  let version = "unknown"
  try {
    const manifest: unknown = JSON.parse(readFileSync(path.join(folder, name, "package.json"), "utf8"))
    if (typeof manifest === "object" && manifest !== null && "version" in manifest) version = String(manifest.version)
  } catch {
    // A package without a readable manifest: its name alone stands for it.
  }
  return { line: `${name} ${version}`, imports: [] }
}

function realPath(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return file
  }
}
