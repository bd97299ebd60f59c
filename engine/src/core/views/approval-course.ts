/**
 * What an approval went through while it waited, and what its clocks do next: told from the few events that concern it
 * and its open timers, so that an inbox loads no run. Clocks of an approval run on while its run is paused (rule 13).
 */
import type { EventPayloads, TimerKind } from "../run/events.ts"
import type { StoredEventRow } from "./feed-event.ts"
import type { ApprovalRow } from "./rows.ts"

/** Besides being asked, voted on and decided. The store has an index of exactly these. */
export const courseTypes = [
  "approval.delegated",
  "approval.reminded",
  "approval.warned",
  "approval.escalated",
] as const satisfies readonly (keyof EventPayloads)[]

export interface ApprovalRecord {
  /** Of `courseTypes`, oldest first. */
  readonly events: readonly StoredEventRow[]
  readonly timers: readonly { readonly kind: TimerKind; readonly dueAt: number }[]
}

export type SlaState = "ok" | "warning" | "breached"

export interface ApprovalCourse {
  readonly nextReminderAt: number | null
  readonly remindersSent: number
  readonly lastRemindedAt: number | null
  readonly nextEscalationAt: number | null
  readonly escalations: readonly { readonly at: number; readonly to: readonly string[] }[]
  readonly delegations: readonly {
    readonly at: number
    readonly from: string
    readonly to: string
    readonly comment: string | null
  }[]
  /** Null: nobody said when it should be decided. Of a decided one, how it stood when it was. */
  readonly sla: {
    readonly state: SlaState
    readonly warnAt: number | null
    /** The sooner of `dueAt` and `timeoutAt`: what the inbox is sorted by. */
    readonly breachAt: number
  } | null
}

export function approvalCourse(row: ApprovalRow, { events, timers }: ApprovalRecord, now: number): ApprovalCourse {
  const next = (kind: TimerKind) =>
    timers.reduce<number | null>(
      (soonest, timer) => (timer.kind === kind && (soonest === null || timer.dueAt < soonest) ? timer.dueAt : soonest),
      null,
    )
  const reminded = said(events, "approval.reminded")
  const last = reminded[reminded.length - 1]
  const warned = said(events, "approval.warned")
  return {
    nextReminderAt: next("approval_reminder"),
    remindersSent: last?.payload.count ?? 0,
    lastRemindedAt: last?.at ?? null,
    nextEscalationAt: next("approval_escalation"),
    escalations: said(events, "approval.escalated").map(({ at, payload: { to } }) => ({ at, to })),
    delegations: said(events, "approval.delegated").map(({ at, payload: { from, to, comment } }) => ({
      at,
      from,
      to,
      comment,
    })),
    sla: slaOf(row, next("approval_warn") ?? warned.find(({ payload }) => payload.kind === "warn")?.at ?? null, now),
  }
}

function slaOf(row: ApprovalRow, warnAt: number | null, now: number): ApprovalCourse["sla"] {
  const { dueAt, timeoutAt, decidedAt, state } = row
  const breachAt = Math.min(dueAt ?? Number.POSITIVE_INFINITY, timeoutAt ?? Number.POSITIVE_INFINITY)
  if (breachAt === Number.POSITIVE_INFINITY) return null
  const at = decidedAt ?? now
  if (state === "timed_out" || at >= breachAt) return { state: "breached", warnAt, breachAt }
  return { state: warnAt !== null && at >= warnAt ? "warning" : "ok", warnAt, breachAt }
}

type Said<Type extends keyof EventPayloads> = { readonly at: number; readonly payload: EventPayloads[Type] }

/** What was erased says nothing any more. */
function said<Type extends (typeof courseTypes)[number]>(
  events: readonly StoredEventRow[],
  type: Type,
): readonly Said<Type>[] {
  return events.flatMap((event) =>
    event.type === type && event.payload !== null
      ? [{ at: event.at, payload: JSON.parse(event.payload) as EventPayloads[Type] }]
      : [],
  )
}
