/**
 * The way back, for those who may: agents get what their step's input stands for, and what they answer is closed again
 * even where no detector would know it, since what was opened for them is known.
 */
import type { Json, JsonObject } from "../../json.ts"
import { tokensIn } from "./marker.ts"

/** The JSON behind a token's body; null: it cannot be opened here, and stays as it is. */
export type OpenSealed = (sealed: string) => string | null

/** @param onOpened told of each text or number that lay behind a token, with the token */
export function openTokens(value: Json, open: OpenSealed, onOpened: (raw: string, token: string) => void): Json {
  if (typeof value === "string") return openText(value, open, onOpened)
  if (typeof value !== "object" || value === null) return value
  return Array.isArray(value)
    ? mapItems(value, (item) => openTokens(item, open, onOpened))
    : mapFields(value as JsonObject, (text) => openTokens(text, open, onOpened))
}

function openText(text: string, open: OpenSealed, onOpened: (raw: string, token: string) => void): Json {
  const found = tokensIn(text)
  if (found.length === 0) return text
  let opened = ""
  let at = 0
  for (const { start, end, sealed } of found) {
    const written = open(sealed)
    const token = text.slice(start, end)
    const raw = written === null ? token : (JSON.parse(written) as Json)
    if (written !== null) tellAll(raw, token, onOpened)
    if (start === 0 && end === text.length) return raw
    opened += text.slice(at, start) + (typeof raw === "string" ? raw : JSON.stringify(raw))
    at = end
  }
  return opened + text.slice(at)
}

function tellAll(raw: Json, token: string, onOpened: (raw: string, token: string) => void): void {
  if (typeof raw === "string" || typeof raw === "number") onOpened(String(raw), token)
  else if (typeof raw === "object" && raw !== null)
    for (const part of Object.values(raw)) tellAll(part as Json, token, onOpened)
}

/** Shorter ones are found everywhere. */
const shortest = 5

/** @param known tokens by what lay behind them */
export function closeKnown(value: Json, known: ReadonlyMap<string, string>): Json {
  const raws = [...known.keys()].filter((raw) => raw.length >= shortest).sort((a, b) => b.length - a.length)
  return raws.length === 0 ? value : closeAll(value, raws, known)
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

function mapItems(list: readonly Json[], change: (item: Json) => Json): Json {
  const changed = list.map(change)
  return changed.every((item, index) => item === list[index]) ? list : changed
}

/** Names too. */
function mapFields(object: JsonObject, change: (value: Json) => Json): Json {
  let same = true
  const entries = Object.entries(object).map(([name, value]): [string, Json] => {
    const changed: [string, Json] = [String(change(name)), change(value)]
    same &&= changed[0] === name && changed[1] === value
    return changed
  })
  return same ? object : Object.fromEntries(entries)
}
