/**
 * What one step did to the context: each value it added or changed, as it was before and after, and which step had
 * written it. The writes are the step's own events, so that nothing that ran beside it is taken for its doing.
 */
import { isJsonObject, type Json } from "../json.ts"
import { pointerOf, stepsOf } from "../json-pointer.ts"
import { type ContextNode, type ContextValue, materialise, readAt } from "../run/context.ts"
import type { EventOf, RunEvent } from "../run/events.ts"
import { resultOf } from "../run/evolve-context.ts"
import { branchPath } from "../run/place.ts"
import { isBlobRef } from "../run/stored.ts"
import type { ContextFold } from "./context-at.ts"
import { type JsonChange, jsonChanges } from "./json-changes.ts"

export interface ContextChange extends JsonChange {
  /** The step that had written the earlier value; null = the input, or nothing was there. */
  readonly writer: string | null
  /** A value is left out for its size. */
  readonly large: boolean
}

export interface ContextWrite {
  readonly seq: number
  readonly path: string
  readonly mode: "replace" | "merge" | "append"
  /** Whose context: empty for the run's own, else the branch's or item's. */
  readonly branchPath: string
}

export interface StepContext {
  readonly stepId: string
  readonly writes: readonly ContextWrite[]
  readonly changes: readonly ContextChange[]
  readonly truncated: boolean
}

const changesMax = 200
const writesMax = 200
const valueCharsMax = 20_000

/** Fed with the events from the step's first on, by a fold that stands right before it. */
export class StepContextView {
  readonly #stepId: string
  readonly #fold: ContextFold
  readonly #writes: ContextWrite[] = []
  readonly #changes: ContextChange[] = []
  #truncated = false

  constructor(stepId: string, fold: ContextFold) {
    this.#stepId = stepId
    this.#fold = fold
  }

  /** False: the step has left, and writes nothing any more. */
  apply(event: RunEvent): boolean {
    if (event.stepId !== this.#stepId || event.type !== "context.written") {
      this.#fold.apply(event)
      return !(event.stepId === this.#stepId && event.type === "state.exited")
    }
    this.#written(event)
    return true
  }

  result(): StepContext {
    return {
      stepId: this.#stepId,
      writes: this.#writes,
      changes: this.#changes,
      truncated: this.#truncated,
    }
  }

  #written(event: EventOf<"context.written">): void {
    const { scope, path, mode } = event.payload
    if (mode === "none") return this.#fold.apply(event)
    const node = this.#fold.layer(scope)
    const places = mode === "merge" || path.length === 0 ? this.#keys(event).map((key) => [...path, key]) : [path]
    const before = places.map((place) => ({
      value: valueAt(node, place),
      writerOf: this.#fold.writersAt(scope, place.map(String)),
    }))
    this.#fold.apply(event)
    if (this.#writes.length < writesMax)
      this.#writes.push({ seq: event.seq, path: path.join("."), mode, branchPath: this.#branchPath(scope) })
    for (const [index, place] of places.entries()) this.#compare(place, before[index]!, valueAt(node, place))
  }

  /** Of what is merged. */
  #keys({ payload, stepId }: EventOf<"context.written">): readonly string[] {
    const visit = stepId === null ? undefined : this.#fold.state?.visits.get(stepId)
    const stored = payload.value
    const value =
      stored === undefined
        ? visit === undefined
          ? null
          : resultOf(visit)?.value
        : "value" in stored
          ? stored.value
          : null
    return typeof value === "object" && value !== null && isJsonObject(value) ? Object.keys(value) : []
  }

  #branchPath(scopeId: string): string {
    const scope = this.#fold.state?.scopes.get(scopeId)
    return scope === undefined ? "" : branchPath(scope.frames)
  }

  #compare(
    path: readonly (string | number)[],
    before: { readonly value: Json | undefined; readonly writerOf: (inner: readonly string[]) => string | null },
    after: Json | undefined,
  ): void {
    const at = pointerOf(path)
    if (before.value === undefined && after === undefined) return
    if (before.value === undefined) return this.#add({ pointer: at, op: "added", to: after! }, null)
    if (after === undefined) return this.#add({ pointer: at, op: "removed", from: before.value }, before.writerOf([]))
    const { changes, truncated } = jsonChanges(before.value, after, changesMax)
    this.#truncated ||= truncated
    for (const change of changes) {
      const writer = change.op === "added" ? null : before.writerOf(stepsOf(change.pointer))
      this.#add({ ...change, pointer: `${at}${change.pointer}` }, writer)
    }
  }

  #add(change: JsonChange, writer: string | null): void {
    if (this.#changes.length >= changesMax) {
      this.#truncated = true
      return
    }
    const { pointer, op, from, to } = change
    const keeps = isShort(from) && isShort(to)
    this.#changes.push({
      pointer,
      op,
      ...(keeps && from !== undefined && { from }),
      ...(keeps && to !== undefined && { to }),
      writer,
      large: !keeps,
    })
  }
}

/** A value in the blob store stands as a text that no JSON of a user can be: it has a NUL. */
const blobMark = "\u0000blob:"

function valueAt(node: ContextNode, path: readonly (string | number)[]): Json | undefined {
  const found = readAt(node, path)
  if (found === undefined) return undefined
  return "value" in found ? plain(found.value) : `${blobMark}${found.blob.blob}`
}

function plain(value: ContextValue): Json {
  return isBlobRef(value) ? `${blobMark}${value.blob}` : marked(materialise(value))
}

function marked(value: Json): Json {
  if (typeof value !== "object" || value === null) return value
  if (isBlobRef(value)) return `${blobMark}${value.blob}`
  if (Array.isArray(value)) return value.map(marked)
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, marked(child)]))
}

function isShort(value: Json | undefined): boolean {
  if (value === undefined) return true
  const text = JSON.stringify(value)
  return text.length <= valueCharsMax && !text.includes("\\u0000blob:")
}
