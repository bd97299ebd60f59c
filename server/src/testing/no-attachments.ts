/** No run has a file, and nothing can be attached. */
import type { AttachmentDoor } from "../http/workflow-runs/attachments.ts"

export const noAttachments: AttachmentDoor = {
  attachments: {
    contentBytesMax: 1 << 20,
    add: async () => ({ ok: false, rejection: { code: "evidence_expired", message: "nothing can be attached here" } }),
    list: async () => [],
    get: async () => null,
    open: async () => null,
    evidence: async () => ({ count: 0, bytes: 0, redacted: 0, archived: 0, expired: 0, missing: 0 }),
  },
  links: { make: () => ({ url: "/", expiresAt: 0 }), holds: () => false },
}
