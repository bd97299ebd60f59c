/**
 * A state as text, and back (rule 12). Snapshots only save folding: with another codec they are ignored and the run is
 * folded from its events. Definition caches and the ready set are left out.
 */
import type { Json, JsonObject } from "../json.ts"
import { baseBelow, ContextNode, materialise } from "./context.ts"
import { rebuildReady } from "./owed.ts"
import { type Holding, type RunState, rootScope, type Scope, type Visit } from "./state.ts"
import { BlobRef } from "./stored.ts"

/** Raise it with every change of what is written here or in state.ts. */
export const snapshotCodec = "7"

/**
 * Written while nothing else is decided, so it must be short also for a run of 100,000 items: what never changes, the
 * input and the results that are there already, is put into text once and kept beside the object it belongs to.
 */
export function encodeState(state: RunState): string {
  const base = state.context.base
  const moving = JSON.stringify({
    ...state,
    created: undefined,
    visits: undefined,
    context: encodeNode(state.context, base),
    scopes: [...state.scopes.values()].map(encodeScope),
    timers: [...state.timers.values()],
    signalIds: [...state.signalIds],
    ready: [],
  })
  const visits = [...state.visits.values()].map((visit) => visitText(visit, state.created))
  return withFields(moving, `"created":${createdText(state.created)},"visits":[${visits.join(",")}]`)
}

/** What is as it was when the scope or visit began is left out: a thousand items at once are a thousand of each. */
function encodeScope(scope: Scope): JsonObject {
  return {
    id: scope.id,
    owner: scope.owner,
    parent: scope.parent,
    kind: scope.kind,
    name: unless("", scope.name),
    index: unless(0, scope.index),
    frames: scope.frames,
    cursor: scope.cursor,
    visits: [...scope.visits],
    context: scope.context === null ? undefined : encodeScopeContext(scope.context),
    unwinding: unless(null, scope.unwinding),
    shielded: unless(false, scope.shielded),
    lingering: scope.lingering.size === 0 ? undefined : [...scope.lingering],
    last: scope.last === null ? undefined : { seq: scope.last.seq, value: encodeValue(scope.last.value) },
    rewinds: scope.rewinds === null ? undefined : [...scope.rewinds],
    block: undefined,
  } satisfies { readonly [K in keyof Scope]: unknown } as unknown as JsonObject
}

const newScope = {
  name: "",
  index: 0,
  context: null,
  unwinding: null,
  shielded: false,
  last: null,
  rewinds: null,
  block: null,
}

function visitText(visit: Visit, created: RunState["created"]): string {
  const { scheduled, result, holds } = visit
  const fields = {
    stepId: visit.stepId,
    scope: visit.scope,
    owner: visit.owner,
    enteredSeq: visit.enteredSeq,
    name: visit.name,
    visit: visit.visit,
    type: visit.type,
    action: unless(null, visit.action),
    branchPath: unless("", visit.branchPath),
    index: unless(null, visit.index),
    enteredAt: visit.enteredAt,
    phase: visit.phase,
    attempt: unless(0, visit.attempt),
    delivery: unless(0, visit.delivery),
    fence: unless(0, visit.fence),
    lostDeliveries: unless(0, visit.lostDeliveries),
    scheduled: scheduled === null ? undefined : encodeScheduled(scheduled, created),
    startedAt: unless(null, visit.startedAt),
    result: result === null ? undefined : { seq: result.seq, value: encodeValue(result.value) },
    error: unless(null, visit.error),
    unwinding: unless(null, visit.unwinding),
    holds: undefined,
    timers: visit.timers.size === 0 ? undefined : [...visit.timers],
    woken: unless(null, visit.woken),
    def: undefined,
    retries: unless(0, visit.retries),
    usage: isUnused(visit.usage) ? undefined : visit.usage,
    exit: unless(null, visit.exit),
  } satisfies { readonly [K in keyof Visit]: unknown }
  const text = JSON.stringify(fields)
  return holds === null ? text : withFields(text, `"holds":${holdingText(holds)}`)
}

const newVisit = {
  action: null,
  branchPath: "",
  index: null,
  attempt: 0,
  delivery: 0,
  fence: 0,
  lostDeliveries: 0,
  startedAt: null,
  error: null,
  unwinding: null,
  woken: null,
  def: null,
  retries: 0,
  exit: null,
}

/** Without the pin where it is the run's own. */
function encodeScheduled(scheduled: NonNullable<Visit["scheduled"]>, created: RunState["created"]): unknown {
  const { pin, agent } = scheduled
  const own = created.agents[agent]
  const isOwn = own !== undefined && own.contractHash === pin?.contractHash && own.sourceHash === pin.sourceHash
  return isOwn ? { ...scheduled, pin: undefined } : scheduled
}

function decodeScheduled(raw: NonNullable<Visit["scheduled"]>, created: RunState["created"]): Visit["scheduled"] {
  return raw.pin === undefined ? { ...raw, pin: created.agents[raw.agent]! } : raw
}

function isUnused({ tokens, computeMs, costUsd }: Visit["usage"]): boolean {
  return tokens === 0 && computeMs === 0 && costUsd === 0
}

/** Undefined is not written. */
function unless<T>(blank: T, value: T): T | undefined {
  return value === blank ? undefined : value
}

function holdingText(holds: Holding): string {
  const text = JSON.stringify({ ...holds, results: undefined, open: [...holds.open], cleaned: [...holds.cleaned] })
  return withFields(text, `"results":[${resultsText(holds)}]`)
}

/** `object`: the text of one that has fields of its own. */
function withFields(object: string, fields: string): string {
  return `${object.slice(0, -1)},${fields}}`
}

const createdTexts = new WeakMap<RunState["created"], string>()

function createdText(created: RunState["created"]): string {
  let text = createdTexts.get(created)
  if (text === undefined) {
    text = JSON.stringify(created)
    createdTexts.set(created, text)
  }
  return text
}

/** Results are only ever added, at the end: those up to `count` are in `text`. */
const resultTexts = new WeakMap<Holding, { readonly count: number; readonly text: string }>()

function resultsText(holds: Holding): string {
  const { count, text } = resultTexts.get(holds) ?? { count: 0, text: "" }
  if (holds.results.size === count) return text
  const parts = text === "" ? [] : [text]
  let at = 0
  for (const [key, value] of holds.results) if (at++ >= count) parts.push(JSON.stringify([key, encodeValue(value)]))
  const all = parts.join(",")
  resultTexts.set(holds, { count: holds.results.size, text: all })
  return all
}

/** `n` = a layer of own writes, `v` = a value. The root's base is the input, which `created` holds already. */
function encodeNode(node: ContextNode, skipBase: ContextNode["base"]): Json {
  const entries = [...node.entries].map(
    ([key, child]) =>
      [
        key,
        child instanceof ContextNode
          ? encodeNode(child, baseBelow(skipBase, key))
          : { v: encodeValue(materialise(child)) },
      ] as Json,
  )
  const base = node.base
  const kept =
    base === null || base === skipBase || node.inherited
      ? null
      : base instanceof ContextNode
        ? encodeNode(base, null)
        : { v: encodeValue(base) }
  return { n: entries, i: node.inherited, b: kept, s: base !== null && base === skipBase }
}

/** A branch's base is its parent's layer, found again at decode; that of a loser stands still and is written out. */
function encodeScopeContext(node: ContextNode): Json {
  return { node: encodeNode(node, null), frozen: node.base instanceof ContextNode ? null : encodeValue(node.base) }
}

function encodeValue(value: unknown): Json {
  if (value instanceof BlobRef) return { $b: [value.blob, value.bytes] }
  if (Array.isArray(value)) return value.some(needsEscape) ? value.map(encodeValue) : (value as Json)
  if (typeof value !== "object" || value === null) return value as Json
  const entries = Object.entries(value)
  if (!entries.some(([key, child]) => key === "$b" || key === "$o" || needsEscape(child))) return value as Json
  return { $o: entries.map(([key, child]) => [key, encodeValue(child)]) }
}

function needsEscape(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false
  if (value instanceof BlobRef) return true
  if (Array.isArray(value)) return value.some(needsEscape)
  return Object.entries(value).some(([key, child]) => key === "$b" || key === "$o" || needsEscape(child))
}

function decodeValue(value: Json): Json {
  if (Array.isArray(value)) return value.map(decodeValue)
  if (typeof value !== "object" || value === null) return value
  const object = value as JsonObject
  if (Array.isArray(object.$b)) return new BlobRef(object.$b[0] as string, object.$b[1] as number) as unknown as Json
  if (Array.isArray(object.$o))
    return Object.fromEntries(
      object.$o.map((entry) => [(entry as readonly Json[])[0] as string, decodeValue((entry as readonly Json[])[1]!)]),
    )
  const decoded: Record<string, Json> = {}
  for (const key of Object.keys(object)) decoded[key] = decodeValue(object[key]!)
  return decoded
}

interface EncodedNode {
  readonly n: readonly (readonly [string, Json])[]
  readonly i: boolean
  readonly b: Json
  readonly s: boolean
}

function decodeNode(encoded: Json, base: ContextNode["base"]): ContextNode {
  const { n, i, b, s } = encoded as unknown as EncodedNode
  const own = s || i ? base : b === null ? null : decodeBase(b)
  const node = new ContextNode(own, i)
  for (const [key, child] of n)
    node.entries.set(
      key,
      "n" in (child as JsonObject)
        ? decodeNode(child, own === null ? null : baseBelow(own, key))
        : decodeValue((child as JsonObject).v!),
    )
  return node
}

function decodeBase(encoded: Json): ContextNode["base"] {
  return "n" in (encoded as JsonObject)
    ? decodeNode(encoded, null)
    : (decodeValue((encoded as JsonObject).v!) as JsonObject)
}

export function decodeState(text: string): RunState {
  const raw = JSON.parse(text) as Record<string, Json> & {
    scopes: JsonObject[]
    visits: JsonObject[]
    timers: { id: string }[]
    signalIds: string[]
  }
  const created = raw.created as unknown as RunState["created"]
  const initial = created.from?.context ?? created.input
  const input =
    "value" in initial && typeof initial.value === "object" && initial.value !== null && !Array.isArray(initial.value)
      ? (initial.value as JsonObject)
      : null
  const state = {
    ...(raw as unknown as RunState),
    context: decodeNode(raw.context!, input),
    scopes: new Map<string, Scope>(),
    visits: new Map<string, Visit>(raw.visits.map((visit) => [visit.stepId as string, decodeVisit(visit, created)])),
    timers: new Map(raw.timers.map((timer) => [timer.id, timer])) as unknown as RunState["timers"],
    signalIds: new Set(raw.signalIds),
    ready: new Set<string>(),
  } as RunState
  // Parents come before their inner scopes: a scope is made after the visit that holds it.
  for (const scope of raw.scopes) state.scopes.set(scope.id as string, decodeScope(scope, state))
  rebuildReady(state)
  return state
}

function decodeVisit(raw: JsonObject, created: RunState["created"]): Visit {
  const written = raw as unknown as Visit
  const result = (raw.result ?? null) as JsonObject | null
  const holds = (raw.holds ?? null) as JsonObject | null
  return {
    ...newVisit,
    ...written,
    scheduled: written.scheduled == null ? null : decodeScheduled(written.scheduled, created),
    timers: new Set((raw.timers ?? []) as unknown as string[]),
    usage: written.usage ?? { tokens: 0, computeMs: 0, costUsd: 0 },
    result: result === null ? null : { seq: result.seq as number | null, value: decodeValue(result.value!) },
    holds:
      holds === null
        ? null
        : {
            ...(holds as unknown as Holding),
            open: new Set(holds.open as unknown as string[]),
            results: new Map(
              (holds.results as unknown as [string | number, Json][]).map(([key, value]) => [key, decodeValue(value)]),
            ),
            cleaned: new Set(holds.cleaned as unknown as string[]),
          },
  }
}

function decodeScope(raw: JsonObject, state: RunState): Scope {
  const context = (raw.context ?? null) as JsonObject | null
  const last = (raw.last ?? null) as JsonObject | null
  return {
    ...newScope,
    ...(raw as unknown as Scope),
    visits: new Map(raw.visits as unknown as [string, number][]),
    lingering: new Set((raw.lingering ?? []) as unknown as string[]),
    rewinds: raw.rewinds === undefined ? null : new Map(raw.rewinds as unknown as [string, number][]),
    context:
      context === null
        ? null
        : decodeNode(
            context.node!,
            context.frozen === null
              ? parentLayer(raw.parent as string | null, state)
              : (decodeValue(context.frozen!) as JsonObject),
          ),
    last: last === null ? null : { seq: last.seq as number | null, value: decodeValue(last.value!) },
  }
}

function parentLayer(parent: string | null, state: RunState): ContextNode {
  for (
    let at = parent === null ? undefined : state.scopes.get(parent);
    at !== undefined && at.id !== rootScope;
    at = at.parent === null ? undefined : state.scopes.get(at.parent)
  )
    if (at.context !== null) return at.context
  return state.context
}
