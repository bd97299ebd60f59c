/**
 * Keeps what agents log with the run they work for (000, "Logs"; R4). Lines wait a moment and are stored together, in the
 * lane of lower priority: a run never waits for its log. Everything is bounded; what is not kept is counted, and said in
 * the run's own log where it is one attempt that says too much.
 */
import type { Clock } from "../../ports/clock.ts"
import type { Log } from "../../ports/log.ts"
import type { NewLogLine, RunLogStore } from "../../ports/run-logs.ts"
import type { StepLog, StepLogs } from "../../ports/step-logs.ts"

export interface KeptLogsLimits {
  /** Between a line and its commit. */
  readonly waitMs: number
  /** Stored in one transaction. */
  readonly linesPerWrite: number
  /** Waiting for the store, in characters. */
  readonly waitingMax: number
  readonly messageCharsMax: number
  readonly fieldsCharsMax: number
  readonly linesPerAttempt: number
  readonly linesPerRun: number
}

export const defaultKeptLogsLimits: KeptLogsLimits = {
  waitMs: 200,
  linesPerWrite: 500,
  waitingMax: 8 << 20,
  messageCharsMax: 8 << 10,
  fieldsCharsMax: 8 << 10,
  linesPerAttempt: 1_000,
  linesPerRun: 20_000,
}

export interface KeptLogsPorts {
  readonly store: Pick<RunLogStore, "add">
  readonly clock: Clock
  readonly log: Log
}

/** Attempts whose lines are counted; one that is silent for that many others begins anew. */
const attemptsMax = 10_000

export class KeptLogs implements StepLogs {
  readonly #ports: KeptLogsPorts
  readonly #limits: KeptLogsLimits
  #waiting: NewLogLine[] = []
  #chars = 0
  #dropped = 0
  #writing: Promise<void> | null = null
  #isArmed = false
  readonly #counts = new Map<string, number>()

  constructor(ports: KeptLogsPorts, limits: KeptLogsLimits = defaultKeptLogsLimits) {
    this.#ports = ports
    this.#limits = limits
  }

  /** Lines that were kept nowhere since the start: the store was behind, or refused, or the run has too many. */
  get dropped(): number {
    return this.#dropped
  }

  keep(entry: StepLog): void {
    const { place, stepId, attempt } = entry
    if (place === null || stepId === undefined || attempt === undefined) return
    const number = this.#count(`${stepId} ${attempt}`)
    if (number > this.#limits.linesPerAttempt + 1) {
      this.#dropped += 1
      return
    }
    const line = number > this.#limits.linesPerAttempt ? this.#enough(entry) : entry
    this.#queue(this.#lineOf(line, place.runId, stepId, attempt))
  }

  /** All that waits is stored, or counted as dropped. */
  async flush(): Promise<void> {
    while (this.#waiting.length > 0 || this.#writing !== null) await (this.#writing ?? this.#write())
  }

  #count(key: string): number {
    const number = (this.#counts.get(key) ?? 0) + 1
    this.#counts.delete(key)
    this.#counts.set(key, number)
    if (this.#counts.size > attemptsMax) this.#counts.delete(this.#counts.keys().next().value!)
    return number
  }

  #enough(entry: StepLog): StepLog {
    const { linesPerAttempt } = this.#limits
    const message = `This attempt logged more than ${linesPerAttempt} lines; what follows is in the server's log only, up to 5,000.`
    return { ...entry, level: "warn", message, fields: undefined }
  }

  #lineOf(entry: StepLog, runId: string, stepId: string, attempt: number): NewLogLine {
    const { messageCharsMax, fieldsCharsMax } = this.#limits
    const message = cut(entry.message, messageCharsMax)
    const fields = entry.fields === undefined ? null : JSON.stringify(entry.fields)
    const kept = fields === null || fields.length <= fieldsCharsMax ? fields : JSON.stringify({ cut: fields.length })
    return { runId, at: this.#ports.clock.now(), stepId, attempt, level: entry.level, message, fields: kept }
  }

  #queue(line: NewLogLine): void {
    const chars = line.message.length + (line.fields?.length ?? 0)
    if (this.#chars + chars > this.#limits.waitingMax) {
      this.#dropped += 1
      return
    }
    this.#waiting.push(line)
    this.#chars += chars
    if (this.#writing !== null || this.#isArmed) return
    this.#isArmed = true
    this.#ports.clock.setTimer(this.#limits.waitMs, () => {
      this.#isArmed = false
      if (this.#writing === null) void this.#write()
    })
  }

  /** Never rejects: a log that cannot be stored must not end what it tells of. */
  #write(): Promise<void> {
    this.#writing = this.#writeAll().finally(() => {
      this.#writing = null
    })
    return this.#writing
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting.splice(0, this.#limits.linesPerWrite)
      this.#chars -= lines.reduce((sum, { message, fields }) => sum + message.length + (fields?.length ?? 0), 0)
      try {
        this.#dropped += await this.#ports.store.add(lines, this.#limits.linesPerRun)
      } catch (error) {
        this.#dropped += lines.length
        const why = error instanceof Error ? error.message : String(error)
        this.#ports.log.write("warn", `${lines.length} log lines of runs were not kept: ${why}`)
      }
    }
  }
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length - most} more characters)`
}
