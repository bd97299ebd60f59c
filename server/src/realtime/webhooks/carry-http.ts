/** How a message travels over HTTP: signed by the endpoint that it goes to. */
import type { WebhookEndpoint } from "@waybill/engine"
import { lockedTodo } from "./locked.ts"
import { withoutOwn } from "./own-secrets.ts"
import type { SendMessage, SendOutcome } from "./send-message.ts"
import { contentType, signedHeaders } from "./sign.ts"

export async function carryHttp(
  send: SendMessage,
  to: WebhookEndpoint,
  { deliveryId, body }: { readonly deliveryId: string; readonly body: string },
  at: number,
): Promise<SendOutcome> {
  const { url, headers: own, secret, previousSecret, previousUntil } = to
  // It was locked since it was looked at: the next look leaves it alone.
  if (url === null || own === null) return { status: null, error: lockedTodo, answer: "", retryAfterMs: null }
  const headers = {
    ...(JSON.parse(own) as Record<string, string>),
    ...(secret !== null && signedHeaders({ secret, previousSecret, previousUntil }, deliveryId, body, at)),
    "content-type": contentType,
    "user-agent": "Waybill",
  }
  const outcome = await send({ url, headers, body })
  return {
    ...outcome,
    error: outcome.error === null ? null : withoutOwn(to, outcome.error),
    answer: withoutOwn(to, outcome.answer),
  }
}
