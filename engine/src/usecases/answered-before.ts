/** The answer that was kept for a request's `Idempotency-Key` (rule 24), under today's key or an earlier one. */
import type { IdempotencyHeader } from "../door.ts"
import type { IdempotentAnswer, RunStore } from "../ports/store.ts"

export interface AnsweredBefore extends IdempotentAnswer {
  /** It was of the same body. */
  readonly isSame: boolean
}

export async function answeredBefore(
  answers: Pick<RunStore, "findAnswer">,
  { scope, key, bodyHash, before = [] }: IdempotencyHeader,
  now: number,
): Promise<AnsweredBefore | null> {
  for (const one of [{ key, bodyHash }, ...before]) {
    const found = await answers.findAnswer(scope, one.key, now)
    if (found !== null) return { ...found, isSame: found.bodyHash === one.bodyHash }
  }
  return null
}
