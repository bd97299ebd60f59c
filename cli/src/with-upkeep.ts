/**
 * Opens the upkeep: through the admin API of a living server, or on the data directory of a stopped one, with its lock
 * (rule 26, settled 22).
 */
import { type Client, UnreachableError } from "@waybill/sdk"
import type { Command } from "commander"
import type { Session } from "./session.ts"
import type { Upkeep } from "./upkeep.ts"

export interface UpkeepOptions {
  readonly offline?: boolean
  readonly dataDir?: string
}

export function upkeepOptions(command: Command): Command {
  return command
    .option("--offline", "on the data directory of a stopped server, without asking whether one answers")
    .option("--data-dir <folder>", "that directory (WAYBILL_DATA_DIR, default .waybill); with --offline")
}

/** Opens, works, closes. */
export async function withUpkeep<T>(
  session: Session,
  options: UpkeepOptions,
  work: (upkeep: Upkeep) => Promise<T>,
): Promise<T> {
  const upkeep = await openUpkeep(session, options)
  try {
    return await work(upkeep)
  } finally {
    await upkeep.close()
  }
}

async function openUpkeep(session: Session, options: UpkeepOptions): Promise<Upkeep> {
  if (options.offline !== true) {
    const client = await session.client()
    const why = await refusal(client)
    if (why === null) return liveUpkeep(client)
    // An address that was named is meant; only the usual one may be empty because the server is stopped.
    if (session.isServerNamed() || !isRefused(why)) throw why
    session.note(`no server answers; working on the data directory itself\n`)
  }
  const { openOfflineUpkeep } = await import("./offline/upkeep.ts")
  return openOfflineUpkeep(session, options.dataDir)
}

/** Why nobody can be asked; null when somebody answers. */
async function refusal(client: Client): Promise<UnreachableError | null> {
  try {
    await client.readiness()
    return null
  } catch (error) {
    if (error instanceof UnreachableError) return error
    throw error
  }
}

/** Nobody listens there at all: not a server that is slow, nor a host that cannot be found. */
function isRefused(error: UnreachableError): boolean {
  return error.message.endsWith("ECONNREFUSED")
}

function liveUpkeep(client: Client): Upkeep {
  return {
    verify: (options) => client.admin.verify(options),
    fsck: () => client.admin.fsck(),
    rebuild: (options) => client.admin.rebuild(options),
    backup: (options) => client.admin.backup(options),
    close: async () => {},
  }
}
