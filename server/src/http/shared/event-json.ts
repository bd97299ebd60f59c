import type { StoredEventRow } from "@waybill/engine"

/**
 * An event as JSON text, its payload exactly as stored: nothing is parsed, nothing is encoded twice (rule 23).
 * Lists and streams share it.
 */
export function eventJson(event: StoredEventRow): string {
  const head = `{"seq":${event.seq},"type":${JSON.stringify(event.type)},"at":"${new Date(event.at).toISOString()}"`
  const stepId = event.stepId === null ? "null" : JSON.stringify(event.stepId)
  return `${head},"actor":${JSON.stringify(event.actor)},"stepId":${stepId},"payload":${event.payload ?? "null"},"hash":"${event.hash}"}`
}
