/** An approval with what was shown: the row, and the event that asked. */
import type { Action, Approval, Json } from "@waybill/contract"
import type { ApprovalRow, Engine } from "@waybill/engine"
import type { Caller } from "../../shared/auth.ts"
import { parsedPayload } from "../../shared/event-reading.ts"
import { rfc3339, rfc3339OrNull } from "../../shared/time.ts"

/** @param near in a list over many runs: of one that lies in the archive what was shown is left out */
export async function approvalDocument(
  engine: Engine,
  row: ApprovalRow,
  caller: Caller,
  near = false,
): Promise<Approval> {
  const [event] = await engine.queries.events(row.runId, { after: row.requestedSeq - 1, types: [], limit: 1, near })
  const asked = parsedPayload(event, "approval.requested")
  const undecided = await engine.insights.ifNobodyDecides(row)
  const { sla, ...course } = await engine.insights.approvalCourse(row)
  return {
    approvalId: row.approvalId,
    runId: row.runId,
    stepId: row.stepId,
    workflowId: row.workflowId,
    environment: row.environment,
    workspaceId: row.workspaceId,
    name: row.name,
    round: row.round,
    state: row.state,
    message: row.message,
    summary: asked?.summary ? ((await engine.queries.value(asked.summary)) as Json) : null,
    approvers: JSON.parse(row.approvers),
    outcomes: JSON.parse(row.outcomes),
    requestedBy: row.requestedBy,
    requestedAt: rfc3339(row.requestedAt),
    timeoutAt: rfc3339OrNull(row.timeoutAt),
    dueAt: rfc3339OrNull(row.dueAt),
    sla: sla && { state: sla.state, warnAt: rfc3339OrNull(sla.warnAt), breachAt: rfc3339(sla.breachAt) },
    nextReminderAt: rfc3339OrNull(course.nextReminderAt),
    remindersSent: course.remindersSent,
    lastRemindedAt: rfc3339OrNull(course.lastRemindedAt),
    nextEscalationAt: rfc3339OrNull(course.nextEscalationAt),
    escalations: course.escalations.map(({ at, to }) => ({ at: rfc3339(at), to: [...to] })),
    delegations: course.delegations.map(({ at, ...how }) => ({ at: rfc3339(at), ...how })),
    ifNobodyDecides: undecided && { at: rfc3339OrNull(undecided.at), otherwise: undecided.otherwise },
    decidedBy: row.decidedBy === null ? [] : JSON.parse(row.decidedBy),
    decidedAt: rfc3339OrNull(row.decidedAt),
    outcome: row.outcome,
    comment: row.comment,
    form: row.form === null ? null : JSON.parse(row.form),
    formSchema: asked?.form ?? null,
    contentHash: row.contentHash,
    bound: row.bound,
    votes: JSON.parse(row.votes),
    actions: engine.queries.approvalActions(row, asked, caller.actor) as Action[],
  }
}
