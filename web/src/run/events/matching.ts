import type { Event } from "@waybill/contract"
import { eventWords } from "./event-words.ts"

/** Those of the loaded events that hold all the words: in type, step, actor, or anywhere in the payload. */
export function matchingEvents(
  events: readonly Event[],
  words: string,
  names: ReadonlyMap<string, string>,
): readonly Event[] {
  const wanted = words
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "")
  if (wanted.length === 0) return events
  return events.filter((event) => {
    const { type, actor, stepId, payload } = event
    const name = stepId === null ? "" : (names.get(stepId) ?? stepId)
    const text = `${type} ${actor} ${name} ${eventWords(event)} ${JSON.stringify(payload)}`.toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
}
