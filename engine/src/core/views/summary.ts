/**
 * A value as lists and foreign facades show it (settled 12): strings cut at 200 characters, arrays at 10, four levels,
 * 4 KiB in all, `…` where something was cut. What the store holds is redacted already, and so is what is made of it.
 */
import { isJsonObject, type Json, type JsonObject } from "../json.ts"

const stringMax = 200
const arrayMax = 10
const depthMax = 4
/** Four levels may each be closed with a mark. */
const bytesMax = 4_096 - 64

export const cutMark = "…"
const markBytes = 12

interface Room {
  bytes: number
}

/** As an object: a value that is none stands in it as `value`. */
export function summaryOf(value: Json): JsonObject {
  const cut = cutValue(isJsonObject(value) ? value : { value }, 1, { bytes: bytesMax })
  return cut as JsonObject
}

function cutValue(value: Json, depth: number, room: Room): Json {
  if (typeof value === "string") return cutString(value, room)
  if (typeof value !== "object" || value === null) return taken(value, room)
  if (depth > depthMax) return taken(cutMark, room)
  room.bytes -= 2
  return isJsonObject(value) ? cutObject(value, depth, room) : cutArray(value, depth, room)
}

function cutObject(value: JsonObject, depth: number, room: Room): Json {
  const cut: { [key: string]: Json } = {}
  for (const [key, child] of Object.entries(value)) {
    const name = shortened(key)
    const bytes = bytesOf(name) + 2
    if (room.bytes < bytes + markBytes) return Object.assign(cut, { [cutMark]: cutMark })
    room.bytes -= bytes
    // A key of that name would be an object's prototype.
    Object.defineProperty(cut, name, { value: cutValue(child, depth + 1, room), enumerable: true, configurable: true })
  }
  return cut
}

function cutArray(value: readonly Json[], depth: number, room: Room): Json {
  const cut: Json[] = []
  for (const child of value) {
    if (cut.length === arrayMax || room.bytes < markBytes) return [...cut, cutMark]
    room.bytes -= 1
    cut.push(cutValue(child, depth + 1, room))
  }
  return cut
}

function cutString(text: string, room: Room): Json {
  return taken(shortened(text), room)
}

function taken(value: Json, room: Room): Json {
  const bytes = bytesOf(value)
  if (bytes > room.bytes) {
    room.bytes -= 5
    return cutMark
  }
  room.bytes -= bytes
  return value
}

function shortened(text: string): string {
  if (text.length <= stringMax) return text
  const last = text.charCodeAt(stringMax - 1)
  // Never half a character.
  const end = last >= 0xd800 && last <= 0xdbff ? stringMax - 1 : stringMax
  return `${text.slice(0, end)}${cutMark}`
}

/** Of the value as JSON in UTF-8. */
function bytesOf(value: Json): number {
  const text = JSON.stringify(value)
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0)!
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
