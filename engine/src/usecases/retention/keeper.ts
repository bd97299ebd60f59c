/**
 * The keeper of retention: clears away what is due, a few runs at a time so that nobody who works notices, by the hour or
 * when somebody asks. What went stands in the audit. It never decides what is due: that is the policy's.
 */
import { dueBefore, type RetentionClass, type RetentionPolicy } from "../../core/policy/retention.ts"
import { isSampledAway } from "../../core/policy/sampling.ts"
import type { ArchiveShelf } from "../../ports/archive-shelf.ts"
import type { AuditDraft, AuditStore } from "../../ports/audit-store.ts"
import type { Clock } from "../../ports/clock.ts"
import type { Log } from "../../ports/log.ts"
import type { RetentionStore, SamplingStore } from "../../ports/retention-store.ts"
import type { RunEraser } from "../../ports/run-eraser.ts"
import type { ArchivedRanges } from "../archive/archived-ranges.ts"
import type { Archived, Archiver } from "../archive/archiver.ts"
import { type EraseAnswer, eraseWhatWaits, goThrough, intendToErase } from "./erase-run.ts"

export interface RetentionPorts {
  readonly store: RetentionStore
  readonly sampling: SamplingStore
  readonly audit: Pick<AuditStore, "append">
  readonly clock: Clock
  readonly log: Log
  readonly archiver: Archiver
  readonly shelf: ArchiveShelf
  readonly ranges: ArchivedRanges
  readonly eraser: RunEraser
  /** Out of the memory of the runtime, and of the room of the archive. */
  forget(runId: string): Promise<void>
  /** Nothing is cleared away while this is true: a restored store at which nobody has looked (rule 35). */
  held(): boolean
  /** All that has ended was counted: before that, nothing is sampled away. */
  counted(): boolean
}

export interface RetentionLimits {
  /** Between two looks. */
  readonly everyMs: number
  /** At the end, for what is under way. */
  readonly stopMs: number
  /** Who asks for a run to be erased is told by then, done or not. */
  readonly eraseWaitMs: number
  /** In one transaction, at most: the store takes fewer where they cost more. */
  readonly runsPerWrite: number
  /** Looked at in one transaction by sampling. */
  readonly sampledPerWrite: number
  /** Counted by a preview; more are "at least". */
  readonly previewMax: number
}

export const defaultRetentionLimits: RetentionLimits = {
  everyMs: 3_600_000,
  stopMs: 5_000,
  eraseWaitMs: 10_000,
  runsPerWrite: 1_000,
  sampledPerWrite: 20,
  previewMax: 100_000,
}

export interface Kept {
  /** 0: it was never put, the default holds. */
  readonly version: number
  readonly policy: RetentionPolicy
  /** When it was put; 0: it never was. */
  readonly at: number
}

export type PurgeReport = { readonly [name in RetentionClass]: { readonly runs: number; readonly events: number } } & {
  /** Null: the policy archives nothing. */
  readonly archive: Archived | null
  readonly sampled: { readonly runs: number; readonly events: number }
}

/**
 * What goes whole need not lose its events first, nor its values before them: each run is written to once. Logs go before,
 * since they have bounds of their own: a run may have more of them than one transaction may hold.
 */
const inTurn: readonly RetentionClass[] = ["logs", "summaries", "events", "io"]

/** Between two looks, however much is overdue. */
const soonestMs = 10_000

/** One purge at a time. */
export class Keeper {
  readonly #ports: RetentionPorts
  readonly #limits: RetentionLimits
  readonly #kept: (workspaceId: string) => Kept
  readonly #moved: () => Promise<void>
  #turn: Promise<unknown> = Promise.resolve()
  #forget: (() => void) | null = null
  #isStopped = false
  #isFirst: boolean

  /** @param isFirstSoon something that a crash left undone does not wait for the hour */
  constructor(
    ports: RetentionPorts,
    limits: RetentionLimits,
    kept: (workspaceId: string) => Kept,
    moved: () => Promise<void>,
    isFirstSoon = false,
  ) {
    this.#isFirst = isFirstSoon
    this.#ports = ports
    this.#limits = limits
    this.#kept = kept
    this.#moved = moved
  }

  start(): void {
    if (this.#isStopped) return
    this.#forget = this.#ports.clock.setTimer(this.#pause(), () => {
      this.#everybody()
        .catch((error: unknown) => this.#failed(error))
        .finally(() => this.start())
    })
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#ports.archiver.stop()
    this.#forget?.()
    let forget = () => {}
    // An archive that does not answer is not waited for: what is written by then is written again.
    const grace = new Promise<void>((resolve) => {
      forget = this.#ports.clock.setTimer(this.#limits.stopMs, resolve)
    })
    await Promise.race([this.#turn.catch(() => {}), grace])
    forget()
  }

  /** Sooner where the archive could not be reached. */
  #pause(): number {
    if (this.#isFirst) return soonestMs
    const next = this.#ports.archiver.nextTry()
    const { everyMs } = this.#limits
    // One that is overdue was not tried: nothing may be cleared away now, or nothing is archived any more.
    return next === null ? everyMs : Math.max(soonestMs, Math.min(everyMs, next - this.#ports.clock.now()))
  }

  purge(workspaceId: string): Promise<PurgeReport> {
    const turn = this.#turn.catch(() => {}).then(() => this.#purge(workspaceId))
    this.#turn = turn
    return turn
  }

  /** As soon as what is under way is done; who asks waits for that some seconds. */
  async erase(workspaceId: string, runId: string, audit: AuditDraft): Promise<EraseAnswer> {
    const intended = await intendToErase(this.#ports, workspaceId, runId, audit)
    if (intended.kind !== "intended") return intended
    const turn = this.#turn.catch(() => {}).then(() => goThrough(this.#ports, intended.erasure))
    this.#turn = turn
    let forget = () => {}
    const late = new Promise<Awaited<typeof turn>>((resolve) => {
      const waits = { waits: "retention is at work, and this comes behind it", batchId: null }
      forget = this.#ports.clock.setTimer(this.#limits.eraseWaitMs, () => resolve(waits))
    })
    const done = await Promise.race([turn, late]).finally(() => forget())
    const { seq, headHash } = intended.run
    return { kind: "erased", erased: { seq, headHash, ...done } }
  }

  async #everybody(): Promise<void> {
    this.#isFirst = false
    for (const workspaceId of await this.#ports.store.workspaces()) await this.purge(workspaceId)
  }

  async #purge(workspaceId: string): Promise<PurgeReport> {
    const report: Record<RetentionClass, { runs: number; events: number }> = {
      logs: { runs: 0, events: 0 },
      io: { runs: 0, events: 0 },
      events: { runs: 0, events: 0 },
      summaries: { runs: 0, events: 0 },
    }
    const nothing = { runs: 0, events: 0 }
    if (this.#ports.held()) return { ...report, archive: null, sampled: nothing }
    await eraseWhatWaits(this.#ports, workspaceId)
    const now = this.#ports.clock.now()
    const { policy, version, at } = this.#kept(workspaceId)
    // Before the archive: what is not kept is not packed either.
    const sampled = await this.#sample(workspaceId, policy, version, at)
    const archive = await this.#archive(workspaceId, policy, version, now)
    for (const name of inTurn) {
      const until = dueBefore(policy, name, now)
      // Logs that go before the values go for good, and wait for no archive.
      const onlyArchived = policy.archive && (name !== "logs" || policy.logs === policy.io)
      if (until !== null) report[name] = await this.#class(workspaceId, name, until, onlyArchived, version)
    }
    await this.#moved()
    await this.#ports.archiver.clear(workspaceId, archive === null)
    return { ...report, archive, sampled }
  }

  /** First, and what does not get there stays where it is. Values go before events or with them. */
  async #archive(workspaceId: string, policy: RetentionPolicy, version: number, now: number): Promise<Archived | null> {
    const until = dueBefore(policy, "io", now)
    if (!policy.archive || until === null) {
      this.#ports.archiver.waitsNoMore(workspaceId)
      return null
    }
    const archived = await this.#ports.archiver.archive(workspaceId, until)
    if (archived.runs > 0) await this.#say(workspaceId, "archive", until, version, archived)
    return archived
  }

  /** Of what ended since the policy was put. */
  async #sample(workspaceId: string, { sampling }: RetentionPolicy, version: number, since: number) {
    const gone = { runs: 0, events: 0 }
    if (sampling === null || !this.#ports.counted()) return gone
    const until = this.#ports.clock.now() - sampling.afterHours * 3_600_000
    const goes = (run: Parameters<typeof isSampledAway>[1]) => isSampledAway(sampling, run)
    for (let isDone = false; !isDone && !this.#isStopped; ) {
      const bounds = { since, until, most: this.#limits.sampledPerWrite, now: this.#ports.clock.now() }
      const sampled = await this.#ports.sampling.sample(workspaceId, bounds, goes)
      gone.runs += sampled.runs
      gone.events += sampled.events
      isDone = sampled.isDone
    }
    if (gone.events > 0) await this.#say(workspaceId, "sampling", until, version, gone)
    return gone
  }

  async #class(workspaceId: string, name: RetentionClass, until: number, onlyArchived: boolean, version: number) {
    const { store, clock } = this.#ports
    const gone = { runs: 0, events: 0 }
    for (let isDone = false; !isDone && !this.#isStopped; ) {
      const now = clock.now()
      const purged = await store.purge(workspaceId, name, until, this.#limits.runsPerWrite, now, onlyArchived)
      gone.runs += purged.runs
      gone.events += purged.events
      isDone = purged.isDone
    }
    if (gone.events > 0 || gone.runs > 0) await this.#say(workspaceId, name, until, version, gone)
    return gone
  }

  async #say(
    workspaceId: string,
    name: RetentionClass | "archive" | "sampling",
    until: number,
    version: number,
    gone: { readonly runs: number; readonly events: number },
  ): Promise<void> {
    const detail = { class: name, until: new Date(until).toISOString(), version, ...gone }
    const what = { archive: "archived", sampling: "sampled away" }[name as string] ?? "cleared away"
    this.#ports.log.write("info", `retention ${what} what was due`, { workspaceId, ...detail })
    await this.#ports.audit.append([
      {
        workspaceId,
        at: this.#ports.clock.now(),
        actor: "system",
        credential: "none",
        action: name === "archive" || name === "sampling" ? `retention.${name}` : "retention.purge",
        target: name,
        door: "",
        address: "",
        outcome: "done",
        status: 0,
        requestId: "",
        detail: JSON.stringify(detail),
      },
    ])
  }

  #failed(error: unknown): void {
    this.#ports.log.write("warn", "retention could not clear away what was due; it tries again in an hour", {
      error: error instanceof Error ? error.message : String(error),
    })
  }
}
