/**
 * Loads the code agents of an environment into this host: every `<name>.agent.{ts,mts,mjs,js}` of a folder. A file that
 * cannot be used gives a problem with its place, and the others load all the same. Module code is user code: it runs
 * here, never on the engine's thread, and whoever called this watches the time (a hanging import cannot be left).
 */
import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import type { AgentContract, AgentProblem } from "@waybill/engine/ports/agent-host"
import { createJiti, type Jiti } from "jiti/static"
import type { LoadedSet } from "../protocol.ts"
import { type LoadedAgent, readAgent, ShapeError, sha256 } from "./contract.ts"
import { clean } from "./failure.ts"
import { type ClosureReader, createClosureReader } from "./source-closure.ts"

export interface AgentFolder {
  readonly environment: string
  readonly directory: string
  /** Files not to be tried again, each with the problem it made: they hung or killed a host while loading. */
  readonly skip: readonly AgentProblem[]
}

export interface LoadResult {
  readonly set: LoadedSet
  readonly agents: ReadonlyMap<string, LoadedAgent>
}

const agentFile = /\.agent\.(?:ts|mts|mjs|js)$/

/** `beforeFile` is awaited before a file's code runs. */
export async function loadAgents(
  folder: AgentFolder,
  beforeFile: (file: string) => Promise<void>,
): Promise<LoadResult> {
  const jiti = createJiti(path.join(folder.directory, "waybill.js"), { fsCache: false, interopDefault: false })
  const closures = createClosureReader(folder.directory, (specifier, importer) =>
    jiti.esmResolve(specifier, { parentURL: importer, try: true }),
  )
  const agents = new Map<string, LoadedAgent>()
  const contracts: AgentContract[] = []
  const problems: AgentProblem[] = [...folder.skip]
  const sources = new Set<string>()
  for (const file of listFiles(folder, problems)) {
    const entries = closures.entries(file)
    for (const entry of entries) sources.add(entry)
    if (folder.skip.some((problem) => problem.file === file)) continue
    await beforeFile(file)
    try {
      const agent = readAgent(await jiti.import(file), path.basename(file))
      const taken = contracts.find((other) => other.name === agent.name)
      if (taken !== undefined) {
        const message = `The name ${agent.name} is taken by ${path.basename(taken.file)}.`
        problems.push(problemAt(folder, file, "agent_name_taken", message))
        continue
      }
      agents.set(agent.name, agent)
      contracts.push(contractOf(folder, file, agent, sha256(entries.join("\n"))))
    } catch (error) {
      problems.push(problemOf(folder, file, error, jiti, closures))
    }
  }
  return { agents, set: { agents: contracts, problems, setHash: sha256([...sources].sort().join("\n")) } }
}

function listFiles(folder: AgentFolder, problems: AgentProblem[]): string[] {
  try {
    return readdirSync(folder.directory, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && agentFile.test(entry.name))
      .map((entry) => path.join(folder.directory, entry.name))
      .sort()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    problems.push(problemAt(folder, folder.directory, "agents_missing", `The folder cannot be read: ${reason}`))
    return []
  }
}

function contractOf(folder: AgentFolder, file: string, agent: LoadedAgent, sourceHash: string): AgentContract {
  const { name, description, inputSchema, outputSchema, contractHash } = agent
  return {
    environment: folder.environment,
    name,
    description,
    inputSchema,
    outputSchema,
    contractHash,
    sourceHash,
    file,
  }
}

interface Place {
  readonly file: string
  readonly line: number
  readonly column: number | null
}

function problemOf(
  folder: AgentFolder,
  file: string,
  error: unknown,
  jiti: Jiti,
  closures: ClosureReader,
): AgentProblem {
  if (error instanceof ShapeError) return problemAt(folder, file, error.code, error.message)
  const message = error instanceof Error ? (error.message.split("\n")[0] ?? "").trim() : `It threw ${String(error)}.`
  const place = placeInStack(error, folder.directory) ?? placeOfSyntaxError(file, jiti, closures, folder.directory)
  const named =
    place === null || place.file === file
      ? message
      : `${message} (in ${path.relative(folder.directory, place.file)}:${place.line})`
  // A line number only of the file that the problem names.
  return problemAt(folder, file, "agent_load_failed", named, place?.file === file ? place : null)
}

function problemAt(
  folder: AgentFolder,
  file: string,
  code: string,
  message: string,
  place: Place | null = null,
): AgentProblem {
  const { line, column } = place ?? { line: null, column: null }
  return { environment: folder.environment, file, line, column, code, message: clean(message, 2_000) }
}

/**
 * The innermost frame that lies in the author's folder; the transpiler's own syntax error carries its place the same way.
 * Transpiled code keeps its lines but not its columns, so only the syntax error's column (0-based there) is worth showing.
 */
function placeInStack(error: unknown, directory: string): Place | null {
  if (!(error instanceof Error) || typeof error.stack !== "string") return null
  const isSyntax = error.message.startsWith("ParseError")
  for (const [, location, line, column] of error.stack.matchAll(/((?:file:\/\/)?\/[^\s():]+):(\d+):(\d+)/g)) {
    if (location === undefined) continue
    const file = location.startsWith("file:") ? fileURLToPath(location) : location
    if (file.startsWith(directory + path.sep)) {
      return { file, line: Number(line), column: isSyntax ? Number(column) + 1 : null }
    }
  }
  return null
}

/** Node does not say where an `.mjs` it loads is broken; the transpiler does. */
function placeOfSyntaxError(file: string, jiti: Jiti, closures: ClosureReader, directory: string): Place | null {
  const files = closures.entries(file).flatMap((entry) => {
    const name = entry.slice(0, entry.lastIndexOf(" "))
    return /\.[cm]?[jt]s$/.test(name) ? [path.resolve(directory, name)] : []
  })
  for (const candidate of new Set([file, ...files])) {
    const place = syntaxErrorIn(candidate, jiti)
    if (place !== null) return place
  }
  return null
}

function syntaxErrorIn(file: string, jiti: Jiti): Place | null {
  try {
    const source = readFileSync(file, "utf8")
    const code = jiti.transform({ source, filename: file, ts: /ts$/.test(file), async: true })
    const found = /^exports\.__JITI_ERROR__ = (\{.*\})/.exec(code)?.[1]
    const error: unknown = found === undefined ? null : JSON.parse(found)
    if (typeof error !== "object" || error === null || !("line" in error) || !("column" in error)) return null
    return { file, line: Number(error.line), column: Number(error.column) + 1 }
  } catch {
    return null
  }
}
