/**
 * Runs that are left alone until somebody asks for them with `retry-now` (rule 1), with why. A run that is poison stays
 * so in the next process: it has brought down a decision twice, or cannot be stored. One that could only not be read is
 * read again, since the next release may know its events.
 */
import type { RunRow } from "../core/views/rows.ts"
import type { Blocker } from "../core/views/status.ts"
import type { Clock } from "../ports/clock.ts"
import type { Log } from "../ports/log.ts"
import type { Quarantined, ResumeMarks } from "../ports/resume-marks.ts"

export class Quarantine {
  readonly #runs = new Map<string, Quarantined>()
  readonly #marks: ResumeMarks
  readonly #clock: Clock
  readonly #log: Log

  constructor(marks: ResumeMarks, clock: Clock, log: Log) {
    this.#marks = marks
    this.#clock = clock
    this.#log = log
  }

  of(runId: string): Quarantined | null {
    return this.#runs.get(runId) ?? null
  }

  put(runId: string, why: string, poison: boolean): void {
    if (this.#runs.has(runId)) return
    const at = this.#clock.now()
    this.#runs.set(runId, { why, at })
    if (poison) this.#stored(runId, this.#marks.quarantine(runId, { why, at }))
  }

  leave(runId: string): void {
    if (!this.#runs.delete(runId)) return
    this.#stored(runId, this.#marks.release(runId))
  }

  #stored(runId: string, written: Promise<void>): void {
    written.catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error)
      this.#log.write("warn", "a mark could not be written", { runId, error: text })
    })
  }
}

/** How such a run is shown: its events cannot say it, since nothing can be decided about it. */
export function asQuarantined(row: RunRow, { why, at }: Quarantined): RunRow {
  if (row.completedAt !== null) return row
  const blocker: Blocker = { kind: "operator", since: at, until: null, who: ["role:operator"], stepId: null, name: why }
  return { ...row, reason: "lost", blockedOn: JSON.stringify([blocker]), blockedCount: 1 }
}
