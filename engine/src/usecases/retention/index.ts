/**
 * The door of retention: what each workspace keeps for how long, what would go next, and what is left of a run. The going
 * itself is the keeper's.
 */
import type { Json } from "../../core/json.ts"
import {
  checkRetention,
  defaultRetention,
  dueBefore,
  type RetentionClass,
  type RetentionPolicy,
  retentionClasses,
  storedRetention,
} from "../../core/policy/retention.ts"
import { isSampledAway } from "../../core/policy/sampling.ts"
import type { ArchivePreview, ArchiveTotals, ListedBatch } from "../../ports/archive-shelf.ts"
import type { AuditDraft } from "../../ports/audit-store.ts"
import type {
  PreviewedSampling,
  RetentionProgress,
  RetentionRow,
  RetentionStore,
  SampledCount,
} from "../../ports/retention-store.ts"
import type { ArchiveWaits } from "../archive/archiver.ts"
import { hasLogs } from "../archive/batch-contents.ts"
import type { EraseAnswer } from "./erase-run.ts"
import { Keeper, type Kept, type PurgeReport, type RetentionLimits, type RetentionPorts } from "./keeper.ts"

export {
  defaultRetentionLimits,
  type Kept,
  type PurgeReport,
  type RetentionLimits,
  type RetentionPorts,
} from "./keeper.ts"

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

/** `archived`: gone from the store, and read from the archive. */
export type EvidenceState = "present" | "archived" | "expired"

export interface Evidence {
  /** Of what went, the archive may have it: `archivedLogs` says of one run. */
  readonly logs: "present" | "expired"
  readonly io: EvidenceState
  readonly events: EvidenceState
}

export interface ArchiveView extends ArchiveTotals {
  /** Null: none is configured. */
  readonly place: string | null
  readonly waits: ArchiveWaits | null
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
  /** One run, now, whole, out of the archive too. @param said what stands in the audit of it */
  erase(workspaceId: string, runId: string, said: AuditDraft): Promise<EraseAnswer>
  /** What is left of a run that finished then. */
  evidence(workspaceId: string, completedAt: number | null): Evidence
  /** What agents logged in it lies in the archive. */
  archivedLogs(runId: string): Promise<boolean>
  archive(workspaceId: string): Promise<ArchiveView>
  /** Newest first; `before` is a batch's id. */
  batches(workspaceId: string, before: string | null, limit: number): Promise<readonly ListedBatch[]>
  /** What sampling took away, by workflow, those with the most runs first. */
  sampled(workspaceId: string): Promise<readonly SampledCount[]>
  /** It lies in the archive. */
  isArchived(workspaceId: string, completedAt: number | null): boolean
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
  | {
      readonly kind: "done"
      readonly classes: readonly ClassPreview[]
      /** Null: the policy archives nothing. */
      readonly archive: ArchivePreview | null
      /** Null: the policy samples nothing. */
      readonly sampled: SamplingPreview | null
    }
  | Extract<PutRetention, { kind: "invalid" }>

export interface SamplingPreview extends PreviewedSampling {
  /** Of what ended from then on, and by then. */
  readonly since: number
  readonly until: number
}

export async function openRetention(ports: RetentionPorts, limits: RetentionLimits): Promise<RetentionDoor> {
  const { store, clock, archiver, shelf, ranges } = ports
  const rows = new Map((await store.policies()).map((row) => [row.workspaceId, row]))
  const progress = new Map((await store.progress()).map((one) => [placeOf(one.workspaceId, one.class), one]))
  const kept = (workspaceId: string): Kept => {
    const row = rows.get(workspaceId)
    if (row === undefined) return { version: 0, policy: defaultRetention, at: 0 }
    return { version: row.version, policy: storedRetention(row.policy), at: row.at }
  }
  const moved = async () => {
    for (const one of await store.progress()) progress.set(placeOf(one.workspaceId, one.class), one)
  }
  const isLeft = (await ports.eraser.pending(null)).length > 0
  const keeper = new Keeper(ports, limits, kept, moved, isLeft)
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
      if (checked.policy.archive && !policy.archive && archiver.place === null)
        return { kind: "invalid", problems: [noArchive] }
      if (basedOn !== null && basedOn !== version) return { kind: "stale", version }
      const text = JSON.stringify(checked.policy)
      const row: RetentionRow = { workspaceId, version: version + 1, policy: text, note, at: clock.now(), by }
      if (!(await store.put(row, said))) return { kind: "stale", version: version + 1 }
      rows.set(workspaceId, row)
      return { kind: "put", row }
    },
    async preview(workspaceId, written) {
      const { policy, at } = kept(workspaceId)
      const checked = checkRetention(written ?? {}, policy)
      if (!checked.ok) return { kind: "invalid", problems: checked.problems }
      // Another policy would be put now, and leave alone what ended before it.
      const since = written === null ? at : clock.now()
      const classes: ClassPreview[] = []
      for (const name of retentionClasses)
        classes.push(await classPreview(store, limits, workspaceId, name, checked.policy, clock.now()))
      const archive = await archivePreview(ports, workspaceId, checked.policy)
      return {
        kind: "done",
        classes,
        archive,
        sampled: await samplingPreview(ports, workspaceId, checked.policy, since),
      }
    },
    purge: (workspaceId) => keeper.purge(workspaceId),
    erase: (workspaceId, runId, said) => keeper.erase(workspaceId, runId, said),
    evidence(workspaceId, completedAt) {
      const left = ranges.holds(workspaceId, completedAt) ? "archived" : "expired"
      const stateOf = (name: RetentionClass) =>
        completedAt !== null && isGone(workspaceId, name, completedAt) ? left : "present"
      const events = stateOf("events")
      const logs = completedAt !== null && isGone(workspaceId, "logs", completedAt) ? "expired" : "present"
      return { logs, io: events === "present" ? stateOf("io") : events, events }
    },
    async archivedLogs(runId) {
      const batch = ranges.isEmpty ? null : await shelf.batchOf(runId)
      return batch !== null && hasLogs(batch)
    },
    async archive(workspaceId) {
      const totals = await shelf.totals(workspaceId)
      return { ...totals, place: archiver.place, waits: archiver.waits(workspaceId) }
    },
    batches: (workspaceId, before, limit) => shelf.list(workspaceId, before, limit),
    sampled: (workspaceId) => ports.sampling.counts(workspaceId, sampledMax),
    isArchived: (workspaceId, completedAt) => ranges.holds(workspaceId, completedAt),
    start: () => keeper.start(),
    stop: () => keeper.stop(),
  }
}

/** Workflows whose counts are told. */
const sampledMax = 200

const noArchive = { pointer: "/archive", message: "there is no archive: start the server with WAYBILL_ARCHIVE" }

async function archivePreview({ shelf, clock }: RetentionPorts, workspaceId: string, policy: RetentionPolicy) {
  const until = dueBefore(policy, "io", clock.now())
  return policy.archive && until !== null ? shelf.preview(workspaceId, until, archivePreviewMax) : null
}

async function samplingPreview(
  { sampling: store, clock }: RetentionPorts,
  workspaceId: string,
  { sampling }: RetentionPolicy,
  since: number,
): Promise<SamplingPreview | null> {
  if (sampling === null) return null
  const until = clock.now() - sampling.afterHours * 3_600_000
  const bounds = { since, until, most: samplingPreviewMax }
  const found = await store.preview(workspaceId, bounds, (run) => isSampledAway(sampling, run))
  return { ...found, since, until }
}

/** Runs that are looked at. */
const samplingPreviewMax = 100_000

/** Runs that are counted, in one statement of a reader. */
const archivePreviewMax = 100_000

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
