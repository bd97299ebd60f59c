/** `seed --history`: a made-up history in the data directory of a stopped server. It asks no server and no network. */
import { type SeededHistory, SeedRefused, seedStore } from "@waybill/server/compose/seed-history"
import { exitCodes } from "../exit-codes.ts"
import { CommandFailure } from "../failure.ts"
import type { Session } from "../session.ts"
import { configOf } from "./configured-address.ts"
import { notOpened } from "./upkeep.ts"

export interface HistoryRequest {
  readonly history: number
  readonly seed: number
  readonly days: number
  /** RFC 3339; absent: the last full hour. */
  readonly until: string | undefined
  readonly dataDir: string | undefined
}

export interface HistoryReport extends SeededHistory {
  readonly seed: number
  readonly from: string
  readonly until: string
  readonly dataDir: string
  readonly durationMs: number
}

const hourMs = 3_600_000

export async function seedHistoryOffline(session: Session, asked: HistoryRequest): Promise<HistoryReport> {
  const { terminal } = session
  const { dataDir, redactionKeyFile } = configOf(
    terminal,
    asked.dataDir === undefined ? {} : { dataDir: asked.dataDir },
  )
  const begun = terminal.now()
  const until = asked.until === undefined ? Math.floor(begun / hourMs) * hourMs : Date.parse(asked.until)
  const from = until - asked.days * 24 * hourMs
  const progress = progressLine(session, asked.history)
  try {
    const { history: runs, seed } = asked
    const seeded = await seedStore({ dataDir, redactionKeyFile, runs, seed, from, until }, progress.show)
    const period = { from: new Date(from).toISOString(), until: new Date(until).toISOString() }
    return { ...seeded, seed, ...period, dataDir, durationMs: terminal.now() - begun }
  } catch (error) {
    throw error instanceof SeedRefused ? refused(error) : notOpened(error, dataDir)
  } finally {
    progress.clear()
  }
}

function refused({ code, message }: SeedRefused): CommandFailure {
  // The same seed makes the same ids.
  const isThere = code === "stale_seq" || code === "duplicate_key"
  return new CommandFailure({
    code: isThere ? "history_exists" : code,
    detail: isThere ? "this history is in the store already" : message,
    hint: isThere ? "Another --seed makes another one." : "What was stored before it stays; look at `waybill doctor`.",
    exitCode: exitCodes.failed,
  })
}

/** On a terminal that can rewrite its line. */
function progressLine({ terminal, style, json }: Session, all: number): { show(runs: number): void; clear(): void } {
  const shows = !json && terminal.isErrorTty
  return {
    show: (runs) => shows && terminal.complain(`\r\u001b[K${style.dim(`${runs} of ${all} runs …`)}`),
    clear: () => shows && terminal.complain("\r\u001b[K"),
  }
}
