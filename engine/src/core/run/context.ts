/**
 * A run's context as layers: own writes over a base that never changes. Writing copies nothing and never touches the
 * base, so a value that an event brought can be shared, and a branch reads its parent without a copy (rule 12).
 */
import { isJsonObject, type Json, type JsonObject } from "../json.ts"
import { ContextList } from "./context-list.ts"
import { type BlobRef, isBlobRef } from "./stored.ts"

export type ContextValue = Json | BlobRef | ContextNode | ContextList

export class ContextNode {
  readonly entries = new Map<string, Exclude<ContextValue, undefined>>()
  base: ContextNode | JsonObject | null
  /** The base is the frozen parent's, not a value this layer wrote: it is not among the local writes. */
  readonly inherited: boolean

  constructor(base: ContextNode | JsonObject | null, inherited: boolean) {
    this.base = base
    this.inherited = inherited
  }

  get(key: string): ContextValue | undefined {
    const own = this.entries.get(key)
    if (own !== undefined) return own
    return this.base === null ? undefined : childOf(this.base, key)
  }

  keys(): string[] {
    const keys = this.base === null ? [] : this.base instanceof ContextNode ? this.base.keys() : Object.keys(this.base)
    if (this.entries.size === 0) return keys
    const seen = new Set(keys)
    for (const key of this.entries.keys()) if (!seen.has(key)) keys.push(key)
    return keys
  }
}

export function childOf(parent: ContextNode | JsonObject, key: string): ContextValue | undefined {
  if (parent instanceof ContextNode) return parent.get(key)
  return Object.hasOwn(parent, key) ? parent[key] : undefined
}

export type WriteFailure = {
  readonly code: "not_an_object" | "index_out_of_range" | "not_an_array"
  readonly at: number
}

/**
 * Writes at a path, creating parents (dsl.md §2). Arrays on the way are copied once; they grow by one at most.
 * The value must be a stored one's resolved JSON or a BlobRef. Returns a failure instead of throwing.
 */
export function writeAt(
  root: ContextNode,
  path: readonly (string | number)[],
  value: Json | BlobRef | ContextList,
): WriteFailure | null {
  let node = root
  for (let depth = 0; depth < path.length - 1; depth++) {
    const key = String(path[depth])
    const child = node.get(key)
    if (isArray(child)) {
      const written = writeInArray(materialise(child) as Json[], path, depth + 1, value)
      if ("code" in written) return written
      node.entries.set(key, written.array)
      return null
    }
    if (
      typeof path[depth + 1] === "number" &&
      child !== undefined &&
      !(child instanceof ContextNode) &&
      !isJsonObject(child)
    )
      return { code: "not_an_array", at: depth }
    if (typeof path[depth + 1] === "number" && child === undefined) {
      const written = writeInArray([], path, depth + 1, value)
      if ("code" in written) return written
      node.entries.set(key, written.array)
      return null
    }
    node = ownChild(node, key, child)
  }
  const last = path[path.length - 1]
  if (last === undefined) return { code: "not_an_object", at: 0 }
  node.entries.set(String(last), value)
  return null
}

function ownChild(node: ContextNode, key: string, child: ContextValue | undefined): ContextNode {
  if (child instanceof ContextNode && node.entries.get(key) === child) return child
  const base = child instanceof ContextNode || isPlainObject(child) ? child : null
  // Inherited only when it came through this layer's own inherited base and not from a value written here.
  const made = new ContextNode(base, node.inherited && !node.entries.has(key) && base !== null)
  node.entries.set(key, made)
  return made
}

function writeInArray(
  array: readonly Json[],
  path: readonly (string | number)[],
  depth: number,
  value: Json | BlobRef | ContextList,
): { array: Json[] } | WriteFailure {
  const index = path[depth]
  if (typeof index !== "number") return { code: "not_an_array", at: depth }
  if (index > array.length || index < 0) return { code: "index_out_of_range", at: depth }
  const copy = array.slice()
  if (depth === path.length - 1) {
    copy[index] = materialise(value)
    return { array: copy }
  }
  const inner = copy[index]
  if (Array.isArray(inner)) {
    const written = writeInArray(inner, path, depth + 1, value)
    if ("code" in written) return written
    copy[index] = written.array
    return { array: copy }
  }
  const node = new ContextNode(isJsonObject(inner) ? inner : null, false)
  const failure = writeAt(node, path.slice(depth + 1), value)
  if (failure !== null) return { ...failure, at: failure.at + depth + 1 }
  copy[index] = materialise(node)
  return { array: copy }
}

/** The whole value as plain JSON; blob references stay where they are. */
export function materialise(value: ContextValue): Json {
  if (value instanceof ContextList) return value.toArray()
  if (!(value instanceof ContextNode)) return value as Json
  const result: Record<string, Json> = {}
  for (const key of value.keys()) result[key] = materialise(value.get(key)!)
  return result
}

/** Only what was written in this layer: a branch's or an item's result (settled 11). */
export function localWrites(node: ContextNode): JsonObject {
  const result: Record<string, Json> = {}
  if (!node.inherited && node.base !== null) {
    for (const key of node.base instanceof ContextNode ? node.base.keys() : Object.keys(node.base))
      result[key] = materialise(childOf(node.base, key)!)
  }
  for (const [key, child] of node.entries)
    result[key] = child instanceof ContextNode ? localWrites(child) : materialise(child)
  return result
}

/** Walks a path. `undefined` = nothing there; a BlobRef on the way is given back with what is left of the path. */
export function readAt(
  root: ContextValue,
  path: readonly (string | number)[],
): { value: ContextValue } | { blob: BlobRef; rest: readonly (string | number)[] } | undefined {
  let value: ContextValue = root
  for (let depth = 0; depth < path.length; depth++) {
    if (isBlobRef(value)) return { blob: value, rest: path.slice(depth) }
    const segment = path[depth]!
    let next: ContextValue | undefined
    if (value instanceof ContextNode) next = value.get(String(segment))
    else if (isArray(value)) next = typeof segment === "number" ? elementOf(value, segment) : undefined
    else if (isJsonObject(value)) next = childOf(value, String(segment))
    if (next === undefined) return undefined
    value = next
  }
  return { value }
}

/** Puts a layer over another base that reads the same: later writes to the old one cannot reach it (rule 8). */
export function rebase(layer: ContextNode, base: ContextNode["base"]): void {
  layer.base = base
  for (const [key, child] of layer.entries)
    if (child instanceof ContextNode && child.inherited) rebase(child, baseBelow(base, key))
}

/** What an inner layer stands over at this key. */
export function baseBelow(base: ContextNode["base"], key: string): ContextNode["base"] {
  const child = base === null ? undefined : childOf(base, key)
  return child instanceof ContextNode || isPlainObject(child) ? child : null
}

function isPlainObject(value: unknown): value is JsonObject {
  return isJsonObject(value) && !isBlobRef(value) && !(value instanceof ContextList)
}

export function isArray(value: ContextValue | undefined): value is ContextList | readonly Json[] {
  return value instanceof ContextList || Array.isArray(value)
}

export function elementOf(array: ContextList | readonly Json[], index: number): Json | undefined {
  return array instanceof ContextList ? array.at(index) : array[index]
}

/** Whether `writeAt` would succeed; touches nothing. `append` needs an array or nothing at the place, `merge` an object. */
export function checkWrite(
  root: ContextNode,
  path: readonly (string | number)[],
  mode: "replace" | "merge" | "append",
): WriteFailure | null {
  let value: ContextValue | undefined = root
  for (let depth = 0; depth < path.length; depth++) {
    const segment = path[depth]!
    if (typeof segment === "number") {
      if (value !== undefined && !isArray(value)) return { code: "not_an_array", at: depth }
      if (segment > (value?.length ?? 0)) return { code: "index_out_of_range", at: depth }
      value = value === undefined ? undefined : elementOf(value, segment)
    } else {
      if (isArray(value)) return { code: "not_an_object", at: depth }
      // A scalar or a large value in the way is replaced by an object, as 004's `resultPath` creates its parents.
      value =
        value instanceof ContextNode ? value.get(segment) : isPlainObject(value) ? childOf(value, segment) : undefined
    }
  }
  if (mode === "append" && value !== undefined && !isArray(value)) return { code: "not_an_array", at: path.length }
  if (mode === "merge" && value !== undefined && !(value instanceof ContextNode) && !isPlainObject(value))
    return { code: "not_an_object", at: path.length }
  return null
}
