/**
 * The fold: one event into the state, assignment only (rule 2). It computes nothing, reads no definition, no clock and
 * no chance, and cannot refuse: what it is given has happened. In place, because the actor owns the state (rule 12).
 */
import { isJsonObject, type Json, type JsonObject } from "../json.ts"
import { ContextNode, materialise, rebase } from "./context.ts"
import { broughtValue } from "./event-value.ts"
import type { EventOf, RunEvent, StepEnd } from "./events.ts"
import { resultOf, writeContext } from "./evolve-context.ts"
import { closeScope, contextOf, holdsBlob, openHolding, openScope } from "./evolve-scopes.ts"
import { setPhase } from "./phase.ts"
import { type RunState, rootScope, type Scope, type TerminalStatus, type Visit } from "./state.ts"
import { fromStored } from "./stored.ts"

export function evolve(before: RunState | null, event: RunEvent, runId: string): RunState {
  const state = event.type === "run.created" ? created(runId, event) : before
  if (state === null) throw new Error(`the first event of ${runId} is ${event.type}, not run.created`)
  state.seq = event.seq
  state.at = event.at
  apply(state, event)
  return state
}

function apply(state: RunState, event: RunEvent): void {
  if (event.type.startsWith("run.") && event.stepId === null) return applyToRun(state, event)
  if (event.stepId === null) return applyWithoutStep(state, event)
  const visit = state.visits.get(event.stepId)
  if (event.type === "state.entered") return enter(state, event, event.stepId)
  if (visit === undefined) return applyWithoutVisit(state, event)
  applyToVisit(state, visit, event)
}

function created(runId: string, event: EventOf<"run.created">): RunState {
  const payload = event.payload
  const context = new ContextNode(null, false)
  // The input is the context at the start (W3), always inline (at most one request): shared and never copied, since
  // writes go to the layer above it.
  const initial = payload.from?.context ?? payload.input
  if ("value" in initial && isJsonObject(initial.value)) context.base = initial.value
  const root: Scope = {
    id: rootScope,
    owner: null,
    parent: null,
    kind: "root",
    name: "",
    index: 0,
    frames: [],
    cursor: { kind: "ended", status: "SUCCEEDED", error: null },
    visits: new Map(),
    context: null,
    unwinding: null,
    shielded: false,
    lingering: new Set(),
    last: null,
    rewinds: null,
    block: null,
  }
  return {
    runId,
    seq: 0,
    at: event.at,
    created: payload,
    createdAt: event.at,
    createdBy: event.actor,
    startedAt: null,
    queued: false,
    paused: false,
    cause: null,
    terminal: null,
    context,
    scopes: new Map([[rootScope, root]]),
    visits: new Map(),
    timers: new Map(),
    stoppedClocks: [],
    mail: [],
    mailBytes: 0,
    signalIds: new Set(),
    ready: new Set(),
    counts: {
      steps: 0,
      succeeded: 0,
      failed: 0,
      cancelled: 0,
      timedOut: 0,
      skipped: 0,
      retries: 0,
      tokens: 0,
      computeMs: 0,
      costUsd: 0,
    },
    idleTransitions: 0,
    open: { approvals: 0, listens: 0, executing: 0, others: 0 },
    suppressed: [],
    hitl: null,
    contextBytes: 0,
    nestedBlobs: false,
  }
}

function applyToRun(state: RunState, event: RunEvent): void {
  switch (event.type) {
    case "run.queued":
      state.queued = true
      return
    case "run.started": {
      state.startedAt = event.at
      state.queued = false
      state.scopes.get(rootScope)!.cursor = { kind: "enter", state: event.payload.state }
      state.ready.add(`s:${rootScope}`)
      return
    }
    case "run.paused":
      state.paused = true
      return
    case "run.resumed":
      state.paused = false
      state.stoppedClocks.length = 0
      return
    case "run.cancel_requested": {
      const root = state.scopes.get(rootScope)!
      state.cause ??= event.payload.cause
      if (root.unwinding === null || event.payload.cause.force) root.unwinding = event.payload.cause
      if (root.cursor.kind !== "at") state.ready.add(`s:${rootScope}`)
      return
    }
    case "run.completed":
      return finish(state, "COMPLETED", event.at, {
        outputSeq: event.payload.outputSeq,
        output: event.payload.output,
        effectiveness: event.payload.effectiveness ?? null,
      })
    case "run.failed":
      return finish(state, "FAILED", event.at, { error: event.payload.error })
    case "run.cancelled":
      return finish(state, "CANCELLED", event.at, { reason: event.payload.cause.reason ?? event.payload.cause.kind })
    case "run.timed_out":
      return finish(state, "TIMED_OUT", event.at, { error: event.payload.error })
    default:
      return
  }
}

function finish(
  state: RunState,
  status: TerminalStatus,
  at: number,
  end: Partial<NonNullable<RunState["terminal"]>>,
): void {
  state.terminal = { status, at, outputSeq: null, output: null, error: null, reason: null, effectiveness: null, ...end }
  state.ready.clear()
  state.scopes.clear()
  state.visits.clear()
  state.timers.clear()
}

function applyWithoutStep(state: RunState, event: RunEvent): void {
  switch (event.type) {
    case "scope.unwinding": {
      const scope = state.scopes.get(event.payload.scope)
      if (scope === undefined) return
      scope.unwinding = event.payload.cause
      if (scope.id === rootScope) state.cause ??= event.payload.cause
      if (scope.cursor.kind !== "at") state.ready.add(`s:${scope.id}`)
      return
    }
    case "timer.set":
      state.timers.set(event.payload.timer, {
        id: event.payload.timer,
        kind: event.payload.kind,
        stepId: null,
        dueAt: event.payload.dueAt,
      })
      return
    case "timer.fired":
    case "timer.cancelled":
      state.timers.delete(event.payload.timer)
      if (event.type === "timer.cancelled") stopClock(state, event)
      return
    case "signal.received":
      state.mail.push({
        name: event.payload.name,
        id: event.payload.id,
        data: event.payload.data,
        seq: event.seq,
        at: event.at,
        actor: event.actor,
        bytes: storedBytes(event.payload.data),
      })
      state.mailBytes += storedBytes(event.payload.data)
      state.signalIds.add(`${event.payload.name}\u0000${event.payload.id}`)
      return
    case "signal.dropped":
      takeMail(state, event.payload.name, event.payload.id)
      return
    case "context.written":
      writeContext(state, event, null)
      return
    default:
      return
  }
}

/** Events of a step whose visit is over, such as the end of a child that nobody awaits: nothing of the state moves. */
function applyWithoutVisit(state: RunState, event: RunEvent): void {
  if (event.type === "timer.cancelled" || event.type === "timer.fired") state.timers.delete(event.payload.timer)
}

export function storedBytes(stored: { readonly value: Json } | { readonly bytes: number }): number {
  return "bytes" in stored ? 64 : JSON.stringify(stored.value).length
}

function takeMail(state: RunState, name: string, id: string): void {
  const at = state.mail.findIndex((mail) => mail.name === name && mail.id === id)
  if (at < 0) return
  state.mailBytes -= state.mail[at]!.bytes
  state.mail.splice(at, 1)
}

function enter(state: RunState, event: EventOf<"state.entered">, stepId: string): void {
  const payload = event.payload
  const scope = state.scopes.get(payload.scope)!
  scope.visits.set(payload.name, payload.visit)
  scope.cursor = { kind: "at", stepId }
  state.ready.delete(`s:${scope.id}`)
  state.counts.steps++
  state.idleTransitions++
  const visit: Visit = {
    stepId,
    scope: scope.id,
    owner: scope.owner,
    enteredSeq: event.seq,
    name: payload.name,
    visit: payload.visit,
    type: payload.type,
    action: payload.action,
    branchPath: payload.branchPath,
    index: payload.index,
    enteredAt: event.at,
    phase: { kind: "holding" },
    attempt: 0,
    delivery: 0,
    fence: 0,
    lostDeliveries: 0,
    scheduled: null,
    startedAt: null,
    result: null,
    error: null,
    unwinding: null,
    holds: null,
    timers: new Set(),
    woken: null,
    def: null,
    retries: 0,
    usage: { tokens: 0, computeMs: 0, costUsd: 0 },
    exit: null,
  }
  state.visits.set(stepId, visit)
  setPhase(state, visit, { kind: "ready" })
}

function applyToVisit(state: RunState, visit: Visit, event: RunEvent): void {
  switch (event.type) {
    case "state.exited":
      return exit(state, visit, event)
    case "scope.opened":
      return openHolding(state, visit, event)
    case "branch.started":
    case "item.started":
    case "block.started":
      return openScope(state, visit, event)
    case "branch.completed":
    case "item.completed":
    case "block.completed":
      return closeScope(state, visit, event)
    case "loop.iterated":
      if (!event.payload.more) visit.holds!.closed = true
      state.ready.add(`v:${visit.stepId}`)
      return
    case "scope.unwinding":
      visit.unwinding ??= event.payload.cause
      if (event.payload.error !== undefined && visit.holds !== null) visit.holds.firstError = event.payload.error
      return
    case "timer.set":
    case "timer.fired":
    case "timer.cancelled":
      return applyTimer(state, visit, event)
    case "context.written":
      return writeContext(state, event, visit)
    default:
      if (event.type === "run.repaired") return setPhase(state, visit, { kind: "ready" })
      if (event.type.startsWith("step.")) return applyStep(state, visit, event)
      if (event.type.startsWith("approval.")) return applyApproval(state, visit, event)
      return applyWait(state, visit, event)
  }
}

function applyTimer(
  state: RunState,
  visit: Visit,
  event: EventOf<"timer.set" | "timer.fired" | "timer.cancelled">,
): void {
  const id = event.payload.timer
  if (event.type === "timer.set") {
    state.timers.set(id, { id, kind: event.payload.kind, stepId: visit.stepId, dueAt: event.payload.dueAt })
    visit.timers.add(id)
    if (event.payload.kind === "wait" || event.payload.kind === "loop_delay") {
      setPhase(state, visit, { kind: "waiting", timer: id })
      state.idleTransitions = 0
    }
    return
  }
  const timer = state.timers.get(id)
  state.timers.delete(id)
  visit.timers.delete(id)
  if (event.type === "timer.cancelled") return stopClock(state, event)
  if (timer === undefined) return
  if (timer.kind === "redeliver") return setPhase(state, visit, { kind: "queued" })
  if (timer.kind === "wait" || timer.kind === "loop_delay" || timer.kind === "retry") {
    visit.woken = timer.kind
    setPhase(state, visit, { kind: "ready" })
  }
}

function stopClock(state: RunState, event: EventOf<"timer.cancelled">): void {
  const { remainingMs, kind } = event.payload
  if (remainingMs !== undefined && (kind === "run_timeout" || kind === "state_timeout" || kind === "cleanup"))
    state.stoppedClocks.push({ kind, stepId: event.stepId, remainingMs })
}

function applyStep(state: RunState, visit: Visit, event: RunEvent): void {
  switch (event.type) {
    case "step.scheduled": {
      const payload = event.payload
      visit.attempt = payload.attempt
      visit.delivery = 0
      visit.lostDeliveries = 0
      visit.woken = null
      visit.scheduled = {
        seq: event.seq,
        inputSeq: payload.inputSeq ?? event.seq,
        at: event.at,
        firstAt: visit.scheduled?.firstAt ?? event.at,
        agent: payload.agent,
        agentRunId: payload.agentRunId,
        pin: payload.pin,
        timeoutMs: payload.timeoutMs,
        heartbeatMs: payload.heartbeatMs,
        task: payload.task,
        input: payload.input ?? visit.scheduled!.input,
        spanId: payload.spanId,
      }
      state.idleTransitions = 0
      return setPhase(state, visit, { kind: "queued" })
    }
    case "step.started":
      visit.delivery = event.payload.delivery
      visit.fence = event.payload.fence
      visit.startedAt ??= event.at
      visit.woken = null
      return setPhase(state, visit, { kind: "running", fence: event.payload.fence, startedAt: event.at })
    case "step.succeeded":
      addUsage(state, visit, event.payload.usage)
      visit.result = { value: fromStored(event.payload.output), seq: event.seq }
      return setPhase(state, visit, { kind: "holding" })
    case "step.failed":
    case "step.timed_out":
      addUsage(state, visit, event.payload.usage)
      visit.error = event.payload.error
      return setPhase(state, visit, { kind: "holding" })
    case "step.cancelled":
      return setPhase(state, visit, { kind: "holding" })
    case "step.retry_scheduled":
      visit.retries++
      state.counts.retries++
      return setPhase(state, visit, { kind: "backoff", timer: event.payload.timer })
    case "step.lost":
      if (event.payload.counted) visit.lostDeliveries++
      return setPhase(state, visit, { kind: "holding" })
    case "step.agent_missing":
      state.idleTransitions = 0
      return setPhase(state, visit, { kind: "agent", agent: event.payload.agent })
    case "step.agent_found":
      return setPhase(state, visit, { kind: visit.scheduled === null ? "ready" : "queued" })
    case "step.redelivered":
      return setPhase(
        state,
        visit,
        event.payload.timer === null ? { kind: "queued" } : { kind: "redelivery", timer: event.payload.timer },
      )
    default:
      return
  }
}

function addUsage(
  state: RunState,
  visit: Visit,
  usage: { tokens?: number; computeMs?: number; costUsd?: number } | undefined,
): void {
  if (usage === undefined) return
  const { tokens = 0, computeMs = 0, costUsd = 0 } = usage
  visit.usage = {
    tokens: visit.usage.tokens + tokens,
    computeMs: visit.usage.computeMs + computeMs,
    costUsd: visit.usage.costUsd + costUsd,
  }
  state.counts.tokens += tokens
  state.counts.computeMs += computeMs
  state.counts.costUsd += costUsd
}

function applyApproval(state: RunState, visit: Visit, event: RunEvent): void {
  const open = visit.phase.kind === "approval" ? visit.phase.approval : null
  switch (event.type) {
    case "approval.requested": {
      const { approval, approvers, summary: _shown, ...rest } = event.payload
      state.hitl = "requested"
      state.idleTransitions = 0
      return setPhase(state, visit, {
        kind: "approval",
        approval: {
          ...rest,
          id: approval,
          approvers: [...approvers],
          requestedAt: event.at,
          requestedSeq: event.seq,
          votes: [],
          reminders: 0,
        },
      })
    }
    case "approval.voted":
      open?.votes.push({
        outcome: event.payload.outcome,
        by: event.payload.by,
        comment: event.payload.comment,
        form: event.payload.form,
      })
      return
    case "approval.delegated":
      open?.approvers.push(event.payload.to)
      return
    case "approval.escalated":
      open?.approvers.push(...event.payload.to.filter((who) => !open.approvers.includes(who)))
      return
    case "approval.reminded":
      if (open !== null) open.reminders = event.payload.count
      return
    case "approval.approved":
    case "approval.rejected":
    case "approval.revised":
      state.hitl = event.type === "approval.rejected" ? "rejected" : "approved"
      visit.result = { value: fromStored(broughtValue(event)!), seq: event.seq }
      return setPhase(state, visit, { kind: "holding" })
    case "approval.timed_out":
    case "approval.cancelled":
    case "approval.superseded":
      return setPhase(state, visit, { kind: "holding" })
    default:
      return
  }
}

function applyWait(state: RunState, visit: Visit, event: RunEvent): void {
  switch (event.type) {
    case "wait.opened": {
      const { wait, signal, correlate, timeoutAt, timer, fanout } = event.payload
      state.idleTransitions = 0
      return setPhase(state, visit, { kind: "listening", wait, signal, correlate, timeoutAt, timer, fanout })
    }
    case "wait.closed":
      return setPhase(state, visit, { kind: "holding" })
    case "signal.consumed": {
      const mail = state.mail.find((kept) => kept.name === event.payload.name && kept.id === event.payload.id)
      if (mail !== undefined) visit.result = { value: fromStored(mail.data), seq: event.payload.fromSeq }
      if (!event.payload.keep) takeMail(state, event.payload.name, event.payload.id)
      return
    }
    case "signal.dropped":
      return takeMail(state, event.payload.name, event.payload.id)
    case "child.started":
      state.idleTransitions = 0
      if (event.payload.await)
        setPhase(state, visit, {
          kind: "child",
          childRunId: event.payload.childRunId,
          onParentCancel: event.payload.onParentCancel,
        })
      return
    case "child.finished":
      if (visit.phase.kind !== "child" || visit.phase.childRunId !== event.payload.childRunId) return
      if (event.payload.output !== null) visit.result = { value: fromStored(event.payload.output), seq: event.seq }
      visit.error = event.payload.error
      return setPhase(state, visit, { kind: "holding" })
    default:
      return
  }
}

/** Evidence, not a log: each is in its own event, too. */
const suppressedMax = 20

function exit(state: RunState, visit: Visit, event: EventOf<"state.exited">): void {
  const { status, next, error = null, handled = false, outcome = null, suppressed = [] } = event.payload
  setPhase(state, visit, { kind: "holding" })
  visit.exit = { at: event.at, status, error, next }
  tally(state, status)
  for (const hidden of suppressed) if (state.suppressed.length < suppressedMax) state.suppressed.push(hidden)
  const scope = state.scopes.get(visit.scope)!
  if (visit.holds === null || visit.holds.open.size === 0) state.visits.delete(visit.stepId)
  else linger(state, scope, visit)
  // A caught failure leaves its error, not what was there before it.
  if (status !== "SKIPPED") scope.last = handled ? visit.result : resultOf(visit)
  if (outcome !== null) {
    scope.rewinds ??= new Map()
    const key = `${visit.name}/${outcome}`
    scope.rewinds.set(key, (scope.rewinds.get(key) ?? 0) + 1)
  }
  const goesOn = status === "SUCCEEDED" || status === "SKIPPED" || handled
  if (goesOn && next !== null) scope.cursor = { kind: "enter", state: next }
  else scope.cursor = { kind: "ended", status: goesOn ? "SUCCEEDED" : status, error: goesOn ? null : error }
  state.ready.add(`s:${scope.id}`)
}

/** The block goes on while losers still run: they keep their place, and the context as it was (rule 8). */
function linger(state: RunState, scope: Scope, visit: Visit): void {
  scope.lingering.add(visit.stepId)
  const frozen = materialise(contextOf(state, scope)) as JsonObject
  if (holdsBlob(frozen)) state.nestedBlobs = true
  const losers = new Set(visit.holds!.open)
  // Outer scopes come before those inside them.
  for (const inner of state.scopes.values()) {
    if (inner.owner === visit.stepId) {
      if (inner.context !== null) rebase(inner.context, frozen)
    } else if (inner.parent !== null && losers.has(inner.parent)) {
      losers.add(inner.id)
      if (inner.context !== null) rebase(inner.context, contextOf(state, state.scopes.get(inner.parent)!))
    }
  }
}

function tally(state: RunState, status: StepEnd): void {
  const counts = state.counts
  if (status === "SUCCEEDED") counts.succeeded++
  else if (status === "FAILED") counts.failed++
  else if (status === "CANCELLED") counts.cancelled++
  else if (status === "TIMED_OUT") counts.timedOut++
  else counts.skipped++
}
