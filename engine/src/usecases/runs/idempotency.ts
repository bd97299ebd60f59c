/**
 * The header `Idempotency-Key` (rule 24): a key is answered once. The answer is stored in the commit of the effect, so
 * both are there or neither; while the first is in flight the second waits for its commit; another body is refused.
 * A request that was rejected had no effect and leaves nothing behind.
 */

import type { Answer, IdempotencyHeader } from "../../door.ts"
import type { Clock } from "../../ports/clock.ts"
import type { RunCommit, RunStore } from "../../ports/store.ts"
import type { AnswerDraft } from "../../runtime/envelope.ts"
import { answeredBefore } from "../answered-before.ts"
import { KeyGate } from "../key-gate.ts"
import { no } from "./refusal.ts"

/** How an answer is stored, and how it reads when it is given again. */
export interface AnswerForm<T> {
  encode(commit: RunCommit): string
  decode(text: string): T
}

export interface IdempotencyPorts {
  readonly clock: Clock
  readonly store: RunStore
  head(): number
}

export class Idempotency {
  readonly #ports: IdempotencyPorts
  readonly #keepMs: number
  readonly #gate = new KeyGate()

  constructor(ports: IdempotencyPorts, keepMs: number) {
    this.#ports = ports
    this.#keepMs = keepMs
  }

  once<T>(
    header: IdempotencyHeader | null,
    form: AnswerForm<T>,
    act: (draft: AnswerDraft | null) => Promise<Answer<T>>,
  ): Promise<Answer<T>> {
    if (header === null) return act(null)
    return this.#gate.inTurn(JSON.stringify([header.scope, header.key]), async () => {
      const before = await this.#before(header, form)
      if (before !== null) return before
      const { scope, key, bodyHash } = header
      const done = await act({
        scope,
        key,
        bodyHash,
        expiresAt: this.#ports.clock.now() + (header.keepMs ?? this.#keepMs),
        encode: form.encode,
      })
      // Another process of this store was first: its answer is ours.
      if (!done.ok && done.rejection.code === "duplicate_key") return (await this.#before(header, form)) ?? done
      return done
    })
  }

  /** One at a time for a definition's own key, too: the second finds what the first has stored. */
  inTurn<T>(key: string, act: () => Promise<T>): Promise<T> {
    return this.#gate.inTurn(key, act)
  }

  async #before<T>(header: IdempotencyHeader, form: AnswerForm<T>): Promise<Answer<T> | null> {
    const stored = await answeredBefore(this.#ports.store, header, this.#ports.clock.now())
    if (stored === null) return null
    if (!stored.isSame) {
      return no("idempotency_key_reused", "this Idempotency-Key was used with another body", {
        data: { runId: stored.runId },
      })
    }
    return { ok: true, value: form.decode(stored.answer), position: this.#ports.head() }
  }
}
