/** How a message travels over HTTP: signed by the endpoint that it goes to. */
import type { WebhookEndpoint } from "@waybill/engine"
import type { SendMessage, SendOutcome } from "./send-message.ts"
import { contentType, signedHeaders } from "./sign.ts"

export function carryHttp(
  send: SendMessage,
  to: WebhookEndpoint,
  { deliveryId, body }: { readonly deliveryId: string; readonly body: string },
  at: number,
): Promise<SendOutcome> {
  const headers = {
    ...(JSON.parse(to.headers) as Record<string, string>),
    ...signedHeaders(to, deliveryId, body, at),
    "content-type": contentType,
    "user-agent": "Waybill",
  }
  return send({ url: to.url, headers, body })
}
