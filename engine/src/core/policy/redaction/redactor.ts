/**
 * Carries a policy out on a value (rule 9): the same value without what may not be kept. Pure but for `seals`, which is
 * the workspace's key; it runs on the way of every command, so a value in which nothing is found comes back as the same
 * object, and is looked through once.
 */
import type { Json, JsonObject } from "../../json.ts"
import { type DetectorName, findSecrets, isCardNumber, isSecretField, type TextDetector } from "./detectors.ts"
import { type FieldPath, type Places, parseFieldPath, placesAtRoot, placesBelow, ruleAt } from "./field-path.ts"
import { aroundMarkers, hasMarker, isMarked, labelOf, marker } from "./marker.ts"
import type { FieldRule, RedactionKind, RedactionMethod, RedactionPolicy } from "./policy.ts"

/** The key's part. Equal texts give equal answers. */
export interface Seals {
  /** A keyed digest: letters and digits. */
  hash(text: string): string
  /** Ciphertext in the alphabet of a token's body. */
  seal(text: string): string
}

export interface RedactionHit {
  /** JSON pointer. */
  readonly pointer: string
  readonly method: Exclude<RedactionMethod, "keep">
  /** The detector, or the label of the field's rule. */
  readonly found: string
  /** The rule's path; null: a detector's. */
  readonly path: string | null
}

export interface Redactor {
  /** @param onHit told of each; without it nothing is made for it */
  redact(kind: RedactionKind, value: Json, onHit?: (hit: RedactionHit) => void): Json
}

type NamedRule = FieldRule & { readonly label: string }

/** Of one kind: made once. */
interface OfKind {
  readonly work: Work
  readonly root: Places
}

/**
 * Hashes and tokens made for one value: each costs the engine's thread some 15 µs. What is found beyond them is replaced
 * all the same, by a marker that stands for nothing.
 */
export const sealsPerValueMax = 10_000

interface Work {
  readonly rules: readonly NamedRule[]
  readonly methods: ReadonlyMap<DetectorName, RedactionMethod>
  readonly on: (detector: TextDetector) => boolean
  readonly seals: Seals
  /** Of the value that is looked through now. */
  readonly room: { seals: number }
  readonly onHit: ((hit: RedactionHit) => void) | undefined
}

/** @param policy whose paths are known to be well formed (`checkPolicy`) */
export function createRedactor(policy: RedactionPolicy, seals: Seals): Redactor {
  const methods = new Map(Object.entries(policy.detectors) as [DetectorName, RedactionMethod][])
  const on = (detector: TextDetector) => (methods.get(detector) ?? "keep") !== "keep"
  const rules = policy.fields.map((rule) => ({ rule, path: pathOf(rule) }))
  const byKind = new Map<RedactionKind, OfKind>()
  const ofKind = (kind: RedactionKind): OfKind => {
    const fitting = rules.filter(({ rule }) => holdsFor(rule, kind))
    const named = fitting.map(({ rule, path }) => ({ ...rule, label: rule.label ?? labelOf(path[path.length - 1]!) }))
    const work: Work = { rules: named, methods, on, seals, room: { seals: 0 }, onHit: undefined }
    const made = { work, root: placesAtRoot(fitting.map(({ path }) => path)) }
    byKind.set(kind, made)
    return made
  }
  return {
    redact(kind, value, onHit) {
      const { work, root } = byKind.get(kind) ?? ofKind(kind)
      work.room.seals = sealsPerValueMax
      return walk(onHit === undefined ? work : { ...work, onHit }, value, root, "", null)
    },
  }
}

/** Names of runs are found by, and a rule like `*` does not mean them: one that does says `identifier`. */
export function holdsFor({ in: kinds }: FieldRule, kind: RedactionKind): boolean {
  return kinds === undefined || kinds.length === 0 ? kind !== "identifier" : kinds.includes(kind)
}

function pathOf(rule: FieldRule): FieldPath {
  const path = parseFieldPath(rule.path)
  if ("message" in path) throw new Error(`${rule.path}: ${path.message}`)
  return path
}

/** `field`: the name that led here; null at the root and in a list that had none. */
function walk(work: Work, value: Json, places: Places, pointer: string, field: string | null): Json {
  const number = places.length === 0 ? -1 : ruleAt(places)
  if (number !== -1) return byRule(work, work.rules[number]!, value, pointer)
  if (typeof value === "string") return text(work, value, pointer, field)
  if (typeof value === "number") return numeral(work, value, pointer, field)
  if (typeof value !== "object" || value === null) return value
  return Array.isArray(value)
    ? items(work, value, places, pointer, field)
    : fields(work, value as JsonObject, places, pointer)
}

function byRule(work: Work, rule: NamedRule, value: Json, pointer: string): Json {
  if (rule.method === "keep" || value === null) return value
  if (typeof value === "string" && isMarked(value)) return value
  return replaced(work, rule.method, rule.label, value, pointer, rule.path)
}

/** A token of a text opens to that text; of anything else, to its JSON. */
function replaced(
  work: Work,
  asked: Exclude<RedactionMethod, "keep">,
  label: string,
  value: Json,
  pointer: string,
  path: string | null,
): string {
  const method = asked === "redact" || work.room.seals-- > 0 ? asked : "redact"
  work.onHit?.({ pointer, method, found: label, path })
  const written = JSON.stringify(value)
  const body = method === "redact" ? null : method === "hash" ? work.seals.hash(written) : work.seals.seal(written)
  return marker(method, label, body)
}

function items(work: Work, list: readonly Json[], places: Places, pointer: string, field: string | null): Json {
  let changed: Json[] | null = null
  for (let i = 0; i < list.length; i++) {
    const before = list[i]!
    const below = work.onHit === undefined ? "" : `${pointer}/${i}`
    // What is in a list called `cookies` is what the name says.
    const after = walk(work, before, placesBelow(places, String(i)), below, field)
    if (after === before) continue
    changed ??= [...list]
    changed[i] = after
  }
  return changed ?? list
}

function fields(work: Work, object: JsonObject, places: Places, pointer: string): Json {
  let changed: { [key: string]: Json } | null = null
  for (const key of Object.keys(object)) {
    const below = work.onHit === undefined ? "" : `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`
    const name = text(work, key, below, null)
    const before = object[key]!
    const after = walk(work, before, placesBelow(places, key), below, key)
    if (after === before && name === key) continue
    changed ??= { ...object }
    if (name === key) changed[key] = after
    else rename(changed, key, name, after)
  }
  return changed ?? object
}

/** Two names may become the same one; none of their values is lost by that. */
function rename(object: { [key: string]: Json }, from: string, to: string, value: Json): void {
  delete object[from]
  let name = to
  for (let i = 2; Object.hasOwn(object, name); i++) name = `${to} ${i}`
  object[name] = value
}

function text(work: Work, value: string, pointer: string, field: string | null): string {
  if (field !== null && value !== "" && isSecretField(field)) {
    const method = work.methods.get("secret_field") ?? "keep"
    if (method !== "keep" && !isMarked(value)) return replaced(work, method, "secret_field", value, pointer, null)
  }
  if (!hasMarker(value)) return inText(work, value, pointer)
  let whole = ""
  for (const part of aroundMarkers(value)) whole += part.isMarker ? part.text : inText(work, part.text, pointer)
  return whole
}

function inText(work: Work, value: string, pointer: string): string {
  const spans = findSecrets(value, work.on)
  if (spans.length === 0) return value
  let kept = ""
  let at = 0
  for (const { start, end, detector } of spans) {
    const method = work.methods.get(detector) as Exclude<RedactionMethod, "keep">
    kept += value.slice(at, start) + replaced(work, method, detector, value.slice(start, end), pointer, null)
    at = end
  }
  return kept + value.slice(at)
}

function numeral(work: Work, value: number, pointer: string, field: string | null): Json {
  const detector = field !== null && isSecretField(field) ? "secret_field" : isCardNumber(value) ? "card" : null
  if (detector === null) return value
  const method = work.methods.get(detector) ?? "keep"
  return method === "keep" ? value : replaced(work, method, detector, value, pointer, null)
}
