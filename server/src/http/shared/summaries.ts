/** Values as the foreign facades show them: an object always, cut where it is large (settled 12). */
import {
  broughtValue,
  cutMark,
  type Engine,
  type EventType,
  isJsonObject,
  type JsonObject,
  summaryOf,
} from "@waybill/engine"

/** Large values lie in files of their own; at most so many bytes of them, and of uncut ones, are read for one answer. */
export interface Room {
  bytes: number
}

/** Lists leave large values where they lie, and what lies in the archive. */
export const noRoom: Room = { bytes: 0 }

/** What one document may take. */
export function someRoom(): Room {
  return { bytes: 8 * 1024 * 1024 }
}

/** Null: the event brought no value, there is none, or what it said was erased. */
export async function summaryAt(
  engine: Engine,
  runId: string,
  seq: number | null,
  room: Room,
): Promise<JsonObject | null> {
  const stored = await storedAt(engine, runId, seq, room === noRoom)
  if (stored === null) return null
  if ("value" in stored) return summaryOf(stored.value)
  return take(room, stored.bytes) ? summaryOf(await engine.queries.value(stored)) : { value: cutMark }
}

/** Uncut as long as there is room. */
export async function valueAt(
  engine: Engine,
  runId: string,
  seq: number | null,
  room: Room,
): Promise<JsonObject | null> {
  const stored = await storedAt(engine, runId, seq, false)
  if (stored === null) return null
  const bytes = "value" in stored ? JSON.stringify(stored.value).length : stored.bytes
  if (!take(room, bytes)) return "value" in stored ? summaryOf(stored.value) : { value: cutMark }
  const value = "value" in stored ? stored.value : await engine.queries.value(stored)
  return isJsonObject(value) ? value : { value }
}

async function storedAt(engine: Engine, runId: string, seq: number | null, near: boolean) {
  if (seq === null) return null
  const [event] = await engine.queries.events(runId, { after: seq - 1, types: [], limit: 1, near })
  if (event === undefined || event.seq !== seq || event.payload === null) return null
  return broughtValue({ type: event.type as EventType, payload: JSON.parse(event.payload) })
}

function take(room: Room, bytes: number): boolean {
  if (bytes > room.bytes) return false
  room.bytes -= bytes
  return true
}
