/**
 * A workspace's tokens and digests. A token is its own ciphertext: nothing has to be stored beside it, so no crash can
 * part the two, and a copy of the events is a copy of all of it. AES-256-GCM under keys derived for the workspace
 * (HKDF-SHA256), its nonce a keyed digest of the text: equal texts give equal tokens, and no nonce is ever used for two.
 * What is locked has a key of its own, so that nobody who opens tokens opens it, a random nonce, and what it belongs to as
 * associated data: copied elsewhere it does not open.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto"
import type { Seals } from "../../core/policy/redaction/redactor.ts"
import type { SealingKeys } from "../../ports/redaction.ts"
import type { Key, Keyring } from "./keyring.ts"

const nonceBytes = 12
const tagBytes = 16
const digestDigits = 32
/** Of what is locked; it stands in front of the key's id. */
const lockVersion = "1"

interface Derived {
  readonly sealing: Buffer
  readonly nonces: Buffer
  readonly hashing: Buffer
  readonly signing: Buffer
  readonly locking: Buffer
}

export function sealingKeys(keyring: Keyring): SealingKeys {
  const known = new Map<string, Derived>()
  const derived = (key: Key, workspaceId: string): Derived => {
    const name = `${key.id} ${workspaceId}`
    const before = known.get(name)
    if (before !== undefined) return before
    const part = (use: string) => Buffer.from(hkdfSync("sha256", key.bytes, "", `waybill ${use} ${workspaceId}`, 32))
    const made = {
      sealing: part("seal"),
      nonces: part("nonce"),
      hashing: part("hash"),
      signing: part("sign"),
      locking: part("lock"),
    }
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
      return key === undefined ? null : open(derived(key, workspaceId).sealing, Buffer.from(body, "base64url"), "")
    },
    lock(workspaceId, name, text) {
      const { id } = keyring.current
      const head = `${lockVersion}.${id}`
      const { locking } = derived(keyring.current, workspaceId)
      return `${head}.${closed(locking, randomBytes(nonceBytes), text, `${head} ${name}`).toString("base64url")}`
    },
    unlock(workspaceId, name, locked) {
      const [version = "", id = "", body = ""] = locked.split(".")
      const key = keyring.all.get(id)
      if (key === undefined || version !== lockVersion) return null
      return open(derived(key, workspaceId).locking, Buffer.from(body, "base64url"), `${version}.${id} ${name}`)
    },
    isCurrent: (locked) => locked.startsWith(`${lockVersion}.${keyring.current.id}.`),
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
  return closed(keys.sealing, nonce, text, "").toString("base64url")
}

function closed(key: Buffer, nonce: Buffer, text: string, about: string): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(about))
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body])
}

/** Null: another workspace's, about something else, or changed by somebody. */
function open(key: Buffer, body: Buffer, about: string): string | null {
  if (body.length < nonceBytes + tagBytes) return null
  const decipher = createDecipheriv("aes-256-gcm", key, body.subarray(0, nonceBytes)).setAAD(Buffer.from(about))
  decipher.setAuthTag(body.subarray(nonceBytes, nonceBytes + tagBytes))
  try {
    return decipher.update(body.subarray(nonceBytes + tagBytes), undefined, "utf8") + decipher.final("utf8")
  } catch {
    return null
  }
}
