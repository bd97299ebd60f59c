import { hash } from "node:crypto"
import type { Hashing } from "../../ports/hashing.ts"

/** In one call: every event is hashed twice, and a `Hash` object costs more than hashing a short text. */
export const systemHashing: Hashing = {
  sha256: (text) => hash("sha256", text, "buffer"),
  sha256Hex: (text) => hash("sha256", text, "hex"),
}
