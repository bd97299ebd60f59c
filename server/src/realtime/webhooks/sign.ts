/** Standard Webhooks: what proves to a receiver who sent a message and when. The key is the endpoint's own. */
import type { WebhookEndpoint } from "@waybill/engine"
import { Webhook } from "standardwebhooks"

const keyBytes = 32
export const contentType = "application/json"

/** @param random bytes that nobody can guess */
export function newSecret(random: (bytes: number) => Buffer): string {
  return `whsec_${random(keyBytes).toString("base64")}`
}

interface Keys extends Pick<WebhookEndpoint, "previousSecret" | "previousUntil"> {
  readonly secret: string
}

/** While a secret is being replaced both sign: receivers may know either. */
export function signedHeaders(keys: Keys, messageId: string, body: string, now: number): Record<string, string> {
  const { secret, previousSecret, previousUntil } = keys
  const isKept = previousSecret !== null && previousUntil !== null && now < previousUntil
  const at = new Date(now)
  const secrets = isKept ? [secret, previousSecret] : [secret]
  return {
    "webhook-id": messageId,
    "webhook-timestamp": String(Math.floor(now / 1_000)),
    "webhook-signature": secrets.map((one) => new Webhook(one).sign(messageId, at, body)).join(" "),
  }
}
