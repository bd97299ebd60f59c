/** What follows from an attempt: success, another try later, or the end of trying; and whether the endpoint is given up. */
import type { DeliveryResult, WebhookDelivery, WebhookEndpoint } from "@waybill/engine"
import type { SendOutcome } from "./send-message.ts"

export interface RetryPlan {
  /** Between attempts, milliseconds: one fewer than there are attempts. */
  readonly delaysMs: readonly number[]
  /** A receiver's `Retry-After` counts up to this. */
  readonly retryAfterMaxMs: number
  /** An endpoint that has failed for so long, and never succeeded meanwhile, is disabled. */
  readonly disableAfterMs: number
}

type Verdict = Pick<DeliveryResult, "state" | "dueAt" | "disable">

/** @param chance uniform in [0, 1): a fifth more or less, so that many do not come back at once */
export function whatNext(
  { tries }: Pick<WebhookDelivery, "tries">,
  { failingSince }: Pick<WebhookEndpoint, "failingSince">,
  { status, error, retryAfterMs, isFinal = false }: SendOutcome,
  plan: RetryPlan,
  now: number,
  chance: number,
): Verdict {
  if (error === null) return { state: "delivered", dueAt: null, disable: null }
  if (status === 410) return { state: "dead", dueAt: null, disable: "it answered 410: gone for good" }
  const hasFailedLong = failingSince !== null && now - failingSince >= plan.disableAfterMs
  const disable = hasFailedLong ? `it has failed since ${new Date(failingSince).toISOString()}` : null
  const delay = isFinal ? undefined : plan.delaysMs[tries]
  if (delay === undefined) return { state: "dead", dueAt: null, disable }
  const jittered = Math.round(delay * (0.8 + 0.4 * chance))
  const asked = Math.min(retryAfterMs ?? 0, plan.retryAfterMaxMs)
  return { state: "pending", dueAt: now + Math.max(jittered, asked), disable }
}
