import { SideWriteError } from "@waybill/engine/adapters/sqlite/side-lane"
import type { Logger } from "../log.ts"

/** A write that is no run's and was not stored; where nobody can say, the process must not go on (rule 3). */
export function isFault(error: unknown, fatal: (message: string) => void): boolean {
  if (!(error instanceof SideWriteError)) return false
  if (error.kind === "unknown") fatal(error.message)
  return true
}

export function endAtOnce(log: Logger, message: string): never {
  log.fatal({ exitCode: 70 }, message)
  process.exit(70)
}
