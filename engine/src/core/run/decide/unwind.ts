/**
 * `unwind(scope, cause)`: the only way out before the end, for cancel, timeouts, fail-fast and lost joins (rule 7).
 * Nothing new starts; what waits is closed at once; what runs is aborted and may still succeed within the grace;
 * then `finally` and `onCancel` run inside-out, shielded; then the scope ends.
 */
import type { Block } from "../../definition/model.ts"
import type { Cause, RunError } from "../events.ts"
import { defOf } from "../names.ts"
import { scopeId } from "../place.ts"
import { type RunState, rootScope, type Scope, type Visit } from "../state.ts"
import { hasClock, startClock } from "./clocks.ts"
import { failure } from "./failure.ts"
import { exit, fail, succeed } from "./outcome.ts"
import type { Work } from "./work.ts"

/** Why this scope is being left, or null. A forced cause reaches through every shield (rule 7). */
export function scopeCause(state: RunState, scope: Scope): Cause | null {
  let shielded = false
  for (
    let at: Scope | undefined = scope;
    at !== undefined;
    at = at.parent === null ? undefined : state.scopes.get(at.parent)
  ) {
    if (at.unwinding !== null && (!shielded || at.unwinding.force)) return at.unwinding
    shielded ||= at.shielded
    const cause = at.owner === null ? null : (state.visits.get(at.owner)?.unwinding ?? null)
    if (cause !== null && (!shielded || cause.force)) return cause
  }
  return null
}

export function visitCause(state: RunState, visit: Visit): Cause | null {
  return visit.unwinding ?? scopeCause(state, state.scopes.get(visit.scope)!)
}

/** Leaves everything. The first cause recorded names the end state. */
export function unwindRun(work: Work, cause: Cause): void {
  const root = work.state.scopes.get(rootScope)!
  if (root.unwinding === null || cause.force)
    work.emit("scope.unwinding", null, { scope: rootScope, cause, step: null })
  stopScope(work, root, cause)
}

/** Leaves what still runs in a scope that has failed: losers that nobody needs to wait for. */
export function unwindScope(work: Work, scope: Scope, cause: Cause): void {
  work.emit("scope.unwinding", null, { scope: scope.id, cause, step: null })
  stopScope(work, scope, cause)
}

/** Leaves one visit: its own timeout, a failed branch, a join that has its winners. */
export function unwindVisit(work: Work, visit: Visit, cause: Cause, error: RunError | null = null): void {
  if (visit.unwinding !== null) return
  work.emit("scope.unwinding", visit.stepId, {
    scope: visit.scope,
    cause,
    step: visit.stepId,
    ...(error === null ? {} : { error }),
  })
  stopVisit(work, visit, cause)
}

export function stopScope(work: Work, scope: Scope, cause: Cause): void {
  for (const id of scope.lingering) stopHeld(work, work.state.visits.get(id)!, cause)
  if (scope.cursor.kind === "at") {
    const visit = work.state.visits.get(scope.cursor.stepId)
    if (visit !== undefined && visit.exit === null) return stopVisit(work, visit, cause)
  }
  work.state.ready.add(`s:${scope.id}`)
}

/** What is open by the thousand is stopped in several decisions (rule 1): the rest is noted for the next one. */
function stopHeld(work: Work, visit: Visit, cause: Cause): void {
  for (const id of [...(visit.holds?.open ?? [])]) {
    if (work.exhausted()) return void work.state.ready.add(`u:${visit.stepId}`)
    const scope = work.state.scopes.get(id)!
    if (!scope.shielded || cause.force) stopScope(work, scope, cause)
    else limitCleanup(work, visit)
  }
}

/** Goes on with stopping what a visit holds. */
export function resumeStopping(work: Work, visit: Visit): void {
  const cause = visitCause(work.state, visit)
  if (cause !== null) stopHeld(work, visit, cause)
}

export function stopVisit(work: Work, visit: Visit, cause: Cause): void {
  const { phase } = visit
  const step = { attempt: visit.attempt, fence: visit.fence, reason: cause.kind }
  switch (phase.kind) {
    case "ready":
      return conclude(work, visit)
    case "queued":
    case "redelivery":
      work.emit("step.cancelled", visit.stepId, step)
      return conclude(work, visit)
    case "agent":
      if (visit.scheduled !== null) work.emit("step.cancelled", visit.stepId, step)
      else work.effects.push({ kind: "dequeue", stepId: visit.stepId })
      return conclude(work, visit)
    case "running":
      work.effects.push({
        kind: "abort",
        stepId: visit.stepId,
        attempt: visit.attempt,
        fence: phase.fence,
        graceMs: cause.force ? 0 : work.env.limits.graceMs,
      })
      if (!cause.force) return
      work.emit("step.cancelled", visit.stepId, step)
      return conclude(work, visit)
    case "approval":
      work.emit("approval.cancelled", visit.stepId, { approval: phase.approval.id, reason: cause.kind })
      return conclude(work, visit)
    case "listening":
      work.emit("wait.closed", visit.stepId, { wait: phase.wait, reason: "cancelled" })
      return conclude(work, visit)
    case "child":
      if (phase.onParentCancel === "cancel") {
        work.effects.push({
          kind: "cancel-child",
          childRunId: phase.childRunId,
          cause: { kind: "parent_cancel", reason: cause.reason, force: cause.force },
        })
        if (!cause.force) return
      }
      return conclude(work, visit)
    case "backoff":
    case "waiting":
      return conclude(work, visit)
    case "holding":
      if ((visit.holds?.open.size ?? 0) === 0) return conclude(work, visit)
      return stopHeld(work, visit, cause)
  }
}

/** The visit's own activity has stopped: cleanup blocks first, then its end. Called again after each cleanup block. */
export function conclude(work: Work, visit: Visit): void {
  const outer = scopeCause(work.state, work.scopeOf(visit))
  const own = visit.unwinding
  const def = defOf(work.definition, work.state, visit)
  const force = outer?.force ?? false
  // What it waited for must not wake it while its cleanup runs (rule 7).
  for (const timer of [...visit.timers])
    if (work.state.timers.get(timer)?.kind !== "cleanup") work.emit("timer.cancelled", visit.stepId, { timer })
  if (
    !force &&
    def.type === "try" &&
    def.finally !== null &&
    own?.kind !== "joined" &&
    startCleanup(work, visit, "finally", def.finally)
  )
    return
  if (!force && outer !== null && def.onCancel !== null && startCleanup(work, visit, "cancel", def.onCancel)) return
  if (outer !== null) return exit(work, visit, { status: "CANCELLED", next: null })
  switch (own?.kind) {
    case "state_timeout":
      return fail(
        work,
        visit,
        failure(visit, {
          class: "transient",
          kind: "timeout",
          code: "state_timeout",
          title: "The state took too long",
          detail: `${visit.name} did not end within its time`,
        }),
        "TIMED_OUT",
      )
    case "fail_fast":
      return fail(
        work,
        visit,
        visit.holds!.firstError ??
          failure(visit, {
            class: "bug",
            code: "join_failed",
            title: "The join failed",
            detail: `too few branches of ${visit.name} succeeded`,
          }),
        "FAILED",
      )
    case "joined":
      return succeed(work, visit)
    default:
      return exit(work, visit, { status: "CANCELLED", next: null })
  }
}

/** Opens a cleanup block once, with its deadline. False = it has run already, or is not to run. */
export function startCleanup(work: Work, visit: Visit, kind: "finally" | "cancel", block: Block): boolean {
  if (visit.holds?.cleaned.has(kind)) return false
  const scope = scopeId(visit.stepId, kind, "", 0)
  if (visit.holds?.open.has(scope)) return true
  work.emit("block.started", visit.stepId, { scope, kind, index: 0, start: block.start })
  if (visitCause(work.state, visit) !== null) limitCleanup(work, visit)
  return true
}

/** Cleanup that something waits for must end in its time, also when it had begun before (rule 7). */
function limitCleanup(work: Work, visit: Visit): void {
  if (!hasClock(work, visit.stepId, "cleanup")) startClock(work, visit.stepId, "cleanup", work.env.limits.cleanupMs)
}
