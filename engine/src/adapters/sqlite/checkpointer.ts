/**
 * Brings the write-ahead log into the database, on a thread of its own: an automatic checkpoint would put the sync of
 * the main file into a random commit (rule 29). PASSIVE when the log has grown; when nobody writes, or it grew too far,
 * RESTART, after which it is written from its beginning again.
 */
import type { CheckpointMode, CheckpointResult } from "./reader-messages.ts"
import type { ReaderThread } from "./reader-thread.ts"

/** In frames of the log: pages of 4 KiB. */
export interface CheckpointLimits {
  readonly passiveFrames: number
  readonly restartFrames: number
  /** A log beyond it is told to the operator: some reader holds it. */
  readonly alarmFrames: number
  readonly idleMs: number
}

export const defaultCheckpointLimits: CheckpointLimits = {
  passiveFrames: 4_096,
  restartFrames: 32_768,
  alarmFrames: 262_144,
  idleMs: 2_000,
}

export interface CheckpointPorts {
  /** Frames in the log now, without touching it. */
  readonly frames: () => number
  readonly worker: Pick<ReaderThread, "ask">
  readonly alarm: (message: string) => void
}

/** Commits between two looks at the log: a look costs some microseconds. */
const lookEvery = 16

export class Checkpointer {
  readonly #ports: CheckpointPorts
  readonly #limits: CheckpointLimits
  #commits = 0
  #busy = false
  #idle: NodeJS.Timeout | null = null
  #closed = false
  #alarmed = false

  constructor(ports: CheckpointPorts, limits: CheckpointLimits = defaultCheckpointLimits) {
    this.#ports = ports
    this.#limits = limits
  }

  /** After each durable commit. */
  committed(): void {
    this.#commits += 1
    if (this.#idle === null) this.#lookWhenIdle()
    if (this.#commits % lookEvery !== 0 || this.#busy) return
    const frames = this.#ports.frames()
    if (frames >= this.#limits.passiveFrames)
      void this.#run(frames >= this.#limits.restartFrames ? "RESTART" : "PASSIVE")
  }

  close(): void {
    this.#closed = true
    if (this.#idle !== null) clearTimeout(this.#idle)
    this.#idle = null
  }

  #lookWhenIdle(): void {
    const commitsThen = this.#commits
    this.#idle = setTimeout(() => {
      this.#idle = null
      if (this.#closed) return
      if (this.#commits !== commitsThen) this.#lookWhenIdle()
      else if (!this.#busy && this.#ports.frames() > 0) void this.#run("RESTART")
    }, this.#limits.idleMs).unref()
  }

  async #run(mode: CheckpointMode): Promise<void> {
    this.#busy = true
    try {
      const result = (await this.#ports.worker.ask({ kind: "checkpoint", mode })) as CheckpointResult
      this.#watch(result.frames)
    } catch (error) {
      // The log only grows; the next look tries again.
      if (!this.#closed)
        this.#ports.alarm(`a checkpoint failed: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      this.#busy = false
    }
  }

  #watch(frames: number): void {
    if (frames < this.#limits.alarmFrames) {
      this.#alarmed = false
      return
    }
    if (this.#alarmed) return
    this.#alarmed = true
    this.#ports.alarm(`the write-ahead log has grown to ${Math.round((frames * 4) / 1024)} MiB: a long read holds it`)
  }
}
