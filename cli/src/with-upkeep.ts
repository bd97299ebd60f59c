/**
 * Opens the upkeep: through the admin API of a living server, or on the data directory of a stopped one, with its lock
 * (rule 26, settled 22).
 */
import { type Client, type OnProgress, UnreachableError } from "@waybill/sdk"
import type { Command } from "commander"
import type { Session } from "./session.ts"
import { counted } from "./show/upkeep.ts"
import type { Upkeep } from "./upkeep.ts"

export interface UpkeepOptions {
  readonly offline?: boolean
  readonly dataDir?: string
  /** Of an archive, with the data directory of a stopped server. */
  readonly archiveFolder?: string
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
  work: (upkeep: Upkeep, onProgress: OnProgress) => Promise<T>,
): Promise<T> {
  const upkeep = await openUpkeep(session, options)
  const line = createProgressLine(session)
  try {
    return await work(upkeep, line.show)
  } finally {
    line.clear()
    await upkeep.close()
  }
}

/** At most once a second, on a terminal that can rewrite its line. */
export function createProgressLine({ terminal, style, json }: Session): { show: OnProgress; clear(): void } {
  let shownAt = terminal.now()
  let isShown = false
  return {
    show({ runs, events }) {
      if (json || !terminal.isErrorTty || terminal.now() - shownAt < 1_000) return
      shownAt = terminal.now()
      isShown = true
      const text = `${counted(runs, "run")}, ${counted(events, "event")} …`
      terminal.complain(`\r\u001b[K${style.dim(text)}`)
    },
    clear() {
      if (isShown) terminal.complain("\r\u001b[K")
    },
  }
}

async function openUpkeep(session: Session, options: UpkeepOptions): Promise<Upkeep> {
  if (options.offline !== true && options.archiveFolder === undefined) {
    const client = await session.client()
    const why = await refusal(client)
    if (why === null) return liveUpkeep(client)
    // An address that was named is meant; only the usual one may be empty because the server is stopped.
    if (session.isServerNamed() || !isRefused(why)) throw why
    session.note(`no server answers; working on the data directory itself\n`)
  }
  const { openOfflineUpkeep } = await import("./offline/upkeep.ts")
  return openOfflineUpkeep(session, options.dataDir, options.archiveFolder)
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
    verify: (options, onProgress) => client.admin.verify(options, onProgress),
    fsck: (onProgress) => client.admin.fsck(onProgress),
    rebuild: (options, onProgress) => client.admin.rebuild(options, onProgress),
    backup: (options) => client.admin.backup(options),
    close: async () => {},
  }
}
