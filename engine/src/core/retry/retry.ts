/** Whether a failed attempt is tried again, and when (dsl.md §4, settled 7). Pure: chance and time come in. */
import type { FailureClass, FailureKind, RetryPolicy } from "../definition/model.ts"

export interface Failure {
  readonly class: FailureClass
  readonly kind?: FailureKind
  readonly code: string
  readonly retryAfterMs?: number
}

/** True when one of the names is the failure's class, kind or code. */
export function matchesError(names: readonly string[], failure: Failure): boolean {
  return names.some((name) => name === failure.class || name === failure.kind || name === failure.code)
}

/** Everything but `validation_failed`, `policy_denied` and `cancelled`, unless the policy says otherwise. */
export function isRetryable(policy: RetryPolicy, failure: Failure): boolean {
  if (matchesError(policy.nonRetryable, failure)) return false
  if (policy.retryable !== null) return matchesError(policy.retryable, failure)
  return failure.class !== "validation_failed" && failure.class !== "policy_denied" && failure.kind !== "cancelled"
}

export type RetryDecision =
  | { readonly retry: true; readonly delayMs: number }
  | { readonly retry: false; readonly exhausted: boolean }

/**
 * @param attempt the attempt that failed, from 1
 * @param elapsedMs since the first attempt was scheduled
 * @param chance uniform in [0, 1)
 */
export function decideRetry(
  policy: RetryPolicy | null,
  failure: Failure,
  attempt: number,
  elapsedMs: number,
  chance: number,
): RetryDecision {
  if (policy === null) return { retry: false, exhausted: false }
  if (!isRetryable(policy, failure)) return { retry: false, exhausted: false }
  if (attempt >= policy.maxAttempts) return { retry: false, exhausted: true }
  const delayMs = Math.max(backoffMs(policy, attempt, chance), failure.retryAfterMs ?? 0)
  if (policy.maxElapsedMs !== null && elapsedMs + delayMs > policy.maxElapsedMs)
    return { retry: false, exhausted: true }
  return { retry: true, delayMs }
}

/** The pause after the given failed attempt, in milliseconds. */
export function backoffMs(policy: RetryPolicy, attempt: number, chance: number): number {
  const grown =
    policy.backoff === "constant"
      ? policy.backoffMs
      : policy.backoff === "linear"
        ? policy.backoffMs * attempt
        : policy.backoffMs * policy.backoffRate ** (attempt - 1)
  const bounded = Math.min(grown, policy.maxDelayMs ?? maxDelayMs)
  if (policy.jitter === "full") return Math.round(bounded * chance)
  if (policy.jitter === "equal") return Math.round(bounded / 2 + (bounded / 2) * chance)
  return Math.round(bounded)
}

/** No backoff grows past a year: exponents overflow long before anybody wants that. */
const maxDelayMs = 365 * 86_400_000
