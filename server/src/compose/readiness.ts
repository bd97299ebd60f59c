import type { Engine, OpenEngine } from "@waybill/engine"

/** `why`: what still stands before being ready, or null. `numbers`: of what stands around the engine. */
export function withReadiness(
  engine: OpenEngine,
  why: () => string | null,
  numbers: () => { readonly [name: string]: number },
): Engine {
  return {
    ...engine,
    health() {
      const own = engine.health()
      const health = { ...own, counters: { ...own.counters, ...numbers() } }
      const reason = why()
      return reason === null ? health : { ...health, ready: false, reasons: [reason, ...health.reasons] }
    },
  }
}
