/**
 * The server as a process: exit codes, signals, and nothing left behind. `waybill serve` calls it.
 * Exit codes: 0 ended in order, 1 could not start, 2 wrong configuration, 3 another process holds the data directory,
 * 70 a commit of unknown outcome (rules 3 and 26).
 */
import { StoreOpenError } from "@waybill/engine/adapters/sqlite/errors"
import type { DestinationStream } from "pino"
import { ConfigError, type ConfigRequest, loadConfig } from "./config.ts"
import { ListenError } from "./listen.ts"
import { openLog } from "./log.ts"
import { type RunningServer, startServer } from "./main.ts"

export interface ServeRequest extends ConfigRequest {
  /** For what is wrong before there is a log: what, then how to mend it. */
  readonly complain: (line: string) => void
  /** The doors are open and the environments loaded. */
  readonly ready?: (server: RunningServer) => void
  /** Where the log goes; absent: standard output. */
  readonly logTo?: DestinationStream
}

/** Resolves with the exit code when the server has ended. */
export async function serve(request: ServeRequest): Promise<number> {
  const stop = untilSignal()
  let server: RunningServer
  try {
    const config = loadConfig(request)
    const logger = openLog(config.logLevel, request.logTo)
    server = await startServer(config, { env: request.env, logger })
    process.on("uncaughtException", (error) => {
      // What threw is not known to be whole any more; the store is, and the next start goes on from it.
      logger.fatal({ err: error }, "a bug ended the server")
      process.exit(1)
    })
    request.ready?.(server)
    logger.info({ signal: await stop }, "draining")
    await server.close()
    logger.info("ended")
    return 0
  } catch (error) {
    for (const line of explain(error)) request.complain(line)
    return exitCodeOf(error)
  }
}

/** The second signal ends the process at once: leases are void at the next start, nothing is lost. */
function untilSignal(): Promise<string> {
  return new Promise((resolve) => {
    let isSecond = false
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        if (isSecond) process.exit(130)
        isSecond = true
        resolve(signal)
      })
    }
  })
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigError) return 2
  if (error instanceof StoreOpenError && error.code === "data_locked") return 3
  return 1
}

function explain(error: unknown): readonly string[] {
  if (error instanceof ConfigError) return [error.message]
  if (error instanceof StoreOpenError || error instanceof ListenError) return [error.message, error.hint]
  return [error instanceof Error ? (error.stack ?? error.message) : String(error)]
}
