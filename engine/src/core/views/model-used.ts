/** Which model a step is told by, where its agent named some: the one that took the most tokens, of equals the last. */
import type { ModelUse, Usage } from "../run/events.ts"

export function modelUsed(usage: Usage | null | undefined): ModelUse | null {
  let most: ModelUse | null = null
  for (const one of usage?.models ?? []) if (most === null || (one.tokens ?? 0) >= (most.tokens ?? 0)) most = one
  return most
}

/** Of attempts in their order: the last one that named a model tells. */
export function modelOfAttempts(attempts: readonly { readonly usage: Usage | null }[]): ModelUse | null {
  return modelUsed(attempts.findLast(({ usage }) => modelUsed(usage) !== null)?.usage)
}

/** For people: `gpt-4o-mini`, or `gpt-4o-mini (azure)` where its provider was named. */
export function modelText({ model, provider }: ModelUse): string {
  return provider === undefined ? model : `${model} (${provider})`
}
