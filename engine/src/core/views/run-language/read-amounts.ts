/** Durations, numbers and times as people write them in a query. Null: not one. */
import { parseTime } from "../../run/decide/time.ts"
import type { Edge } from "../run-term.ts"

const units: { readonly [unit: string]: number } = {
  ms: 1,
  s: 1_000,
  sec: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

export const dayMs = 86_400_000

/** `30s`, `1.5h`, `1h30m`: milliseconds. */
export function readDuration(text: string): number | null {
  if (!/^(\d+(\.\d+)?(ms|sec|s|min|m|h|d|w))+$/.test(text)) return null
  let total = 0
  for (const [, amount, , unit] of text.matchAll(/(\d+(\.\d+)?)(ms|sec|s|min|m|h|d|w)/g))
    total += Number(amount) * units[unit!]!
  return Number.isSafeInteger(Math.round(total)) ? total : null
}

export function readNumber(text: string): number | null {
  const value = /^\d{1,15}(\.\d{1,9})?(k|K|M)?$/.test(text) ? Number.parseFloat(text) : null
  if (value === null) return null
  return text.endsWith("M") ? value * 1_000_000 : /k$/i.test(text) ? value * 1_000 : value
}

/** From its first moment to the first that is not in it any more: a day, a minute, a moment. */
export interface Span {
  readonly least: Pick<Edge, "value" | "from">
  readonly end: Pick<Edge, "value" | "from">
  /** Written as a distance from now: alone it means "since then". */
  readonly ago: boolean
}

/** `2026-11-20`, `2026-11-20T09:30`, RFC 3339, `today`, `yesterday`, `now`, `-24h`, `7d` (ago). Without a zone: UTC. */
export function readTime(text: string): Span | null {
  const word = text.toLowerCase()
  if (word === "now") return { least: { value: 0, from: "now" }, end: { value: 0, from: "now" }, ago: true }
  if (word === "today") return days(0)
  if (word === "yesterday") return days(-1)
  const ago = readDuration(word.replace(/^-/, ""))
  if (ago !== null) return { least: { value: -ago, from: "now" }, end: { value: -ago, from: "now" }, ago: true }
  return readDate(text)
}

function days(offset: number): Span {
  const from = "today"
  return { least: { value: offset * dayMs, from }, end: { value: (offset + 1) * dayMs, from }, ago: false }
}

const date = /^\d{4}-\d{2}-\d{2}$/
const minutes = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2})(Z|[+-]\d{2}:\d{2})?$/
const seconds = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?$/

function readDate(text: string): Span | null {
  if (date.test(text)) return span(`${text}T00:00:00Z`, dayMs)
  const minute = minutes.exec(text)
  if (minute !== null) return span(`${minute[1]}T${minute[2]}:00${minute[3] ?? "Z"}`, 60_000)
  const second = seconds.exec(text)
  if (second === null) return null
  return span(`${second[1]}T${second[2]}${second[3] ?? ""}${second[4] ?? "Z"}`, second[3] === undefined ? 1_000 : 1)
}

function span(rfc3339: string, lengthMs: number): Span | null {
  const value = parseTime(rfc3339)
  if (value === null) return null
  return { least: { value, from: "zero" }, end: { value: value + lengthMs, from: "zero" }, ago: false }
}
