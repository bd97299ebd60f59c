/**
 * Which step wrote each path of a context: a tree a layer, so that a value replaced whole forgets what was written
 * inside it without looking at the rest. What branches and items wrote is kept until their holder's result is written,
 * and then stands below it.
 */
import type { JsonObject } from "../json.ts"
import { isJsonObject } from "../json.ts"
import type { EventOf } from "../run/events.ts"
import type { RunState, Scope } from "../run/state.ts"
import { rootScope } from "../run/state.ts"

interface Node {
  /** Who wrote the value here as a whole, or null: only parts of it are known. */
  writer: string | null
  parts: Map<string, Node> | null
}

/** A holder with more branches or items than this stands for all of them. */
const mergedMax = 100

export class ContextWriters {
  readonly #layers = new Map<string, Node>()
  /** By holder: what its ended branches and items wrote, by name or index. */
  readonly #ended = new Map<string, Map<string, Node>>()

  /** To be told before the fold has closed the scope. */
  scopeEnds(holder: string, event: EventOf<"branch.completed" | "item.completed">): void {
    const layer = this.#layers.get(event.payload.scope)
    this.#layers.delete(event.payload.scope)
    if (layer === undefined || !event.payload.merged) return
    const ended = this.#ended.get(holder) ?? new Map<string, Node>()
    this.#ended.set(holder, ended)
    if (ended.size <= mergedMax)
      ended.set("name" in event.payload ? event.payload.name : String(event.payload.index), layer)
  }

  stepEnds(stepId: string): void {
    this.#ended.delete(stepId)
  }

  runEnds(): void {
    for (const scope of [...this.#layers.keys()]) if (scope !== rootScope) this.#layers.delete(scope)
    this.#ended.clear()
  }

  /** @param state in front of the event or behind it: scopes do not move by it */
  wrote(state: RunState, event: EventOf<"context.written">): void {
    const { path, mode, value, from } = event.payload
    if (mode === "none") return
    const writer = event.stepId ?? ""
    const at = path.map(String)
    const node = this.#nodeAt(layerOf(state, event.payload.scope), at)
    const together = value === undefined && from === null ? (this.#ended.get(writer) ?? null) : null
    const merges = mode === "merge" || path.length === 0
    if (!merges) {
      node.writer = writer
      node.parts = together === null || together.size > mergedMax ? null : new Map(together)
      return
    }
    const written = value !== undefined && "value" in value ? value.value : null
    const keys = together !== null ? [...together.keys()] : keysOf(written)
    for (const key of keys) {
      const part = together?.get(key)
      partsOf(node).set(key, { writer, parts: part?.parts ?? null })
    }
  }

  /**
   * Who wrote what stands at a path of a layer now, to be asked for places below it, also when it has been overwritten
   * since. Null: nobody has written there, or above it, in this layer.
   */
  writersAt(scope: string, path: readonly string[]): ((inner: readonly string[]) => string | null) | null {
    let node = this.#layers.get(scope)
    let writer = node?.writer ?? null
    for (const key of path) {
      node = node?.parts?.get(key)
      if (node === undefined) break
      writer = node.writer ?? writer
    }
    const parts = node?.parts ?? null
    if (writer === null && parts === null) return null
    return (inner) => nearest(parts, inner, writer)
  }

  /** `steps.check` → step; paths of branches and items that are open begin with their scope. At most `max`. */
  toRecord(max: number): { readonly [path: string]: string } {
    const record: Record<string, string> = {}
    let left = max
    const walk = (node: Node, path: string): void => {
      if (node.writer !== null && left-- > 0) record[path] = node.writer
      for (const [key, part] of node.parts ?? []) {
        if (left <= 0) return
        walk(part, path === "" || path.endsWith(":") ? `${path}${key}` : `${path}.${key}`)
      }
    }
    for (const [scope, node] of this.#layers) walk(node, scope === rootScope ? "" : `${scope}:`)
    return record
  }

  encode(): JsonObject {
    return {
      layers: [...this.#layers].map(([scope, node]) => [scope, encodeNode(node)]),
      ended: [...this.#ended].map(([step, parts]) => [step, [...parts].map(([key, node]) => [key, encodeNode(node)])]),
    } as unknown as JsonObject
  }

  static decode(encoded: JsonObject): ContextWriters {
    const { layers, ended } = encoded as unknown as Encoded
    const writers = new ContextWriters()
    for (const [scope, node] of layers) writers.#layers.set(scope, decodeNode(node))
    for (const [step, parts] of ended)
      writers.#ended.set(step, new Map(parts.map(([key, node]) => [key, decodeNode(node)])))
    return writers
  }

  #nodeAt(layer: string, path: readonly string[]): Node {
    let node = this.#layers.get(layer)
    if (node === undefined) {
      node = { writer: null, parts: null }
      this.#layers.set(layer, node)
    }
    for (const key of path) {
      const parts = partsOf(node)
      let next = parts.get(key)
      if (next === undefined) {
        next = { writer: null, parts: null }
        parts.set(key, next)
      }
      node = next
    }
    return node
  }
}

/** The scope whose layer a write in this scope lands in: blocks write into that of what holds them. */
export function layerOf(state: RunState, scopeId: string): string {
  for (let scope: Scope | undefined = state.scopes.get(scopeId); scope !== undefined; ) {
    if (scope.context !== null) return scope.id
    scope = scope.parent === null ? undefined : state.scopes.get(scope.parent)
  }
  return rootScope
}

function nearest(parts: Node["parts"], path: readonly string[], above: string | null): string | null {
  let writer = above
  for (const key of path) {
    const node = parts?.get(key)
    if (node === undefined) break
    writer = node.writer ?? writer
    parts = node.parts
  }
  return writer
}

function partsOf(node: Node): Map<string, Node> {
  node.parts ??= new Map()
  return node.parts
}

function keysOf(value: unknown): readonly string[] {
  return typeof value === "object" && value !== null && isJsonObject(value as JsonObject) ? Object.keys(value) : []
}

/** `[writer, parts]` */
type EncodedNode = readonly [string | null, readonly (readonly [string, EncodedNode])[] | null]

interface Encoded {
  readonly layers: readonly (readonly [string, EncodedNode])[]
  readonly ended: readonly (readonly [string, readonly (readonly [string, EncodedNode])[]])[]
}

function encodeNode({ writer, parts }: Node): EncodedNode {
  return [writer, parts === null ? null : [...parts].map(([key, part]) => [key, encodeNode(part)] as const)]
}

function decodeNode([writer, parts]: EncodedNode): Node {
  return { writer, parts: parts === null ? null : new Map(parts.map(([key, part]) => [key, decodeNode(part)])) }
}
