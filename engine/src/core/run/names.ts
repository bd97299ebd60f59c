/**
 * What a name means at a place in a run (dsl.md §2, §3): item and index names of the enclosing scopes, then the
 * context, then the read-only helpers. Used by templates, paths and expressions alike, so that all three agree.
 */
import type { Block, Definition, Path, State } from "../definition/model.ts"
import { isJsonObject, type Json, type JsonObject } from "../json.ts"
import { ContextNode, type ContextValue, elementOf, isArray, materialise, readAt } from "./context.ts"
import { contextOf } from "./evolve-scopes.ts"
import type { RunState, Scope, Visit } from "./state.ts"
import { type BlobAccess, type BlobRef, fromStored, isBlobRef, NeedsBlobs, resolve } from "./stored.ts"

/** Reads of one decision: the state, the pinned definition and the large values at hand. */
export interface Reader {
  readonly state: RunState
  readonly definition: Definition
  readonly blobs: BlobAccess
}

export function blockOf(definition: Definition, state: RunState, scope: Scope): Block {
  if (scope.block !== null) return scope.block
  scope.block =
    scope.owner === null
      ? definition.block
      : innerBlock(defOf(definition, state, state.visits.get(scope.owner)!), scope)
  return scope.block
}

export function defOf(definition: Definition, state: RunState, visit: Visit): State {
  if (visit.def !== null) return visit.def
  const block = blockOf(definition, state, state.scopes.get(visit.scope)!)
  visit.def = block.states.get(visit.name)!
  return visit.def
}

function innerBlock(def: State, scope: Scope): Block {
  if (scope.kind === "cancel") return def.onCancel!
  if (scope.kind === "finally" && def.type === "try") return def.finally!
  if (def.type === "parallel") return def.branches.find((branch) => branch.name === scope.name)!.block
  if (def.type === "foreach" || def.type === "loop" || def.type === "try") return def.block
  throw new Error(`state ${def.name} holds no ${scope.kind} block`)
}

/** Names bound by the enclosing scopes, nearest first. */
export function localName(reader: Reader, scope: Scope, name: string): Json | BlobRef | undefined {
  for (
    let at: Scope | undefined = scope;
    at !== undefined && at.owner !== null;
    at = at.parent === null ? undefined : reader.state.scopes.get(at.parent)
  ) {
    if (at.kind !== "item" && at.kind !== "do") continue
    const owner = reader.state.visits.get(at.owner)
    if (owner === undefined) continue
    const def = defOf(reader.definition, reader.state, owner)
    if (def.type === "loop" && name === "index") return at.index
    if (def.type !== "foreach") continue
    if (name === def.indexName) return at.index
    if (name === def.itemName) return itemOf(reader, owner, at.index)
  }
  return undefined
}

export function localNames(reader: Reader, scope: Scope): string[] {
  const names: string[] = []
  for (
    let at: Scope | undefined = scope;
    at !== undefined && at.owner !== null;
    at = at.parent === null ? undefined : reader.state.scopes.get(at.parent)
  ) {
    const owner = reader.state.visits.get(at.owner)
    if (owner === undefined) continue
    const def = defOf(reader.definition, reader.state, owner)
    if (def.type === "loop" && at.kind === "do") names.push("index")
    if (def.type === "foreach") names.push(def.itemName, def.indexName)
  }
  return names
}

/**
 * The items of a foreach, each as it lies in the context: inline ones were brought by its event, others are read from
 * the frozen parent context.
 */
function itemsOf(reader: Reader, visit: Visit): ContextValue | undefined {
  const inline = visit.holds?.items ?? null
  if (inline !== null) return resolve(reader.blobs, fromStored(inline))
  const def = defOf(reader.definition, reader.state, visit)
  if (def.type !== "foreach" || !("path" in def.items)) return undefined
  return readRaw(reader, reader.state.scopes.get(visit.scope)!, def.items.path)
}

/** One item alone is made plain, not all for the sake of one. */
export function itemOf(reader: Reader, owner: Visit, index: number): Json | undefined {
  const items = itemsOf(reader, owner)
  const item = isArray(items) ? elementOf(items, index) : undefined
  return item === undefined ? undefined : plain(reader, item)
}

/** The value at a path, or undefined. Large values are loaded (or asked for: NeedsBlobs). */
export function readPath(reader: Reader, scope: Scope, path: Path): Json | undefined {
  const found = findValue(reader, scope, path)
  return found === undefined ? undefined : plain(reader, found)
}

/** The value at a path with large values left inside it; itself it is none. */
export function readRaw(reader: Reader, scope: Scope, path: Path): ContextValue | undefined {
  const found = findValue(reader, scope, path)
  return isBlobRef(found) ? resolve(reader.blobs, found) : found
}

function findValue(reader: Reader, scope: Scope, path: Path): ContextValue | undefined {
  const first = path.segments[0]
  if (!path.rooted && typeof first === "string") {
    const local = localName(reader, scope, first)
    if (local !== undefined) return follow(reader, local, path.segments.slice(1))
  }
  const inContext = follow(reader, contextOf(reader.state, scope), path.segments)
  if (inContext !== undefined || path.rooted || typeof first !== "string") return inContext
  const helper = helperValue(reader, first)
  return helper === undefined ? undefined : follow(reader, helper, path.segments.slice(1))
}

function follow(reader: Reader, from: ContextValue, segments: readonly (string | number)[]): ContextValue | undefined {
  const found = readAt(from, segments)
  if (found === undefined) return undefined
  if ("value" in found) return found.value
  return follow(reader, resolve(reader.blobs, found.blob), found.rest)
}

/** Plain JSON, with nothing left in the blob store. */
export function plain(reader: Reader, value: ContextValue): Json {
  if (isBlobRef(value)) return resolve(reader.blobs, value)
  const json = materialise(value)
  if (!reader.state.nestedBlobs && !(value instanceof ContextNode)) return json
  const missing: string[] = []
  const resolved = resolveDeep(reader.blobs, json, missing)
  // All at once: each asking costs a reading of the whole run.
  if (missing.length > 0) throw new NeedsBlobs([...new Set(missing)])
  return resolved
}

/** The same value when nothing in it is large. */
function resolveDeep(blobs: BlobAccess, value: Json, missing: string[]): Json {
  if (typeof value !== "object" || value === null) return value
  if (isBlobRef(value)) {
    const found = blobs.get(value.blob)
    if (found === undefined) missing.push(value.blob)
    return found ?? null
  }
  if (Array.isArray(value)) return resolveItems(blobs, value, missing)
  let changed: Record<string, Json> | null = null
  for (const key in value as JsonObject) {
    const child = (value as JsonObject)[key]!
    const resolved = resolveDeep(blobs, child, missing)
    if (resolved === child) continue
    changed ??= { ...(value as JsonObject) }
    changed[key] = resolved
  }
  return changed ?? value
}

function resolveItems(blobs: BlobAccess, items: readonly Json[], missing: string[]): Json {
  let changed: Json[] | null = null
  for (let index = 0; index < items.length; index++) {
    const resolved = resolveDeep(blobs, items[index]!, missing)
    if (resolved === items[index]) continue
    changed ??= [...items]
    changed[index] = resolved
  }
  return changed ?? items
}

export const helperNames = ["input", "run", "workflow"] as const

/** `input`, `run`, `workflow`: read-only, shadowed by a context key of that name. */
export function helperValue(reader: Reader, name: string): Json | undefined {
  const { created, runId, createdAt, startedAt } = reader.state
  switch (name) {
    case "input":
      return plain(reader, fromStored(created.input))
    case "run":
      return {
        id: runId,
        number: created.executionNumber,
        environment: created.environment,
        createdAt: isoTime(createdAt),
        startedAt: startedAt === null ? null : isoTime(startedAt),
        tags: [...created.tags],
        correlationId: created.correlationId,
        businessEventId: created.businessEventId,
        parentRunId: created.parentRunId,
      }
    case "workflow":
      return {
        id: created.workflowId,
        name: created.workflowName,
        version: created.workflowVersion,
        versionNumber: created.versionNumber,
      }
    default:
      return undefined
  }
}

/** RFC 3339 with milliseconds, from arithmetic alone: core has no Date. Valid for years 1970–9999. */
export function isoTime(ms: number): string {
  const days = Math.floor(ms / 86_400_000)
  const rest = ms - days * 86_400_000
  // Days to civil date, Howard Hinnant's algorithm.
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const doe = z - era * 146_097
  const yoe = Math.floor((doe - Math.floor(doe / 1_460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365)
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100))
  const mp = Math.floor((5 * doy + 2) / 153)
  const day = doy - Math.floor((153 * mp + 2) / 5) + 1
  const month = mp < 10 ? mp + 3 : mp - 9
  const year = yoe + era * 400 + (month <= 2 ? 1 : 0)
  const two = (n: number) => String(n).padStart(2, "0")
  const hours = Math.floor(rest / 3_600_000)
  const minutes = Math.floor(rest / 60_000) % 60
  const seconds = Math.floor(rest / 1_000) % 60
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${two(hours)}:${two(minutes)}:${two(seconds)}.${String(rest % 1_000).padStart(3, "0")}Z`
}

/** Where a missing path stops existing, for the error that names it. */
export function nearestExisting(
  reader: Reader,
  scope: Scope,
  path: Path,
): { readonly found: string; readonly keys: readonly string[] } {
  const context = contextOf(reader.state, scope)
  for (let length = path.segments.length - 1; length > 0; length--) {
    const value = findValue(reader, scope, { ...path, segments: path.segments.slice(0, length) })
    if (value !== undefined) return { found: path.segments.slice(0, length).join("."), keys: keysOf(value) }
  }
  return { found: "ctx", keys: [...localNames(reader, scope), ...context.keys()] }
}

function keysOf(value: ContextValue): string[] {
  if (value instanceof ContextNode) return value.keys().slice(0, 20)
  return isJsonObject(value) && !isArray(value) ? Object.keys(value).slice(0, 20) : []
}
