/**
 * The door of retention, and the keeper behind it: what each workspace keeps for how long, what would go next, and the
 * going itself, a few runs at a time so that nobody who works notices. What went stands in the audit.
 */
import type { Json } from "../../core/json.ts"
import {
  checkRetention,
  defaultRetention,
  dueBefore,
  type RetentionClass,
  type RetentionPolicy,
  retentionClasses,
} from "../../core/policy/retention.ts"
import type { AuditDraft, AuditStore } from "../../ports/audit-store.ts"
import type { Clock } from "../../ports/clock.ts"
import type { Log } from "../../ports/log.ts"
import type { RetentionProgress, RetentionRow, RetentionStore } from "../../ports/retention-store.ts"

export interface RetentionPorts {
  readonly store: RetentionStore
  readonly audit: Pick<AuditStore, "append">
  readonly clock: Clock
  readonly log: Log
  /** Nothing is cleared away while this is true: a restored store at which nobody has looked (rule 35). */
  held(): boolean
}

export interface RetentionLimits {
  /** Between two looks. */
  readonly everyMs: number
  /** In one transaction: some milliseconds of the engine's thread. */
  readonly runsPerWrite: number
  /** Counted by a preview; more are "at least". */
  readonly previewMax: number
}

export const defaultRetentionLimits: RetentionLimits = { everyMs: 3_600_000, runsPerWrite: 20, previewMax: 100_000 }

export interface Kept {
  /** 0: it was never put, the default holds. */
  readonly version: number
  readonly policy: RetentionPolicy
}

export interface ClassPreview {
  readonly class: RetentionClass
  readonly days: number | null
  /** What finished at or before that is due; null: never. */
  readonly until: number | null
  readonly runs: number
  readonly isExact: boolean
  readonly oldest: number | null
  readonly newest: number | null
}

export type PutRetention =
  | { readonly kind: "put"; readonly row: RetentionRow }
  | { readonly kind: "invalid"; readonly problems: readonly { readonly pointer: string; readonly message: string }[] }
  | { readonly kind: "stale"; readonly version: number }

export type PurgeReport = { readonly [name in RetentionClass]: { readonly runs: number; readonly events: number } }

export interface Evidence {
  readonly io: "present" | "expired"
  readonly events: "present" | "expired"
}

export interface RetentionDoor {
  kept(workspaceId: string): Kept
  versions(workspaceId: string, limit: number): Promise<readonly RetentionRow[]>
  /** @param said what stands in the audit of it */
  put(workspaceId: string, written: Json, asked: PutAsked, said: AuditDraft): Promise<PutRetention>
  /** What the next purge takes, under the policy that holds or under another. */
  preview(workspaceId: string, written: Json): Promise<PreviewAnswer>
  /** Now, all that is due. */
  purge(workspaceId: string): Promise<PurgeReport>
  /** What is left of a run that finished then. */
  evidence(workspaceId: string, completedAt: number | null): Evidence
  start(): void
  stop(): Promise<void>
}

export interface PutAsked {
  readonly note: string | null
  /** The version it was made from; null: whatever holds. */
  readonly basedOn: number | null
  readonly by: string
}

export type PreviewAnswer =
  | { readonly kind: "done"; readonly classes: readonly ClassPreview[] }
  | Extract<PutRetention, { kind: "invalid" }>

export async function openRetention(ports: RetentionPorts, limits: RetentionLimits): Promise<RetentionDoor> {
  const { store, clock } = ports
  const rows = new Map((await store.policies()).map((row) => [row.workspaceId, row]))
  const progress = new Map((await store.progress()).map((one) => [placeOf(one.workspaceId, one.class), one]))
  const kept = (workspaceId: string): Kept => {
    const row = rows.get(workspaceId)
    if (row === undefined) return { version: 0, policy: defaultRetention }
    return { version: row.version, policy: { ...defaultRetention, ...(JSON.parse(row.policy) as RetentionPolicy) } }
  }
  const keeper = new Keeper(ports, limits, kept, async () => {
    for (const one of await store.progress()) progress.set(placeOf(one.workspaceId, one.class), one)
  })
  const isGone = (workspaceId: string, name: RetentionClass, completedAt: number) => {
    const place: RetentionProgress | undefined = progress.get(placeOf(workspaceId, name))
    return place !== undefined && completedAt <= place.completedAt
  }
  return {
    kept,
    versions: (workspaceId, limit) => store.versions(workspaceId, limit),
    async put(workspaceId, written, { note, basedOn, by }, said) {
      const { version, policy } = kept(workspaceId)
      const checked = checkRetention(written, policy)
      if (!checked.ok) return { kind: "invalid", problems: checked.problems }
      if (basedOn !== null && basedOn !== version) return { kind: "stale", version }
      const text = JSON.stringify(checked.policy)
      const row: RetentionRow = { workspaceId, version: version + 1, policy: text, note, at: clock.now(), by }
      if (!(await store.put(row, said))) return { kind: "stale", version: version + 1 }
      rows.set(workspaceId, row)
      return { kind: "put", row }
    },
    async preview(workspaceId, written) {
      const checked = checkRetention(written ?? {}, kept(workspaceId).policy)
      if (!checked.ok) return { kind: "invalid", problems: checked.problems }
      const classes: ClassPreview[] = []
      for (const name of retentionClasses)
        classes.push(await classPreview(store, limits, workspaceId, name, checked.policy, clock.now()))
      return { kind: "done", classes }
    },
    purge: (workspaceId) => keeper.purge(workspaceId),
    evidence(workspaceId, completedAt) {
      const gone = (name: RetentionClass) =>
        completedAt !== null && isGone(workspaceId, name, completedAt) ? "expired" : "present"
      return { io: gone("events") === "expired" ? "expired" : gone("io"), events: gone("events") }
    },
    start: () => keeper.start(),
    stop: () => keeper.stop(),
  }
}

function placeOf(workspaceId: string, name: RetentionClass): string {
  return JSON.stringify([workspaceId, name])
}

async function classPreview(
  store: RetentionStore,
  limits: RetentionLimits,
  workspaceId: string,
  name: RetentionClass,
  policy: RetentionPolicy,
  now: number,
): Promise<ClassPreview> {
  const until = dueBefore(policy, name, now)
  if (until === null) return { class: name, days: null, until, runs: 0, isExact: true, oldest: null, newest: null }
  const { runs, oldest, newest } = await store.preview(workspaceId, name, until, limits.previewMax + 1)
  const isExact = runs <= limits.previewMax
  return { class: name, days: policy[name], until, runs: isExact ? runs : limits.previewMax, isExact, oldest, newest }
}

/** One purge at a time, by the hour or when somebody asks. */
class Keeper {
  readonly #ports: RetentionPorts
  readonly #limits: RetentionLimits
  readonly #kept: (workspaceId: string) => Kept
  readonly #moved: () => Promise<void>
  #turn: Promise<unknown> = Promise.resolve()
  #forget: (() => void) | null = null
  #isStopped = false

  constructor(
    ports: RetentionPorts,
    limits: RetentionLimits,
    kept: (workspaceId: string) => Kept,
    moved: () => Promise<void>,
  ) {
    this.#ports = ports
    this.#limits = limits
    this.#kept = kept
    this.#moved = moved
  }

  start(): void {
    if (this.#isStopped) return
    this.#forget = this.#ports.clock.setTimer(this.#limits.everyMs, () => {
      this.#everybody()
        .catch((error: unknown) => this.#failed(error))
        .finally(() => this.start())
    })
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#forget?.()
    await this.#turn.catch(() => {})
  }

  purge(workspaceId: string): Promise<PurgeReport> {
    const turn = this.#turn.catch(() => {}).then(() => this.#purge(workspaceId))
    this.#turn = turn
    return turn
  }

  async #everybody(): Promise<void> {
    for (const workspaceId of await this.#ports.store.workspaces()) await this.purge(workspaceId)
  }

  async #purge(workspaceId: string): Promise<PurgeReport> {
    const report: Record<RetentionClass, { runs: number; events: number }> = {
      io: { runs: 0, events: 0 },
      events: { runs: 0, events: 0 },
      summaries: { runs: 0, events: 0 },
    }
    if (this.#ports.held()) return report
    const now = this.#ports.clock.now()
    const { policy, version } = this.#kept(workspaceId)
    for (const name of retentionClasses) {
      const until = dueBefore(policy, name, now)
      if (until !== null) report[name] = await this.#class(workspaceId, name, until, version)
    }
    await this.#moved()
    return report
  }

  async #class(workspaceId: string, name: RetentionClass, until: number, version: number) {
    const { store, clock } = this.#ports
    const gone = { runs: 0, events: 0 }
    for (let isDone = false; !isDone && !this.#isStopped; ) {
      const now = clock.now()
      const purged = await store.purge(workspaceId, name, until, this.#limits.runsPerWrite, now)
      gone.runs += purged.runs
      gone.events += purged.events
      isDone = purged.isDone
    }
    if (gone.events > 0 || gone.runs > 0) await this.#say(workspaceId, name, until, version, gone)
    return gone
  }

  async #say(
    workspaceId: string,
    name: RetentionClass,
    until: number,
    version: number,
    gone: { readonly runs: number; readonly events: number },
  ): Promise<void> {
    const detail = { class: name, until: new Date(until).toISOString(), version, ...gone }
    this.#ports.log.write("info", "retention cleared away what was due", { workspaceId, ...detail })
    await this.#ports.audit.append([
      {
        workspaceId,
        at: this.#ports.clock.now(),
        actor: "system",
        credential: "none",
        action: "retention.purge",
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
