/** What was written into a form that was closed again, for as long as this page lives: Escape costs nobody their work. */
import type { Json } from "@waybill/contract"

const KEPT_MAX = 20
const left = new Map<string, Json>()

const keyOf = (env: string, workflowId: string) => JSON.stringify([env, workflowId])

export const leftInputs = {
  get: (env: string, workflowId: string): Json | undefined => left.get(keyOf(env, workflowId)),
  /** `undefined`: there is nothing to keep. */
  set(env: string, workflowId: string, input: Json | undefined): void {
    const key = keyOf(env, workflowId)
    left.delete(key)
    if (input === undefined) return
    left.set(key, input)
    const [oldest] = left.keys()
    if (left.size > KEPT_MAX && oldest !== undefined) left.delete(oldest)
  },
}
