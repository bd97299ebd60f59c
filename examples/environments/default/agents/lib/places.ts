/**
 * The files that agents may touch, named by short paths: `data/…` is what the example ships and is only read;
 * `staging/…`, `warehouse/…` and `reports/…` lie in the example's runtime directory. No other path is accepted, so a
 * run's input can never make an agent read or write elsewhere.
 */
import { createHash, randomUUID } from "node:crypto"
import { mkdir, open, readFile, realpath, rename, rm, stat } from "node:fs/promises"
import { dirname, join, normalize, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { AgentError } from "./agent.ts"
import { runtimeDirectory } from "./example-state.ts"

const FILE_BYTES_MAX = 8 * 1024 * 1024
const WRITABLE = ["staging", "warehouse", "reports"]

export interface WrittenFile {
  readonly file: string
  readonly bytes: number
  readonly sha256: string
}

/** The folder of one run's intermediate files. */
export function stagingFor(runId: string): string {
  return `staging/${runId.replaceAll(/[^A-Za-z0-9_-]/g, "_")}`
}

export async function readText(path: string): Promise<string> {
  const file = await existing(path)
  const { size } = await stat(file)
  if (size > FILE_BYTES_MAX) {
    throw new AgentError("validation_failed", "file_too_large", `${path} is over ${FILE_BYTES_MAX} bytes`)
  }
  return readFile(file, "utf8")
}

/** Writes the whole file or nothing: beside it first, synced, then renamed. Writing the same twice changes nothing. */
export async function writeText(path: string, text: string): Promise<WrittenFile> {
  const file = located(path, WRITABLE)
  await mkdir(dirname(file), { recursive: true })
  const beside = `${file}.${randomUUID()}.tmp`
  const handle = await open(beside, "w")
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(beside, file)
  return { file: path, bytes: Buffer.byteLength(text), sha256: sha256(text) }
}

/** Removes a run's folder; answers whether there was one. */
export async function removeStaging(runId: string): Promise<boolean> {
  const folder = located(stagingFor(runId), ["staging"])
  const existed = await stat(folder).then(
    () => true,
    () => false,
  )
  await rm(folder, { recursive: true, force: true })
  return existed
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex")
}

async function existing(path: string): Promise<string> {
  const file = located(path, ["data", ...WRITABLE])
  const real = await realpath(file).catch((error: unknown) => {
    throw new AgentError("validation_failed", "file_missing", `there is no file ${path}`, { cause: error })
  })
  const root = await realpath(rootOf(path))
  if (!real.startsWith(root + sep)) throw refused(path)
  return real
}

function located(path: string, allowed: readonly string[]): string {
  const clean = normalize(path)
  const top = clean.split(sep)[0] ?? ""
  if (clean !== path || !allowed.includes(top) || path.includes("\0")) throw refused(path)
  return join(dirname(rootOf(path)), clean)
}

function rootOf(path: string): string {
  const top = path.split("/")[0] ?? ""
  const base = top === "data" ? fileURLToPath(new URL("../../../../", import.meta.url)) : runtimeDirectory()
  return join(base, top)
}

function refused(path: string): AgentError {
  const hint = `name a file under data/, ${WRITABLE.join("/, ")}/`
  return new AgentError("policy_denied", "path_refused", `${JSON.stringify(path)} is outside the example: ${hint}`)
}
