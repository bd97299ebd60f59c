/**
 * Links to attachments that let in whoever has them, for some minutes: a MAC over what is linked and until when, with a key
 * of its own that is derived from the store's secret. Nothing is remembered of a link, so none can be taken back either.
 */
import { createHmac, timingSafeEqual } from "node:crypto"

export interface AttachmentLink {
  readonly url: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

export interface AttachmentLinks {
  make(attachmentId: string): AttachmentLink
  /** Takes the same time whatever is wrong with it. */
  holds(attachmentId: string, exp: string, sig: string): boolean
}

export interface AttachmentLinkOptions {
  /** 64 hex digits, the store's. */
  readonly secret: string
  readonly minutes: number
  /** Links are whole addresses then; null: they begin with the path. */
  readonly baseUrl: string | null
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export function attachmentLinks({ secret, minutes, baseUrl, now }: AttachmentLinkOptions): AttachmentLinks {
  const key = createHmac("sha256", Buffer.from(secret, "hex")).update("links to attachments").digest()
  const sign = (attachmentId: string, exp: string): string =>
    createHmac("sha256", key)
      .update(JSON.stringify([attachmentId, exp]))
      .digest("base64url")
  return {
    make(attachmentId) {
      const exp = Math.ceil(now() / 1_000) + minutes * 60
      const sig = sign(attachmentId, String(exp))
      const path = `/api/v1/attachments/${encodeURIComponent(attachmentId)}?exp=${exp}&sig=${sig}`
      return { url: `${baseUrl?.replace(/\/+$/, "") ?? ""}${path}`, expiresAt: exp * 1_000 }
    },
    holds(attachmentId, exp, sig) {
      // The texts and not the bytes they stand for: base 64 has several texts of one value.
      const wanted = Buffer.from(sign(attachmentId, exp))
      const given = Buffer.alloc(wanted.length)
      given.write(sig)
      const isSame = timingSafeEqual(wanted, given) && sig.length === wanted.length
      return isSame && Number(exp) * 1_000 > now()
    },
  }
}
