/**
 * Which rows a stretch of events changes, and what they then say. Fed with every event right after its fold, by
 * `decide` and by `rebuild` alike, so that a rebuilt row equals the one that was written (I5).
 */
import type { RunEvent } from "../run/events.ts"
import { originOf } from "../run/origin.ts"
import type { Mail, OpenApproval, RunState, Visit } from "../run/state.ts"
import type { ApprovalRow, RunRow, SignalRow, StepRow, TimerRow } from "./rows.ts"
import { blockedOn, runReason, runStatus, stepStatus } from "./status.ts"

export interface Rows {
  readonly run: RunRow
  readonly steps: readonly StepRow[]
  readonly approvals: readonly ApprovalRow[]
  readonly signals: readonly SignalRow[]
  readonly timersSet: readonly TimerRow[]
  readonly timersCancelled: readonly string[]
}

/** What an event takes away, as it was in front of the event: the rows still tell of it. */
export interface Before {
  readonly visit: Visit | undefined
  readonly approval: OpenApproval | null
  readonly mail: Mail | undefined
}

export function lookBefore(state: RunState | null, event: RunEvent): Before {
  const visit = event.stepId === null ? undefined : state?.visits.get(event.stepId)
  const approval = visit?.phase.kind === "approval" ? visit.phase.approval : null
  if (event.type !== "signal.consumed" && event.type !== "signal.dropped") return { visit, approval, mail: undefined }
  const { name, id } = event.payload
  return { visit, approval, mail: state?.mail.find((kept) => kept.name === name && kept.id === id) }
}

export class Projection {
  readonly visits = new Map<string, Visit>()
  // Made when they are first needed: most decisions touch none of them.
  #approvals: Map<string, ApprovalRow> | null = null
  #signals: Map<string, SignalRow> | null = null
  #timers: Map<string, TimerRow | null> | null = null

  note(state: RunState, event: RunEvent, before: Before): void {
    if (event.stepId !== null) {
      const visit = before.visit ?? state.visits.get(event.stepId)
      if (visit !== undefined) this.visits.set(event.stepId, visit)
    }
    switch (event.type) {
      case "timer.set":
        return this.#noteTimer(event.payload.timer, {
          runId: state.runId,
          timerId: event.payload.timer,
          kind: event.payload.kind,
          stepId: event.stepId,
          dueAt: event.payload.dueAt,
        })
      case "timer.fired":
      case "timer.cancelled":
        return this.#noteTimer(event.payload.timer, null)
      case "signal.received":
      case "signal.consumed":
      case "signal.dropped":
        return this.#noteSignal(state, event, before.mail)
      default:
        if (event.type.startsWith("approval.")) this.#noteApproval(state, event, before.visit, before.approval)
    }
  }

  rows(state: RunState, headHash: string): Rows {
    const steps: StepRow[] = []
    for (const visit of this.visits.values()) steps.push(stepRow(state.runId, visit))
    const timersSet: TimerRow[] = []
    const timersCancelled: string[] = []
    for (const [id, row] of this.#timers ?? none) {
      if (row === null) timersCancelled.push(id)
      else timersSet.push(row)
    }
    return {
      run: runRow(state, headHash),
      steps,
      approvals: this.#approvals === null ? [] : [...this.#approvals.values()],
      signals: this.#signals === null ? [] : [...this.#signals.values()],
      timersSet,
      timersCancelled,
    }
  }

  #noteTimer(timer: string, row: TimerRow | null): void {
    this.#timers ??= new Map()
    this.#timers.set(timer, row)
  }

  #noteSignal(
    state: RunState,
    event: Extract<RunEvent, { type: "signal.received" | "signal.consumed" | "signal.dropped" }>,
    mail: Mail | undefined,
  ): void {
    const { name, id } = event.payload
    const key = `${name}\u0000${id}`
    this.#signals ??= new Map()
    if (event.type === "signal.received") {
      this.#signals.set(key, signalRow(state.runId, name, id, event))
      return
    }
    const row = this.#signals.get(key) ?? (mail === undefined ? undefined : signalRow(state.runId, name, id, mail))
    if (row === undefined) return
    const taken = event.type === "signal.consumed"
    this.#signals.set(key, {
      ...row,
      state: taken || row.state === "consumed" ? "consumed" : "dropped",
      stepId: taken ? event.stepId : row.stepId,
    })
  }

  #noteApproval(state: RunState, event: RunEvent, before: Visit | undefined, open: OpenApproval | null): void {
    this.#approvals ??= new Map()
    if (event.type === "approval.requested") {
      const visit = state.visits.get(event.stepId!)!
      if (visit.phase.kind === "approval")
        this.#approvals.set(event.payload.approval, approvalRow(state, visit, visit.phase.approval))
      return
    }
    const id = (event.payload as { approval: string }).approval
    const visit = before ?? this.visits.get(event.stepId!)
    if (visit === undefined) return
    const asked = open ?? (visit.phase.kind === "approval" ? visit.phase.approval : null)
    const row = asked === null ? this.#approvals.get(id) : approvalRow(state, visit, asked)
    if (row !== undefined) this.#approvals.set(id, { ...row, ...decided(event) })
  }
}

const none: readonly (readonly [string, TimerRow | null])[] = []

function signalRow(
  runId: string,
  name: string,
  signalId: string,
  received: { readonly seq: number; readonly at: number; readonly actor: string },
): SignalRow {
  const { seq: receivedSeq, at: receivedAt, actor } = received
  return { runId, name, signalId, receivedSeq, receivedAt, actor, state: "kept", stepId: null }
}

function decided(event: RunEvent): Partial<ApprovalRow> {
  switch (event.type) {
    case "approval.approved":
    case "approval.rejected":
    case "approval.revised": {
      const { outcome, decidedBy, comment, form } = event.payload
      return {
        state: event.type.slice("approval.".length) as ApprovalRow["state"],
        outcome,
        decidedAt: event.at,
        decidedBy: JSON.stringify(decidedBy),
        comment,
        form: form === null ? null : JSON.stringify(form),
      }
    }
    case "approval.timed_out":
    case "approval.cancelled":
    case "approval.superseded":
      return { state: event.type.slice("approval.".length) as ApprovalRow["state"], decidedAt: event.at }
    default:
      return {}
  }
}

function approvalRow(state: RunState, visit: Visit, open: OpenApproval): ApprovalRow {
  const { created } = state
  return {
    approvalId: open.id,
    runId: state.runId,
    stepId: visit.stepId,
    workspaceId: created.workspaceId,
    environment: created.environment,
    workflowId: created.workflowId,
    name: visit.name,
    round: open.round,
    state: "pending",
    message: open.message,
    requestedSeq: open.requestedSeq,
    approvers: JSON.stringify(open.approvers),
    outcomes: JSON.stringify(open.outcomes),
    requestedBy: state.createdBy,
    requestedAt: open.requestedAt,
    timeoutAt: open.timeoutAt,
    dueAt: open.dueAt,
    decidedAt: null,
    decidedBy: null,
    outcome: null,
    comment: null,
    form: null,
    contentHash: open.contentHash,
    bound: open.bound,
    votes: JSON.stringify(open.votes),
  }
}

export function runRow(state: RunState, headHash: string): RunRow {
  const { created, terminal, counts } = state
  const status = runStatus(state)
  const blocked = terminal === null ? blockedOn(state) : { first: [], count: 0 }
  const error = terminal?.error ?? null
  return {
    runId: state.runId,
    seq: state.seq,
    workspaceId: created.workspaceId,
    projectId: created.projectId,
    environment: created.environment,
    workflowId: created.workflowId,
    workflowName: created.workflowName,
    workflowVersion: created.workflowVersion,
    versionNumber: created.versionNumber,
    definitionHash: created.definitionHash,
    executionNumber: created.executionNumber,
    status,
    reason: runReason(state, status),
    blockedOn: blocked.first.length === 0 ? "[]" : JSON.stringify(blocked.first),
    blockedCount: blocked.count,
    createdAt: state.createdAt,
    startedAt: state.startedAt,
    completedAt: terminal?.at ?? null,
    actor: state.createdBy,
    triggerKind: created.trigger.kind,
    origin: originOf(created),
    correlationId: created.correlationId,
    businessEventId: created.businessEventId,
    traceId: created.traceId,
    parentRunId: created.parentRunId,
    rootRunId: created.rootRunId,
    rerunOf: created.rerunOf,
    tags: created.tags.length === 0 ? "[]" : JSON.stringify(created.tags),
    hitl: state.hitl,
    errorCode: error?.code ?? null,
    errorClass: error?.class ?? null,
    errorMessage: error?.detail ?? null,
    errorStep: error?.step ?? null,
    outputSeq: terminal?.status !== "COMPLETED" ? null : (terminal.outputSeq ?? state.seq),
    stepCount: counts.steps,
    succeededCount: counts.succeeded,
    failedCount: counts.failed + counts.timedOut,
    retryCount: counts.retries,
    tokens: counts.tokens,
    computeMs: counts.computeMs,
    costUsd: counts.costUsd,
    effectiveness: terminal?.effectiveness == null ? null : JSON.stringify(terminal.effectiveness),
    concurrencyKey: created.concurrency?.key ?? null,
    headHash,
  }
}

export function stepRow(runId: string, visit: Visit): StepRow {
  const { scheduled, exit } = visit
  return {
    runId,
    stepId: visit.stepId,
    name: visit.name,
    type: visit.type,
    action: visit.action,
    parentStepId: visit.owner,
    branchPath: visit.branchPath,
    itemIndex: visit.index === null ? null : JSON.stringify(visit.index),
    visit: visit.visit,
    status: stepStatus(visit),
    attempt: visit.attempt,
    delivery: visit.delivery,
    enteredAt: visit.enteredAt,
    scheduledAt: scheduled?.firstAt ?? null,
    startedAt: visit.startedAt ?? (visit.action === "agent.run" ? null : visit.enteredAt),
    completedAt: exit?.at ?? null,
    retries: visit.retries,
    agent: scheduled?.agent ?? null,
    agentRunId: scheduled?.agentRunId ?? null,
    spanId: scheduled?.spanId ?? null,
    inputSeq: scheduled?.inputSeq ?? null,
    outputSeq: visit.result?.seq ?? null,
    error: errorText(visit),
    tokens: visit.usage.tokens,
    computeMs: visit.usage.computeMs,
    costUsd: visit.usage.costUsd,
    next: exit?.next ?? null,
    firstSeq: visit.enteredSeq,
  }
}

function errorText(visit: Visit): string | null {
  const error =
    visit.exit === null ? visit.error : (visit.exit.error ?? (visit.exit.status === "SUCCEEDED" ? null : visit.error))
  return error === null ? null : JSON.stringify(error)
}
