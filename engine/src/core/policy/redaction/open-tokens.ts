/**
 * The way back, for those who may: agents get what their step's input stands for, and what they answer is closed again
 * even where no detector would know it, since what was opened for them is known.
 */
import type { Json, JsonObject } from "../../json.ts"
import { tokensIn } from "./marker.ts"

/** The JSON behind a token's body; null: it cannot be opened here, and stays as it is. */
export type OpenSealed = (sealed: string, label: string) => string | null

/** Told of each text and number that lay behind a token, by itself, with the token's label. */
export type OnOpened = (raw: string | number, label: string) => void

/** A token may have been closed a second time as a part of something larger. */
const layersMax = 4

export function openTokens(value: Json, open: OpenSealed, onOpened: OnOpened, layers = layersMax): Json {
  if (typeof value === "string") return openText(value, open, onOpened, layers)
  if (typeof value !== "object" || value === null) return value
  return Array.isArray(value)
    ? mapItems(value, (item) => openTokens(item, open, onOpened, layers))
    : mapFields(value as JsonObject, (part) => openTokens(part, open, onOpened, layers))
}

function openText(text: string, open: OpenSealed, onOpened: OnOpened, layers: number): Json {
  const found = layers === 0 ? [] : tokensIn(text)
  if (found.length === 0) return text
  let opened = ""
  let at = 0
  for (const { start, end, label, sealed } of found) {
    const written = open(sealed, label)
    const token = text.slice(start, end)
    const raw = written === null ? token : openTokens(JSON.parse(written) as Json, open, onOpened, layers - 1)
    if (written !== null) tellAll(raw, label, onOpened)
    if (start === 0 && end === text.length) return raw
    opened += text.slice(at, start) + (typeof raw === "string" ? raw : JSON.stringify(raw))
    at = end
  }
  return opened + text.slice(at)
}

function tellAll(raw: Json, label: string, onOpened: OnOpened): void {
  if (typeof raw === "string" || typeof raw === "number") onOpened(raw, label)
  else if (typeof raw === "object" && raw !== null)
    for (const part of Object.values(raw)) tellAll(part as Json, label, onOpened)
}

/** Shorter ones are found everywhere. */
const shortest = 5

/** What was opened, and what stands for it: made once, asked for every message of a delivery. */
export class Opened {
  readonly #tokens = new Map<string, string>()
  #raws: readonly string[] = []

  /** @param token of this text or number alone, not of what it was a part of */
  add(raw: string | number, token: string): void {
    const text = String(raw)
    if (text.length < shortest) return
    this.#tokens.set(text, token)
    // As it stands inside a text that was made of JSON.
    const escaped = JSON.stringify(text).slice(1, -1)
    if (escaped !== text) this.#tokens.set(escaped, token)
    this.#raws = []
  }

  get isEmpty(): boolean {
    return this.#tokens.size === 0
  }

  addAll(other: Opened): void {
    for (const [raw, token] of other.#tokens) this.#tokens.set(raw, token)
    this.#raws = []
  }

  /** Whether one of them stands in a code, which is written without case and with nothing but letters, digits and `_`. */
  isIn(code: string): boolean {
    const plain = letters(code)
    for (const raw of this.#tokens.keys()) {
      const one = letters(raw)
      if (one.length >= shortest && plain.includes(one)) return true
    }
    return false
  }

  /** The value with everything that was opened closed again. */
  close(value: Json): Json {
    if (this.isEmpty) return value
    if (this.#raws.length === 0) this.#raws = [...this.#tokens.keys()].sort((a, b) => b.length - a.length)
    return closeAll(value, this.#raws, this.#tokens)
  }
}

function letters(text: string): string {
  return text.replace(/[^A-Za-z0-9]+/g, "").toLowerCase()
}

function closeAll(value: Json, raws: readonly string[], known: ReadonlyMap<string, string>): Json {
  if (typeof value === "string") return closeText(value, raws, known)
  if (typeof value === "number") return known.get(String(value)) ?? value
  if (typeof value !== "object" || value === null) return value
  return Array.isArray(value)
    ? mapItems(value, (item) => closeAll(item, raws, known))
    : mapFields(value as JsonObject, (part) => closeAll(part, raws, known))
}

function closeText(text: string, raws: readonly string[], known: ReadonlyMap<string, string>): string {
  const raw = raws.find((one) => text.includes(one))
  if (raw === undefined) return text
  // What is between them may hold a shorter one; a token put in is not looked at again.
  return text
    .split(raw)
    .map((part) => closeText(part, raws, known))
    .join(known.get(raw)!)
}

/** The same list where nothing changed; nothing is made for it. */
function mapItems(list: readonly Json[], change: (item: Json) => Json): Json {
  let changed: Json[] | null = null
  for (let i = 0; i < list.length; i++) {
    const before = list[i]!
    const after = change(before)
    if (after === before) continue
    changed ??= [...list]
    changed[i] = after
  }
  return changed ?? list
}

/** Names too. */
function mapFields(object: JsonObject, change: (value: Json) => Json): Json {
  for (const name of Object.keys(object))
    if (change(name) !== name || change(object[name]!) !== object[name]) return changedFields(object, change)
  return object
}

function changedFields(object: JsonObject, change: (value: Json) => Json): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]): [string, Json] => [String(change(name)), change(value)]),
  )
}
