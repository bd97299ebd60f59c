/** An endpoint whose address, headers or secret no key opens: nothing can be sent to it until they are given anew. */
import type { WebhookEndpoint } from "@waybill/engine"

export function isLocked({ kind, url, headers, secret }: WebhookEndpoint): boolean {
  return url === null || headers === null || (kind === "standard" && secret === null)
}

export const lockedTodo =
  "no key opens its address, headers and secret: give it its address and headers, then a new secret"
