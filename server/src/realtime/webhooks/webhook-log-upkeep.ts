/** The log of deliveries is kept for some days: a few messages at a time, never in the way of anything. */
import type { WebhookStore } from "@waybill/engine"

const perWrite = 200
const dayMs = 86_400_000

export async function clearLog(store: WebhookStore, keepDays: number, now: number): Promise<number> {
  let gone = 0
  for (let part = perWrite; part === perWrite; gone += part) part = await store.clear(now - keepDays * dayMs, perWrite)
  return gone
}
