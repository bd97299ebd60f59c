/**
 * The header `Idempotency-Key` for writes of definitions (rule 24): the answer is stored in the transaction of the
 * effect, so both are there or neither, also after a restart. A refusal had no effect and leaves nothing behind.
 */
import type { Json } from "../../core/json.ts"
import type { Answer, IdempotencyHeader } from "../../door.ts"
import type { DefinitionChange } from "../../ports/definition-store.ts"
import type { RunStore } from "../../ports/store.ts"
import { answeredBefore } from "../answered-before.ts"
import { KeyGate } from "../key-gate.ts"
import type { Registry } from "./registry.ts"

/** What is committed with the effect, so that its answer can be given again. */
export type Keep = (answer: Json) => readonly DefinitionChange[]

export const keepNothing: Keep = () => []

export interface OncePorts {
  readonly registry: Registry
  readonly answers: Pick<RunStore, "findAnswer">
  readonly keepMs: number
}

export type Once = <T>(header: IdempotencyHeader | null, act: (keep: Keep) => Promise<Answer<T>>) => Promise<Answer<T>>

export function onceStored({ registry, answers, keepMs }: OncePorts): Once {
  const gate = new KeyGate()
  const { now } = registry.ports
  return (header, act) => {
    if (header === null) return act(keepNothing)
    const { scope, key, bodyHash } = header
    return gate.inTurn(JSON.stringify([scope, key]), async () => {
      const before = await answeredBefore(answers, header, now())
      if (before === null)
        return act((answer) => [
          {
            kind: "keep-answer",
            answer: { scope, key, bodyHash, runId: "", answer: JSON.stringify(answer), expiresAt: now() + keepMs },
          },
        ])
      if (before.isSame) return { ok: true, value: JSON.parse(before.answer), position: 0 }
      const message = "this Idempotency-Key was used with another body"
      return { ok: false, rejection: { code: "idempotency_key_reused", message } }
    })
  }
}
