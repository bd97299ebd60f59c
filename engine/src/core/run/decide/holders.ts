/** States that hold blocks: parallel, foreach, loop, try. They start what may start, and join what has ended (dsl.md §4). */
import type { ForeachState, LoopState, ParallelState, TryState } from "../../definition/model.ts"
import { isArray } from "../context.ts"
import type { RunError, Stored } from "../events.ts"
import { resultOf } from "../evolve-context.ts"
import { defOf, itemOf, plain, readRaw } from "../names.ts"
import { scopeId } from "../place.ts"
import type { Holding, Scope, Visit } from "../state.ts"
import { toStored } from "../stored.ts"
import { deadlineMs, startClock } from "./clocks.ts"
import { type Asked, askTruth, fill, namesNothing } from "./expressions.ts"
import { failure } from "./failure.ts"
import { fail, succeed } from "./outcome.ts"
import { conclude, scopeCause, startCleanup, unwindScope, unwindVisit, visitCause } from "./unwind.ts"
import type { Work } from "./work.ts"

export function beginHolder(work: Work, visit: Visit, def: ParallelState | ForeachState | LoopState | TryState): void {
  const deadline = deadlineMs(def)
  if (def.type === "foreach") {
    if (!openItems(work, visit, def)) return
  } else
    work.emit("scope.opened", visit.stepId, {
      kind: def.type,
      count: def.type === "parallel" ? def.branches.length : 0,
    })
  if (deadline !== null) startClock(work, visit.stepId, "state_timeout", deadline)
}

function openItems(work: Work, visit: Visit, def: ForeachState): boolean {
  const items = foreachItems(work, visit, def)
  if ("error" in items) {
    fail(work, visit, items.error, "FAILED")
    return false
  }
  work.emit("scope.opened", visit.stepId, { kind: "foreach", ...items })
  return true
}

/** How many there are; those of a path stay where they are, unread. */
function foreachItems(
  work: Work,
  visit: Visit,
  def: ForeachState,
): { readonly count: number; readonly items?: Stored } | { readonly error: RunError } {
  if ("inline" in def.items) {
    const filled = fill(work, visit, def.items.inline)
    if (!filled.ok) return filled
    if (!Array.isArray(filled.value)) return { error: noArray(visit, "items", filled.value) }
    return {
      count: filled.value.length,
      items: toStored(work.blobs, filled.value, work.env.limits.inlineBytesMax),
    }
  }
  const { path } = def.items
  const found = readRaw(work, work.scopeOf(visit), path)
  if (found === undefined) return { error: namesNothing(work, visit, path, "itemsPath") }
  return isArray(found) ? { count: found.length } : { error: noArray(visit, path.text, found) }
}

function noArray(visit: Visit, what: string, found: unknown): RunError {
  return failure(visit, {
    class: "validation_failed",
    code: "not_an_array",
    title: "Nothing to iterate over",
    detail: `${what} must be an array, but is ${describe(found)}`,
  })
}

function describe(value: unknown): string {
  return value === null ? "null" : typeof value === "object" ? "an object" : `a ${typeof value}`
}

/** Goes on with a holder: after it opened, after one of its scopes ended, after a delay or a resume. */
export function advanceHolder(work: Work, visit: Visit): void {
  const holds = visit.holds!
  if (visit.exit !== null) return
  if (visitCause(work.state, visit) !== null) {
    if (holds.open.size === 0) conclude(work, visit)
    return
  }
  const def = defOf(work.definition, work.state, visit)
  switch (def.type) {
    case "parallel":
      return advanceParallel(work, visit, def, holds)
    case "foreach":
      return advanceForeach(work, visit, def, holds)
    case "loop":
      return advanceLoop(work, visit, def, holds)
    case "try":
      return advanceTry(work, visit, def, holds)
    default:
      return
  }
}

/** False = the gate is shut or the decision is full: the holder stays ready (rules 1, 13). */
function mayStart(work: Work): boolean {
  return !work.state.paused && !work.exhausted()
}

function advanceParallel(work: Work, visit: Visit, def: ParallelState, holds: Holding): void {
  const verdict = joinVerdict(def, holds)
  if (verdict === "failed") return endEarly(work, visit, holds, "fail_fast")
  if (verdict === "joined") {
    if (holds.open.size > 0 && def.join.cancelRemaining)
      return unwindVisit(work, visit, { kind: "joined", reason: null, force: false })
    return succeed(work, visit)
  }
  const max = atOnce(work, def.maxConcurrency)
  while (holds.next < holds.count && holds.open.size < max) {
    if (!mayStart(work)) return keepReady(work, visit)
    const branch = def.branches[holds.next]!
    work.emit("branch.started", visit.stepId, {
      scope: scopeId(visit.stepId, "branch", branch.name, 0),
      name: branch.name,
      start: branch.block.start,
    })
  }
}

/** What the author asks for, within what is configured (settled 13). */
function atOnce(work: Work, wanted: number | null): number {
  return Math.min(wanted ?? Number.POSITIVE_INFINITY, work.env.limits.concurrencyMax)
}

function keepReady(work: Work, visit: Visit): void {
  work.state.ready.add(`v:${visit.stepId}`)
}

/** What the ended branches say already (dsl.md §4 `join`, settled 13). */
function joinVerdict(def: ParallelState, holds: Holding): "failed" | "joined" | "open" {
  const { mode, onBranchFailure } = def.join
  const allEnded = holds.done === holds.count && holds.open.size === 0
  switch (mode) {
    case "settled":
      return allEnded ? "joined" : "open"
    case "all":
      if (holds.failed > 0 && (onBranchFailure === "failFast" || allEnded)) return "failed"
      return allEnded ? "joined" : "open"
    case "any":
    case "quorum": {
      const needed = mode === "any" ? 1 : (def.join.count ?? holds.count)
      if (holds.succeeded >= needed) return "joined"
      const possible = holds.count - holds.failed
      return possible < needed || allEnded ? "failed" : "open"
    }
  }
}

function endEarly(work: Work, visit: Visit, holds: Holding, kind: "fail_fast"): void {
  if (holds.open.size > 0)
    return unwindVisit(work, visit, { kind, reason: holds.firstError?.code ?? null, force: false })
  const error =
    holds.firstError ??
    failure(visit, {
      class: "bug",
      code: "join_failed",
      title: "The join failed",
      detail: `too few branches of ${visit.name} succeeded`,
    })
  fail(work, visit, error, "FAILED")
}

function advanceForeach(work: Work, visit: Visit, def: ForeachState, holds: Holding): void {
  const tolerated = def.toleratedFailureCount ?? (def.onItemFailure === "fail" ? 0 : holds.count)
  if (holds.failed > tolerated) return endEarly(work, visit, holds, "fail_fast")
  const max = atOnce(work, def.maxConcurrency)
  while (!holds.closed && holds.next < holds.count && holds.open.size < max) {
    if (!mayStart(work)) return keepReady(work, visit)
    if (def.while !== null) {
      const asked = askNextItem(work, visit, def, holds)
      if (!asked.ok) return failItems(work, visit, holds, asked.error)
      if (!asked.value) {
        work.emit("loop.iterated", visit.stepId, { index: holds.next, more: false })
        break
      }
    }
    work.emit("item.started", visit.stepId, {
      scope: scopeId(visit.stepId, "item", "", holds.next),
      index: holds.next,
      start: def.block.start,
    })
  }
  if (holds.open.size === 0 && (holds.closed || holds.next >= holds.count)) succeed(work, visit)
}

/** A foreach's `while`, before the item that would be next (settled 13). */
function askNextItem(work: Work, visit: Visit, def: ForeachState, holds: Holding): Asked<boolean> {
  const item = itemOf(work, visit, holds.next) ?? null
  return askTruth(work, visit, def.while!, { extra: { [def.itemName]: item, [def.indexName]: holds.next } })
}

/** The foreach itself has failed: the items that still run are left first, as when one of them fails (rule 7). */
function failItems(work: Work, visit: Visit, holds: Holding, error: RunError): void {
  if (holds.open.size === 0) return fail(work, visit, error, "FAILED")
  unwindVisit(work, visit, { kind: "fail_fast", reason: error.code, force: false }, error)
}

function advanceLoop(work: Work, visit: Visit, def: LoopState, holds: Holding): void {
  if (holds.open.size > 0) return
  if (holds.firstError !== null) return fail(work, visit, holds.firstError, "FAILED")
  const bounded = def.while !== null || def.until !== null
  if (visit.woken !== "loop_delay") {
    const more = loopGoesOn(work, visit, def, holds)
    if (more === null) return
    const ask = (): void => {
      if (bounded && holds.done > 0) work.emit("loop.iterated", visit.stepId, { index: holds.done - 1, more })
    }
    if (!more) {
      ask()
      return succeed(work, visit)
    }
    if (holds.next >= def.maxIterations) {
      ask()
      if (!bounded) return succeed(work, visit)
      return fail(
        work,
        visit,
        failure(visit, {
          class: "bug",
          kind: "no_match",
          code: "loop_exhausted",
          title: "The loop did not come to its end",
          detail: `${visit.name} ran ${def.maxIterations} times and its condition still asks for more`,
        }),
        "FAILED",
      )
    }
    // Behind the gate nothing is said: it is asked again when the gate opens.
    if (!mayStart(work)) return keepReady(work, visit)
    ask()
  } else if (!mayStart(work)) return keepReady(work, visit)
  if (def.delayMs > 0 && holds.next > 0 && visit.woken !== "loop_delay") {
    work.emit("timer.set", visit.stepId, {
      timer: `tmr_${work.state.seq + 1}`,
      kind: "loop_delay",
      dueAt: work.now + def.delayMs,
    })
    return
  }
  work.emit("block.started", visit.stepId, {
    scope: scopeId(visit.stepId, "do", "", holds.next),
    kind: "do",
    index: holds.next,
    start: def.block.start,
  })
}

/** Null = a bound failed, and the state with it. */
function loopGoesOn(work: Work, visit: Visit, def: LoopState, holds: Holding): boolean | null {
  const last = resultOf(visit)
  const result = last === null ? undefined : plain(work, last.value)
  if (def.until !== null && holds.done > 0) {
    const asked = askTruth(work, visit, def.until, {
      extra: { index: holds.done - 1, ...(result === undefined ? {} : { result }) },
    })
    if (!asked.ok) return failLoop(work, visit, asked.error)
    if (asked.value) return false
  }
  if (def.while === null) return true
  const asked = askTruth(work, visit, def.while, {
    extra: { index: holds.next, ...(result === undefined ? {} : { result }) },
  })
  return asked.ok ? asked.value : failLoop(work, visit, asked.error)
}

function failLoop(work: Work, visit: Visit, error: Parameters<typeof fail>[2]): null {
  fail(work, visit, error, "FAILED")
  return null
}

function advanceTry(work: Work, visit: Visit, def: TryState, holds: Holding): void {
  if (holds.open.size > 0) return
  if (holds.done === 0) {
    if (!mayStart(work)) return keepReady(work, visit)
    work.emit("block.started", visit.stepId, {
      scope: scopeId(visit.stepId, "try", "", 0),
      kind: "try",
      index: 0,
      start: def.block.start,
    })
    return
  }
  if (def.finally !== null && startCleanup(work, visit, "finally", def.finally)) return
  const error = holds.firstError ?? holds.cleanupError
  if (error !== null) return fail(work, visit, error, error.kind === "timeout" ? "TIMED_OUT" : "FAILED")
  succeed(work, visit)
}

/** A scope has come to its end (or its unwind has): its holder learns of it. False = losers in it still run. */
export function closeScope(work: Work, scope: Scope): boolean {
  const { cursor } = scope
  if (scope.lingering.size > 0) {
    // Who waits for losers waits for a result: there is none any more.
    const failed = cursor.kind === "ended" && cursor.status !== "SUCCEEDED" && scopeCause(work.state, scope) === null
    if (failed) unwindScope(work, scope, { kind: "fail_fast", reason: cursor.error?.code ?? null, force: false })
    if (scope.lingering.size > 0) return false
  }
  const holder = work.state.visits.get(scope.owner!)!
  const status = cursor.kind === "ended" ? cursor.status : "CANCELLED"
  const error = cursor.kind === "ended" && cursor.error !== null ? { error: cursor.error } : {}
  const merged =
    holder.exit === null &&
    holder.unwinding === null &&
    joinIsOpen(work, holder) &&
    (status === "SUCCEEDED" || (status !== "CANCELLED" && keepsFailures(work, holder)))
  switch (scope.kind) {
    case "branch":
      work.emit("branch.completed", holder.stepId, { scope: scope.id, name: scope.name, status, ...error, merged })
      return true
    case "item":
      work.emit("item.completed", holder.stepId, { scope: scope.id, index: scope.index, status, ...error, merged })
      return true
    case "root":
      return true
    default:
      work.emit("block.completed", holder.stepId, {
        scope: scope.id,
        kind: scope.kind,
        index: scope.index,
        status,
        ...error,
      })
      return true
  }
}

/** Winners are those that ended before the join was decided, not before somebody looked (I13). */
function joinIsOpen(work: Work, holder: Visit): boolean {
  const def = defOf(work.definition, work.state, holder)
  return def.type !== "parallel" || joinVerdict(def, holder.holds!) === "open"
}

function keepsFailures(work: Work, holder: Visit): boolean {
  const def = defOf(work.definition, work.state, holder)
  return def.type === "parallel" ? def.join.mode === "settled" : def.type === "foreach"
}
