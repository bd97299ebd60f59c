import { createHash } from "node:crypto"
import type { Hashing } from "../../ports/hashing.ts"

export const systemHashing: Hashing = {
  sha256: (text) => createHash("sha256").update(text).digest(),
  sha256Hex: (text) => createHash("sha256").update(text).digest("hex"),
}
