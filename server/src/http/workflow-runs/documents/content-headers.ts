/** How somebody's upload is sent: as a download under its name, of a type that no browser runs, and kept by nobody. */
import type { AttachmentRow } from "@waybill/engine"

/** All others are bytes: what runs in a page is not told to be it. */
const harmless = /^(?:text\/(?:plain|csv)|application\/(?:json|pdf|zip|gzip)|image\/(?:png|jpeg|gif|webp))$/

export function contentHeaders({ name, contentType, bytes }: AttachmentRow): Record<string, string | number> {
  const [type = ""] = contentType.toLowerCase().split(";", 1)
  const isText = type.startsWith("text/")
  const shown = harmless.test(type.trim()) ? type.trim() : "application/octet-stream"
  return {
    "content-type": isText && shown !== "application/octet-stream" ? `${shown}; charset=utf-8` : shown,
    "content-length": bytes,
    "content-disposition": disposition(name),
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "cache-control": "private, no-store",
  }
}

/** RFC 6266: a name that everybody can read, and the name itself. */
function disposition(name: string): string {
  const plain = name.replace(/[^\w .()-]/g, "_")
  const exact = encodeURIComponent(name).replace(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`
}
