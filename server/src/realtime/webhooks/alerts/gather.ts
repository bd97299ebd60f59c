/** Which happenings are told together: failures of one issue, approvals that one state asks of the same people. */
import { createHash } from "node:crypto"
import type { WebhookEventName } from "@waybill/contract"
import { type AlertThread, fingerprintOf, type RunRow } from "@waybill/engine"
import type { OpenEndpoint } from "../endpoint-book.ts"
import { errorOf, payloadOf, type Told } from "../message.ts"

/** What fails beside production wakes nobody; what waits for a person waits for one whatever it was started for. */
export function isAlarming(name: WebhookEventName, run: Pick<RunRow, "origin">): boolean {
  return run.origin === "live" || !name.endsWith(".failed")
}

/** @param gatherMs what comes so soon after is told with it */
export function noteOf(
  { row }: OpenEndpoint,
  name: WebhookEventName,
  told: Told,
  now: number,
  gatherMs: number,
): AlertThread {
  const { event, run, approval } = told
  return {
    endpointId: row.endpointId,
    threadKey: threadKey(name, told),
    workspaceId: event.workspaceId,
    event: name,
    runId: run.runId,
    stepId: event.stepId,
    approvalId: approval?.approvalId ?? null,
    fresh: 1,
    total: 1,
    firstAt: event.at,
    lastAt: event.at,
    toldAt: null,
    dueAt: now + gatherMs,
  }
}

export function threadKey(name: WebhookEventName, told: Told): string {
  const { run, step, approval } = told
  const parts = [name, run.environment, run.workflowId]
  const alike = approval === null ? ofFailure(told) : [step?.name ?? approval.name, approval.approvers]
  return createHash("sha256")
    .update(JSON.stringify([...parts, ...alike]))
    .digest("base64url")
}

/** As issues are made of failures (`measures`), so that a thread and an issue are the same failures. */
function ofFailure({ event, run }: Told): readonly (string | null)[] {
  const error = errorOf(payloadOf(event))
  if (error === null) return [run.errorStep, run.errorClass, run.errorCode]
  const { step, errorClass, errorCode, message, frame } = fingerprintOf(error, run.errorStep)
  return [step, errorClass, errorCode, message, frame]
}
