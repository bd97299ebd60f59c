/** `doctor`: looks at everything and repairs nothing. It never stops at the first thing that is wrong. */
import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Session as Caller, Readiness } from "@waybill/contract"
import { libraryVersion } from "@waybill/server/compose/sqlite-version"
import { type PrintedSetting, printableConfig } from "@waybill/server/config"
import { failureOf } from "../failure.ts"
import type { Session } from "../session.ts"
import { version } from "../version.ts"
import { configOf } from "./configured-address.ts"
import { fsyncMedianMs } from "./fsync-probe.ts"

export interface DoctorReport {
  readonly versions: {
    readonly waybill: string
    readonly node: string
    readonly sqlite: string
    readonly platform: string
  }
  /** Null when it cannot be used. */
  readonly settings: readonly PrintedSetting[] | null
  readonly data: DataDirectory | null
  readonly server: ServerAnswer
  /** What has to be mended. */
  readonly problems: readonly string[]
}

export interface DataDirectory {
  readonly folder: string
  readonly exists: boolean
  readonly bytes: number
  readonly freeBytes: number
  /** Where `fsyncMedianMs` was measured: here, or beside it while it does not exist. */
  readonly measuredIn: string
  readonly fsyncMedianMs: number
}

export interface ServerAnswer {
  readonly url: string | null
  readonly answers: boolean
  readonly why: string | null
  readonly readiness: Readiness | null
  readonly caller: Caller | null
}

export async function examine(session: Session): Promise<DoctorReport> {
  const problems: string[] = []
  const attempt = <T>(what: () => T): T | null => {
    try {
      return what()
    } catch (error) {
      problems.push(failureOf(error, null).detail)
      return null
    }
  }
  const config = attempt(() => configOf(session.terminal))
  const data = config === null ? null : attempt(() => dataDirectory(config.dataDir))
  const server = await askServer(session, problems)
  return {
    versions: {
      waybill: version,
      node: process.version,
      sqlite: attempt(libraryVersion) ?? "cannot be loaded",
      platform: `${process.platform} ${process.arch}`,
    },
    settings: config === null ? null : printableConfig(config),
    data,
    server,
    problems,
  }
}

function dataDirectory(folder: string): DataDirectory {
  const exists = existsSync(folder)
  const measuredIn = exists ? folder : nearestFolder(folder)
  accessSync(measuredIn, constants.R_OK | constants.W_OK)
  const { bavail, bsize } = statfsSync(measuredIn)
  return {
    folder,
    exists,
    bytes: exists ? sizeOf(folder) : 0,
    freeBytes: bavail * bsize,
    measuredIn,
    fsyncMedianMs: Number(fsyncMedianMs(measuredIn).toFixed(2)),
  }
}

/** The nearest folder above that exists: the same disk, most likely. */
function nearestFolder(folder: string): string {
  for (let at = folder; at !== join(at, ".."); at = join(at, "..")) if (existsSync(at)) return at
  return tmpdir()
}

function sizeOf(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .reduce(
      (sum, entry) => sum + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    )
}

async function askServer(session: Session, problems: string[]): Promise<ServerAnswer> {
  const silent = (why: string): ServerAnswer => ({
    url: session.server(),
    answers: false,
    why,
    readiness: null,
    caller: null,
  })
  try {
    const client = await session.client()
    const readiness = await client.readiness()
    if (!readiness.ready) problems.push(`the server takes no work: ${readiness.reasons.join(", ") || "draining"}`)
    // Ready, and yet not all it could: a restored store hands nothing to agents.
    else problems.push(...readiness.reasons)
    const caller = await client.session().catch((error: unknown) => {
      const { code, detail, hint } = failureOf(error, session.server())
      problems.push(`${code}: ${detail}${hint === null ? "" : `. ${hint}`}`)
      return null
    })
    return { url: session.server(), answers: true, why: null, readiness, caller }
  } catch (error) {
    return silent(failureOf(error, session.server()).detail)
  }
}
