/** An Idempotency-Key as the fake engine gets it: a keyed digest, since the key may hold anything. */
import { createHmac } from "node:crypto"

export function keptKey(key: string): string {
  return createHmac("sha256", "the key of the fake engine").update(key).digest("hex")
}
