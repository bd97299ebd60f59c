/**
 * A workspace's tokens and digests. A token is its own ciphertext: nothing has to be stored beside it, so no crash can
 * part the two, and a copy of the events is a copy of all of it. AES-256-GCM under keys derived for the workspace
 * (HKDF-SHA256), its nonce a keyed digest of the text: equal texts give equal tokens, and no nonce is ever used for two.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from "node:crypto"
import type { Seals } from "../../core/policy/redaction/redactor.ts"
import type { SealingKeys } from "../../ports/redaction.ts"
import type { Key, Keyring } from "./keyring.ts"

const nonceBytes = 12
const tagBytes = 16
const digestDigits = 32

interface Derived {
  readonly sealing: Buffer
  readonly nonces: Buffer
  readonly hashing: Buffer
  readonly signing: Buffer
}

export function sealingKeys(keyring: Keyring): SealingKeys {
  const known = new Map<string, Derived>()
  const derived = (key: Key, workspaceId: string): Derived => {
    const name = `${key.id} ${workspaceId}`
    const before = known.get(name)
    if (before !== undefined) return before
    const part = (use: string) => Buffer.from(hkdfSync("sha256", key.bytes, "", `waybill ${use} ${workspaceId}`, 32))
    const made = { sealing: part("seal"), nonces: part("nonce"), hashing: part("hash"), signing: part("sign") }
    known.set(name, made)
    return made
  }
  const sealsBy = (key: Key, workspaceId: string): Seals => {
    const keys = derived(key, workspaceId)
    return {
      hash: (text) => createHmac("sha256", keys.hashing).update(text).digest("hex").slice(0, digestDigits),
      seal: (text) => `${key.id}.${seal(keys, text)}`,
    }
  }
  return {
    current: keyring.current.id,
    ids: [...keyring.all.keys()],
    sealsOf: (workspaceId) => sealsBy(keyring.current, workspaceId),
    everySealsOf: (workspaceId) => [...keyring.all.values()].map((key) => sealsBy(key, workspaceId)),
    sign: (workspaceId, text) => `${keyring.current.id}.${signed(derived(keyring.current, workspaceId), text)}`,
    isSigned(workspaceId, text, signature) {
      const [id = "", digest = ""] = signature.split(".")
      const key = keyring.all.get(id)
      return key !== undefined && isSame(signed(derived(key, workspaceId), text), digest)
    },
    open(workspaceId, sealed) {
      const [id = "", body = ""] = sealed.split(".")
      const key = keyring.all.get(id)
      return key === undefined ? null : open(derived(key, workspaceId), Buffer.from(body, "base64url"))
    },
  }
}

function signed(keys: Derived, text: string): string {
  return createHmac("sha256", keys.signing).update(text).digest("hex")
}

function isSame(wanted: string, given: string): boolean {
  const [a, b] = [Buffer.from(wanted), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function seal(keys: Derived, text: string): string {
  const nonce = createHmac("sha256", keys.nonces).update(text).digest().subarray(0, nonceBytes)
  const cipher = createCipheriv("aes-256-gcm", keys.sealing, nonce)
  const closed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), closed]).toString("base64url")
}

/** Null: another workspace's, or changed by somebody. */
function open(keys: Derived, body: Buffer): string | null {
  if (body.length < nonceBytes + tagBytes) return null
  const decipher = createDecipheriv("aes-256-gcm", keys.sealing, body.subarray(0, nonceBytes))
  decipher.setAuthTag(body.subarray(nonceBytes, nonceBytes + tagBytes))
  try {
    return decipher.update(body.subarray(nonceBytes + tagBytes), undefined, "utf8") + decipher.final("utf8")
  } catch {
    return null
  }
}
