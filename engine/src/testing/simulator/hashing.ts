/** sha256 in one call, as the engine's own adapter does it. */
import { hash } from "node:crypto"
import type { Hashing } from "../../ports/hashing.ts"

export function sha256Hex(text: string): string {
  return hash("sha256", text, "hex")
}

export const hashing: Hashing = {
  sha256: (text) => hash("sha256", text, "buffer"),
  sha256Hex,
}
