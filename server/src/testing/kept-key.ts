/** An Idempotency-Key as the engine gets it: a digest, since the key may hold anything. */
import { createHash } from "node:crypto"

export function keptKey(key: string): string {
  return createHash("sha256").update(key).digest("hex")
}
