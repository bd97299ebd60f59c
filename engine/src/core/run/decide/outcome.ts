/** How a visited state ends: its result written, its error caught or passed on, its timers closed. */

import { isJsonObject, type Json } from "../../json.ts"
import { matchesError } from "../../retry/retry.ts"
import { checkWrite, readAt } from "../context.ts"
import type { RunError, StepEnd } from "../events.ts"
import { resultOf } from "../evolve-context.ts"
import { contextOf } from "../evolve-scopes.ts"
import { defOf, plain } from "../names.ts"
import type { Visit } from "../state.ts"
import { isBlobRef, sizeUpTo, toStored } from "../stored.ts"
import { ask, askTruth } from "./expressions.ts"
import { failure } from "./failure.ts"
import type { Work } from "./work.ts"

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
  work.emit("state.exited", visit.stepId, end)
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

export function write(
  work: Work,
  visit: Visit,
  path: readonly (string | number)[],
  mode: "replace" | "merge" | "append",
  value: Json | undefined,
  from: number | null,
): RunError | null {
  const context = contextOf(work.state, work.scopeOf(visit))
  const current = value !== undefined ? value : (resultOf(visit)?.value ?? null)
  const problem = writeProblem(work, visit, path, mode, current)
  if (problem !== null) return problem
  let written = value
  let how = mode
  if (mode === "append") {
    const found = readAt(context, path)
    if (found !== undefined && (!("value" in found) || isBlobRef(found.value))) {
      const before = plain(work, "value" in found ? found.value : found.blob)
      if (!Array.isArray(before))
        return failure(visit, {
          class: "validation_failed",
          code: "result_path_invalid",
          title: "The result could not be written",
          detail: `${path.join(".")} holds no array to append to`,
        })
      written = [...before, plain(work, current)]
      how = "replace"
    }
  }
  const limit = work.env.limits.contextBytesMax
  const bytes = isBlobRef(current) ? 64 : sizeUpTo(current, limit)
  const limited = contextProblem(work, visit, bytes)
  if (limited !== null) return limited
  // What branches and items left is put together by the fold from the events that brought it (rule 18).
  const stored =
    written === undefined ? undefined : toStored(work.blobs, plain(work, written), work.env.limits.inlineBytesMax)
  work.emit("context.written", visit.stepId, {
    scope: visit.scope,
    path,
    mode: how,
    from: written === undefined ? from : null,
    ...(stored === undefined ? {} : { value: stored }),
    bytes,
  })
  return null
}

function writeProblem(
  work: Work,
  visit: Visit,
  path: readonly (string | number)[],
  mode: "replace" | "merge" | "append",
  value: unknown,
): RunError | null {
  if ((path.length === 0 || mode === "merge") && !isJsonObject(value)) {
    return failure(visit, {
      class: "validation_failed",
      code: "result_path_invalid",
      title: "The result could not be written",
      detail: `only an object can be merged into ${path.join(".") || "ctx"}`,
    })
  }
  const refused = checkWrite(contextOf(work.state, work.scopeOf(visit)), path, mode)
  if (refused === null) return null
  const what = {
    not_an_array: "is not an array",
    not_an_object: "is not an object",
    index_out_of_range: "is more than one past the array's end",
  }[refused.code]
  return failure(visit, {
    class: "validation_failed",
    code: "result_path_invalid",
    title: "The result could not be written",
    detail: `${["ctx", ...path.slice(0, refused.at + 1)].join(".")} ${what}`,
    data: { path: path.join(".") },
  })
}

function contextProblem(work: Work, visit: Visit, bytes: number): RunError | null {
  const limit = work.env.limits.contextBytesMax
  if (work.state.contextBytes + bytes <= limit) return null
  return failure(visit, {
    class: "validation_failed",
    code: "context_too_large",
    title: "The run's context is full",
    detail: `more than ${limit} bytes have been written to the context of this run`,
  })
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
