/**
 * What happened when, as lanes and segments (settled 26): queue time apart from run time, retries inside one lane. A lane
 * is a step's row; the times in it are enough for a step that was tried once, so that a page of a long run costs a page.
 * A step with more to tell brings its trail of events.
 */
import { isoTime } from "../run/names.ts"
import type { StepRow } from "./rows.ts"

export type SegmentKind = "queued" | "running" | "backoff" | "waiting" | "approval" | "signal" | "children"

export interface Lane {
  readonly id: string
  /** The event that entered the step: the order of lanes, and where the next page goes on. */
  readonly seq: number
  readonly name: string
  readonly type: string
  /** The holder's lane. */
  readonly parent: string | null
  readonly branchPath: string
  /** Item indices, outermost first. */
  readonly index: readonly number[] | null
  readonly visit: number
  readonly status: string
  readonly agent: string | null
  readonly attempts: number
  readonly retries: number
  readonly errorCode: string | null
  /** When the step was entered and left. */
  readonly from: number
  readonly to: number | null
}

export interface Segment {
  readonly lane: string
  readonly kind: SegmentKind
  /** Of a backoff: the attempt that it is before. */
  readonly attempt: number
  readonly from: number
  readonly to: number | null
  readonly outcome: string | null
}

/** What of a step's row the timeline is made of: long runs are read in few columns. */
export interface TimelineStep
  extends Pick<
    StepRow,
    | "stepId"
    | "name"
    | "type"
    | "action"
    | "parentStepId"
    | "branchPath"
    | "itemIndex"
    | "visit"
    | "status"
    | "attempt"
    | "delivery"
    | "retries"
    | "agent"
    | "enteredAt"
    | "scheduledAt"
    | "startedAt"
    | "completedAt"
    | "firstSeq"
  > {
  readonly errorCode: string | null
}

export function timelineStep(row: StepRow): TimelineStep {
  const error = row.error === null ? null : (JSON.parse(row.error) as { readonly code?: string })
  return { ...row, errorCode: error?.code ?? null }
}

/** An event of a step without its payload: what the trail is made of. */
export interface TrailEvent {
  readonly type: string
  readonly at: number
}

export interface TimelineView {
  readonly lanes: readonly Lane[]
  readonly segments: readonly Segment[]
}

/** The same as the text of its JSON, times in RFC 3339: a page is a megabyte, made where it is read and sent on as it is. */
export interface TimelineText {
  readonly lanes: string
  readonly segments: string
}

export function timelineText({ lanes, segments }: TimelineView): TimelineText {
  return { lanes: JSON.stringify(lanes.map(withTimes)), segments: JSON.stringify(segments.map(withTimes)) }
}

function withTimes<T extends { readonly from: number; readonly to: number | null }>(one: T): object {
  return { ...one, from: isoTime(one.from), to: one.to === null ? null : isoTime(one.to) }
}

/** Its row does not tell how it went: it was tried more than once, or somebody decided it. */
export function needsTrail(row: TimelineStep): boolean {
  return row.action === "human.approval" || row.retries > 0 || row.delivery > 1
}

/** The events of a trail. */
export const trailEvents = [
  "step.scheduled",
  "step.redelivered",
  "step.started",
  "step.retry_scheduled",
  "step.succeeded",
  "step.failed",
  "step.timed_out",
  "step.cancelled",
  "step.lost",
  "step.agent_missing",
  "step.agent_found",
  "approval.requested",
  "approval.approved",
  "approval.rejected",
  "approval.revised",
  "approval.timed_out",
  "approval.cancelled",
  "approval.superseded",
  "state.exited",
] as const

/** @param trails by step, oldest first; a step without one is told by its row */
export function timelineOf(
  rows: readonly TimelineStep[],
  trails: ReadonlyMap<string, readonly TrailEvent[]>,
): TimelineView {
  const segments: Segment[] = []
  for (const row of rows) {
    const trail = trails.get(row.stepId)
    for (const segment of trail === undefined ? segmentsOfRow(row) : segmentsOfTrail(row, trail)) segments.push(segment)
  }
  return { lanes: rows.map(laneOf), segments }
}

function laneOf(row: TimelineStep): Lane {
  return {
    id: row.stepId,
    seq: row.firstSeq,
    name: row.name,
    type: row.action ?? row.type,
    parent: row.parentStepId,
    branchPath: row.branchPath,
    index: row.itemIndex === null ? null : (JSON.parse(row.itemIndex) as readonly number[]),
    visit: row.visit,
    status: row.status,
    agent: row.agent,
    attempts: row.attempt,
    retries: row.retries,
    errorCode: row.errorCode,
    from: row.enteredAt,
    to: row.completedAt,
  }
}

/** What a step that is no agent's does from its entry to its end; the others take no time. */
const waitingKinds: { readonly [type: string]: SegmentKind | undefined } = {
  "human.approval": "approval",
  listen: "signal",
  wait: "waiting",
  run: "children",
  parallel: "children",
  foreach: "children",
  loop: "children",
  try: "children",
}

function segmentsOfRow(row: TimelineStep): Segment[] {
  const outcome = row.completedAt === null ? null : row.status.toLowerCase()
  const segment = (kind: SegmentKind, from: number, to: number | null, how: string | null): Segment => ({
    lane: row.stepId,
    kind,
    attempt: Math.max(1, row.attempt),
    from,
    to,
    outcome: how,
  })
  if (row.action !== "agent.run") {
    const kind = waitingKinds[row.action ?? row.type]
    return kind === undefined || row.status === "SKIPPED"
      ? []
      : [segment(kind, row.enteredAt, row.completedAt, outcome)]
  }
  const { enteredAt, scheduledAt, startedAt, completedAt } = row
  const segments: Segment[] = []
  // Before its first attempt it has waited: for its agent, or at the gate of a paused run.
  if ((scheduledAt ?? completedAt ?? Number.POSITIVE_INFINITY) > enteredAt && row.status !== "SKIPPED")
    segments.push(segment("waiting", enteredAt, scheduledAt ?? completedAt, scheduledAt === null ? outcome : null))
  if (scheduledAt !== null)
    segments.push(segment("queued", scheduledAt, startedAt ?? completedAt, startedAt === null ? outcome : null))
  if (startedAt !== null) segments.push(segment("running", startedAt, completedAt, outcome))
  return segments
}

/** Which event opens a segment of which kind. */
const opens: { readonly [type: string]: SegmentKind | undefined } = {
  "step.scheduled": "queued",
  "step.redelivered": "queued",
  "step.agent_found": "queued",
  "step.started": "running",
  "step.retry_scheduled": "backoff",
  "step.agent_missing": "waiting",
  "approval.requested": "approval",
}

/** Which event ends the open one, and how. */
const closes: { readonly [type: string]: string | undefined } = {
  "step.succeeded": "succeeded",
  "step.failed": "failed",
  "step.timed_out": "timed_out",
  "step.cancelled": "cancelled",
  "step.lost": "lost",
  "approval.approved": "approved",
  "approval.rejected": "rejected",
  "approval.revised": "revised",
  "approval.timed_out": "timed_out",
  "approval.cancelled": "cancelled",
  "approval.superseded": "superseded",
}

type Draft = { -readonly [K in keyof Segment]: Segment[K] }

function segmentsOfTrail(row: TimelineStep, trail: readonly TrailEvent[]): Segment[] {
  const segments: Draft[] = []
  let attempt = 0
  const [first] = trail
  // At the gate of a paused run, or for its turn in a long decision.
  let open: Draft | null =
    first === undefined || first.at === row.enteredAt
      ? null
      : { lane: row.stepId, kind: "waiting", attempt: 1, from: row.enteredAt, to: null, outcome: null }
  if (open !== null) segments.push(open)
  const close = (at: number, outcome: string | null): void => {
    if (open !== null) Object.assign(open, { to: at, outcome })
    open = null
  }
  for (const { type, at } of trail) {
    const closed = type === "state.exited" ? row.status.toLowerCase() : closes[type]
    if (closed !== undefined) close(at, closed)
    if (type === "step.scheduled") attempt++
    const kind = opens[type]
    if (kind === undefined) continue
    close(at, null)
    const of = Math.max(1, kind === "backoff" ? attempt + 1 : attempt)
    open = { lane: row.stepId, kind, attempt: of, from: at, to: null, outcome: null }
    segments.push(open)
  }
  return segments
}
