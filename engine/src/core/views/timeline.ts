/** What happened when, as lanes and segments (settled 26): queue time apart from run time, retries inside one lane. */
import type { RunEvent } from "../run/events.ts"

export type SegmentKind = "queued" | "running" | "backoff" | "waiting" | "approval" | "signal" | "children"

export interface Lane {
  readonly id: string
  readonly name: string
  readonly type: string
  /** The holder's lane. */
  readonly parent: string | null
  readonly branchPath: string
  /** The event that entered it: the order of steps. */
  readonly seq: number
  readonly from: number
  /** Null while it is not left. */
  to: number | null
  status: string
  retries: number
}

export interface Segment {
  readonly lane: string
  readonly kind: SegmentKind
  readonly attempt: number
  readonly from: number
  to: number | null
  outcome: string | null
}

export interface TimelineView {
  readonly lanes: readonly Lane[]
  readonly segments: readonly Segment[]
}

/** Which event opens a segment of which kind; anything else that concerns the step closes the open one. */
const opens: Readonly<Partial<Record<RunEvent["type"], SegmentKind>>> = {
  "step.scheduled": "queued",
  "step.redelivered": "queued",
  "step.started": "running",
  "step.retry_scheduled": "backoff",
  "approval.requested": "approval",
  "wait.opened": "signal",
  "child.started": "children",
  "scope.opened": "children",
}

const closes: Readonly<Partial<Record<RunEvent["type"], string>>> = {
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
  "wait.closed": "closed",
  "child.finished": "finished",
}

export function timelineOf(events: Iterable<RunEvent>): TimelineView {
  const lanes = new Map<string, Lane>()
  const segments: Segment[] = []
  const open = new Map<string, Segment>()
  const holders = new Map<string, string>()
  const close = (lane: string, at: number, outcome: string | null) => {
    const segment = open.get(lane)
    if (segment === undefined) return
    segment.to = at
    segment.outcome = outcome
    open.delete(lane)
  }
  for (const event of events) {
    if (event.stepId === null) {
      if (
        event.type === "run.completed" ||
        event.type === "run.failed" ||
        event.type === "run.cancelled" ||
        event.type === "run.timed_out"
      )
        for (const lane of [...open.keys()]) close(lane, event.at, "ended")
      continue
    }
    const lane = event.stepId
    if (event.type === "state.entered") {
      const { name, type, action, branchPath, scope } = event.payload
      lanes.set(lane, {
        id: lane,
        name,
        type: action ?? type,
        parent: holders.get(scope) ?? null,
        branchPath,
        seq: event.seq,
        from: event.at,
        to: null,
        status: "RUNNING",
        retries: 0,
      })
      continue
    }
    if (event.type === "branch.started" || event.type === "item.started" || event.type === "block.started")
      holders.set(event.payload.scope, lane)
    if (event.type === "step.retry_scheduled") lanes.get(lane)!.retries++
    const closed = closes[event.type]
    if (closed !== undefined) close(lane, event.at, closed)
    const kind =
      event.type === "timer.set"
        ? event.payload.kind === "wait" || event.payload.kind === "loop_delay"
          ? "waiting"
          : undefined
        : opens[event.type]
    if (kind !== undefined) {
      close(lane, event.at, null)
      const segment: Segment = { lane, kind, attempt: attemptOf(event), from: event.at, to: null, outcome: null }
      segments.push(segment)
      open.set(lane, segment)
    }
    if (event.type === "timer.fired" && open.get(lane)?.kind === "waiting") close(lane, event.at, "fired")
    if (event.type === "state.exited") {
      close(lane, event.at, event.payload.status.toLowerCase())
      const row = lanes.get(lane)
      if (row !== undefined) {
        row.status = event.payload.status
        row.to = event.at
      }
    }
  }
  return { lanes: [...lanes.values()], segments }
}

function attemptOf(event: RunEvent): number {
  const attempt = (event.payload as { readonly attempt?: unknown }).attempt
  return typeof attempt === "number" ? attempt : 1
}
