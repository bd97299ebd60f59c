/** Goes on with whatever is ready, until nothing is, or the decision's bound is reached and a `continue` is owed (rule 1). */
import { blockOf } from "../names.ts"
import { branchPath, itemIndices, stepId } from "../place.ts"
import { rootScope, type Scope } from "../state.ts"
import { begin, isGated } from "./begin.ts"
import { tryFinish } from "./finish.ts"
import { advanceHolder, closeScope } from "./holders.ts"
import { resumeStopping, scopeCause, unwindRun } from "./unwind.ts"
import type { Work } from "./work.ts"

export function advance(work: Work): void {
  const passed = new Set<string>()
  for (;;) {
    const key = nextReady(work, passed)
    if (key === null) return
    if (work.exhausted()) return oweContinue(work)
    work.renewBudget()
    work.state.ready.delete(key)
    const before = work.state.seq
    if (key.startsWith("s:")) advanceScope(work, key.slice(2))
    else if (key.startsWith("u:")) resumeStoppingAt(work, key.slice(2))
    else advanceVisit(work, key.slice(2))
    if (work.events.length > 0 && work.state.terminal !== null) return
    // Still ready, and nothing moved: gated, or full. Look at it again in another decision.
    if (work.state.ready.has(key) && work.state.seq === before) passed.add(key)
  }
}

/** Told at once, and as a timer that is due: a process that ends in between finds it again (rule 1). */
function oweContinue(work: Work): void {
  if (!work.effects.some((effect) => effect.kind === "continue")) work.effects.push({ kind: "continue" })
  for (const { kind } of work.state.timers.values()) if (kind === "continue") return
  work.emit("timer.set", null, { timer: `tmr_${work.state.seq + 1}`, kind: "continue", dueAt: work.now })
}

function nextReady(work: Work, passed: ReadonlySet<string>): string | null {
  for (const key of work.state.ready) if (!passed.has(key)) return key
  return null
}

function resumeStoppingAt(work: Work, id: string): void {
  const visit = work.state.visits.get(id)
  if (visit !== undefined) resumeStopping(work, visit)
}

function advanceVisit(work: Work, id: string): void {
  const visit = work.state.visits.get(id)
  if (visit === undefined) return
  if (visit.phase.kind === "holding") return visit.holds === null ? undefined : advanceHolder(work, visit)
  if (visit.phase.kind !== "ready") return
  if (isGated(work, visit)) {
    work.state.ready.add(`v:${id}`)
    return
  }
  begin(work, visit)
}

function advanceScope(work: Work, id: string): void {
  const scope = work.state.scopes.get(id)
  if (scope === undefined) return
  const { cursor } = scope
  if (cursor.kind === "at") return
  if (cursor.kind === "ended" || scopeCause(work.state, scope) !== null) {
    if (scope.id === rootScope) tryFinish(work)
    else closeScope(work, scope)
    return
  }
  enterState(work, scope, cursor.state)
}

function enterState(work: Work, scope: Scope, name: string): void {
  const { state } = work
  if (state.idleTransitions >= work.env.limits.idleTransitions) return runaway(work)
  const def = blockOf(work.definition, state, scope).states.get(name)
  if (def === undefined)
    throw new Error(`run ${state.runId}: its definition has no state ${name} in ${scope.id || "the top level"}`)
  const visit = (scope.visits.get(name) ?? 0) + 1
  const id = stepId(work.env.sha256, state.runId, scope.frames, name, visit)
  work.transitions++
  work.emit("state.entered", id, {
    scope: scope.id,
    name,
    visit,
    type: def.type,
    action: def.type === "operation" ? def.action : null,
    branchPath: branchPath(scope.frames),
    index: itemIndices(scope.frames),
  })
  const entered = state.visits.get(id)!
  entered.def = def
  if (isGated(work, entered)) return
  state.ready.delete(`v:${id}`)
  begin(work, entered)
}

/** Ten thousand transitions without anything that takes time: the definition goes in a circle (rule 1). */
function runaway(work: Work): void {
  if (work.state.scopes.get(rootScope)!.unwinding?.force) return
  const reason = `${work.env.limits.idleTransitions} transitions without an operation, a wait or a listen between them`
  unwindRun(work, { kind: "run_failed", reason, force: true })
}
