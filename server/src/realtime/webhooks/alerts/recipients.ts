/** Who a mail goes to: the addresses of the alert, and where it says `approvers`, those who may decide. */
import { approversRecipient } from "@waybill/contract"
import type { WebhookEndpoint } from "@waybill/engine"
import type { AlertFacts } from "./alert-words.ts"

/** Of one mail; each once. */
const recipientsMax = 100

export function recipientsOf(
  row: WebhookEndpoint,
  told: readonly AlertFacts[],
  addressesOf: (approvers: readonly string[]) => readonly string[],
): readonly string[] {
  const named = JSON.parse(row.url ?? "[]") as readonly string[]
  const fixed = named.filter((one) => one !== approversRecipient)
  if (fixed.length === named.length) return fixed
  const approvers = told.flatMap(({ approval }) =>
    approval === null ? [] : (JSON.parse(approval.approvers) as readonly string[]),
  )
  return [...new Set([...fixed, ...addressesOf([...new Set(approvers)])])].slice(0, recipientsMax)
}
