/** Reading what events brought: their payload as it was stored, and the values that rows only point at (rule 18). */
import {
  broughtValue,
  type Engine,
  type EventPayloads,
  type EventType,
  type Json,
  type StoredEventRow,
} from "@waybill/engine"

/** Null = there is no such event, it is of another type's shape, or its payload has been erased. */
export function parsedPayload<T extends EventType>(
  event: StoredEventRow | undefined,
  _type: T,
): EventPayloads[T] | null {
  return event === undefined || event.payload === null ? null : (JSON.parse(event.payload) as EventPayloads[T])
}

/** The value that the event at `seq` brought, blobs resolved; null when it brought none or was erased. */
export async function storedValue(engine: Engine, runId: string, seq: number): Promise<Json> {
  const [event] = await engine.queries.events(runId, { after: seq - 1, types: [], limit: 1 })
  return event === undefined || event.seq !== seq ? null : eventValue(engine, event)
}

/** The same as the text of its JSON: a large one is not read. */
export async function storedText(engine: Engine, runId: string, seq: number): Promise<string> {
  const [event] = await engine.queries.events(runId, { after: seq - 1, types: [], limit: 1 })
  const stored = event === undefined || event.seq !== seq ? null : brought(event)
  return stored === null ? "null" : engine.queries.valueText(stored)
}

export async function eventValue(engine: Engine, event: StoredEventRow): Promise<Json> {
  const stored = brought(event)
  if (stored === null) return null
  return "value" in stored ? stored.value : engine.queries.value(stored)
}

function brought({ type, payload }: StoredEventRow) {
  return payload === null ? null : broughtValue({ type: type as EventType, payload: JSON.parse(payload) })
}
