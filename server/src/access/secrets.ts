/** Secrets that are shown once: keys and the values of cookies. What is kept of them is their SHA-256. */
import { createHash, randomBytes } from "node:crypto"

/** 256 bits of chance, so that one fast hash is enough: there is nothing to guess. */
export function newSecret(prefix: string): string {
  return `${prefix}${randomBytes(32).toString("base64url")}`
}

export function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex")
}

/** What people know a key by. */
export function shownPrefix(secret: string): string {
  return secret.slice(0, 9)
}
