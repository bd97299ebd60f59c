/** How a visited state ends: its result written, its error caught or passed on, its timers closed. */

import type { Json } from "../../json.ts"
import { matchesError } from "../../retry/retry.ts"
import type { RunError, StepEnd } from "../events.ts"
import { resultOf } from "../evolve-context.ts"
import { defOf, plain } from "../names.ts"
import type { Visit } from "../state.ts"
import { ask, askTruth } from "./expressions.ts"
import type { Work } from "./work.ts"
import { write } from "./write.ts"

export interface Exit {
  readonly status: StepEnd
  readonly next: string | null
  readonly route?: string
  readonly error?: RunError
  readonly handled?: boolean
  readonly outcome?: string
}

export function exit(work: Work, visit: Visit, end: Exit): void {
  for (const timer of [...visit.timers]) work.emit("timer.cancelled", visit.stepId, { timer })
  // The first error is the one that counts (rule 7): what cleanup has said besides is kept for the end of the run.
  const hidden = visit.holds?.cleanupError ?? null
  work.emit("state.exited", visit.stepId, {
    ...end,
    ...(hidden === null || hidden === end.error ? {} : { suppressed: [hidden] }),
  })
}

/** Ends well: `resultSelector`, then the write, then the route (dsl.md §2 order). */
export function succeed(
  work: Work,
  visit: Visit,
  options: { next?: string | null; route?: string; value?: Json; outcome?: string } = {},
): void {
  const def = defOf(work.definition, work.state, visit)
  const written = writeResult(work, visit, options.value)
  if (written !== null) return fail(work, visit, written, "FAILED")
  exit(work, visit, {
    status: "SUCCEEDED",
    next: options.next === undefined ? def.next : options.next,
    ...(options.route === undefined ? {} : { route: options.route }),
    ...(options.outcome === undefined ? {} : { outcome: options.outcome }),
  })
}

/** `value`: a result that no event holds yet. Returns why it could not be written. */
export function writeResult(work: Work, visit: Visit, value?: Json): RunError | null {
  const { path, mode, selector } = defOf(work.definition, work.state, visit).result
  const raw = value !== undefined ? { value, seq: null } : resultOf(visit)
  let fresh = value
  if (selector !== null) {
    const selected = ask(work, visit, selector, { result: raw === null ? {} : plain(work, raw.value) })
    if (!selected.ok) return selected.error
    fresh = selected.value
  }
  if (path === null || (raw === null && fresh === undefined)) return null
  return write(work, visit, path.segments, mode, fresh, raw?.seq ?? null)
}

/** Ends badly: a matching catch clause takes the error, otherwise the block fails (rule 7). */
export function fail(work: Work, visit: Visit, error: RunError, status: "FAILED" | "TIMED_OUT"): void {
  const def = defOf(work.definition, work.state, visit)
  for (const clause of def.catch) {
    if (error.kind === "cancelled") break
    if (clause.errors !== null && !matchesError(clause.errors, error)) continue
    if (clause.if !== null) {
      const asked = askTruth(work, visit, clause.if, { extra: { [clause.as]: error as unknown as Json } })
      if (!asked.ok) return exit(work, visit, { status: "FAILED", next: null, error: { ...asked.error, cause: error } })
      if (!asked.value) continue
    }
    const path = clause.resultPath?.segments ?? [clause.as]
    const refused = write(work, visit, path, "replace", error as unknown as Json, null)
    if (refused !== null)
      return exit(work, visit, { status: "FAILED", next: null, error: { ...refused, cause: error } })
    return exit(work, visit, {
      status,
      next: clause.next,
      error,
      handled: true,
      route: `catch ${clause.errors?.join(", ") ?? "any"}`,
    })
  }
  exit(work, visit, { status, next: null, error })
}
