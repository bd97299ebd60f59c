/**
 * What a state writes to the context (dsl.md §2): checked first, then one event. Large values are references to the
 * fold (rule 20), so what must be seen into — a large object that is merged, or one that a path leads into — is taken
 * apart here into events that need no look.
 */
import type { ResultMode } from "../../definition/model.ts"
import { isJsonObject, type Json, type JsonObject } from "../../json.ts"
import { ContextNode, checkWrite, localWrites, materialise, readAt, type WriteFailure } from "../context.ts"
import type { EventPayloads, RunError } from "../events.ts"
import { applyWrite, resultOf } from "../evolve-context.ts"
import { contextOf } from "../evolve-scopes.ts"
import { plain } from "../names.ts"
import type { RunState, Visit } from "../state.ts"
import { isBlobRef, largerThan, sizeUpTo, toStored } from "../stored.ts"
import { failure } from "./failure.ts"
import type { Work } from "./work.ts"

type Path = readonly (string | number)[]

/** `value`: one that no event holds yet; else the visit's result, which the event `from` brought. Returns why not. */
export function write(
  work: Work,
  visit: Visit,
  path: Path,
  mode: ResultMode,
  value: Json | undefined,
  from: number | null,
): RunError | null {
  const merges = mode === "merge" || path.length === 0
  const result = value !== undefined ? value : (resultOf(visit)?.value ?? null)
  const seen = merges ? plain(work, result) : result
  if (merges && !isJsonObject(seen))
    return refused(visit, `only an object can be merged into ${path.join(".") || "ctx"}`, path)
  const large = takeApart(work, visit, path, mode)
  if (large !== null) return writeInLarge(work, visit, { ...large, path, mode, value })
  const problem = checkWrite(contextOf(work.state, work.scopeOf(visit)), path, mode)
  if (problem !== null) return refusedAt(visit, path, problem)
  if (merges && largerThan(seen as Json, work.env.limits.inlineBytesMax))
    return writeParts(work, visit, path, seen as JsonObject, value)
  // What branches and items left is put together by the fold from the events that brought it (rule 18).
  const brings = value === undefined ? { from } : { from: null, value: stored(work, plain(work, value)) }
  return emit(work, visit, { path, mode, ...brings }, result)
}

/** Key by key: the fold cannot look into a large value. */
function writeParts(
  work: Work,
  visit: Visit,
  path: Path,
  object: JsonObject,
  fresh: Json | undefined,
): RunError | null {
  bringResult(work, visit, path, fresh)
  for (const [key, child] of Object.entries(object)) {
    const part = { path: [...path, key], mode: "replace", from: null, value: stored(work, child), part: true } as const
    const problem = emit(work, visit, part, child)
    if (problem !== null) return problem
  }
  return null
}

/** A result that no event holds and that is not written as it is. */
function bringResult(work: Work, visit: Visit, path: Path, fresh: Json | undefined): void {
  if (fresh !== undefined)
    emit(work, visit, { path, mode: "none", from: null, value: stored(work, plain(work, fresh)) }, null)
}

/**
 * Large objects on the way are written out key by key, so that what else they hold stays. A large array on the way is
 * given back: it is written anew as a whole.
 */
function takeApart(
  work: Work,
  visit: Visit,
  path: Path,
  mode: ResultMode,
): { depth: number; array: readonly Json[] } | null {
  const context = contextOf(work.state, work.scopeOf(visit))
  const last = mode === "replace" ? path.length - 1 : path.length
  for (let depth = 1; depth <= last; depth++) {
    const found = readAt(context, path.slice(0, depth))
    if (found === undefined || !("value" in found)) return null
    if (!isBlobRef(found.value)) continue
    const opened = plain(work, found.value)
    if (Array.isArray(opened)) return { depth, array: opened }
    if (isJsonObject(opened)) writeParts(work, visit, path.slice(0, depth), opened, undefined)
  }
  return null
}

function writeInLarge(
  work: Work,
  visit: Visit,
  large: { depth: number; array: readonly Json[]; path: Path; mode: ResultMode; value: Json | undefined },
): RunError | null {
  const { depth, path, mode, value } = large
  const inside = ["array", ...path.slice(depth)]
  const holder = new ContextNode({ array: large.array }, false)
  const problem = checkWrite(holder, inside, mode)
  if (problem !== null) return refusedAt(visit, path, { ...problem, at: problem.at + depth - 1 })
  applyWrite(holder, inside, mode, plain(work, value !== undefined ? value : (resultOf(visit)?.value ?? null)))
  const array = materialise(holder.get("array")!)
  bringResult(work, visit, path, value)
  const whole = { path: path.slice(0, depth), mode: "replace", from: null, value: stored(work, array), part: true }
  return emit(work, visit, whole as Written, array)
}

type Written = Omit<EventPayloads["context.written"], "scope" | "bytes" | "total">

function stored(work: Work, value: Json) {
  return toStored(work.blobs, value, work.env.limits.inlineBytesMax)
}

function emit(work: Work, visit: Visit, written: Written, value: unknown): RunError | null {
  const { contextBytesMax, inlineBytesMax } = work.env.limits
  // One that goes to the blob store leaves a reference in the context.
  const size = isBlobRef(value) ? 64 : sizeUpTo(value as Json, contextBytesMax)
  const bytes = written.value !== undefined && size > inlineBytesMax ? 64 : size
  let total: number | undefined
  if (work.state.contextBytes + bytes > contextBytesMax) {
    total = measure(work.state, contextBytesMax) + bytes
    if (total > contextBytesMax) return full(visit, contextBytesMax)
  }
  const { scope } = visit
  work.emit("context.written", visit.stepId, { scope, ...written, bytes, ...(total === undefined ? {} : { total }) })
  return null
}

/** What the context holds now: the sum of all that was written counts what was overwritten, too. */
function measure(state: RunState, limit: number): number {
  let bytes = sizeUpTo(materialise(state.context), limit)
  for (const { context } of state.scopes.values())
    if (context !== null && bytes <= limit) bytes += sizeUpTo(localWrites(context), limit)
  return bytes
}

function full(visit: Visit, limit: number): RunError {
  return failure(visit, {
    class: "validation_failed",
    code: "context_too_large",
    title: "The run's context is full",
    detail: `the context of this run would be larger than ${limit} bytes`,
  })
}

function refusedAt(visit: Visit, path: Path, problem: WriteFailure): RunError {
  const what = {
    not_an_array: "is not an array",
    not_an_object: "is not an object",
    index_out_of_range: "is more than one past the array's end",
  }[problem.code]
  return refused(visit, `${["ctx", ...path.slice(0, problem.at + 1)].join(".")} ${what}`, path)
}

function refused(visit: Visit, detail: string, path: Path): RunError {
  return failure(visit, {
    class: "validation_failed",
    code: "result_path_invalid",
    title: "The result could not be written",
    detail,
    data: { path: path.join(".") },
  })
}
