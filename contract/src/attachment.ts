/** Files that belong to a run, behind links that expire (000, "Attachments"). */
import { type Static, Type } from "typebox"
import { answer, count, nullable, page, text, textOrNull, time, timeOrNull } from "./scalars.ts"

export const Attachment = answer("Attachment", {
  attachmentId: text,
  runId: text,
  number: Type.Integer({ minimum: 1, description: "Of this run, from 1, in the order in which they came." }),
  at: time,
  by: Type.String({ description: "`user:alice@example.com`, `key:ci`, `agent:report`." }),
  stepId: textOrNull,
  attempt: nullable(count),
  name: text,
  contentType: Type.String({ description: "As it was said; nothing relies on it." }),
  bytes: Type.Integer({ minimum: 0, description: "As it is kept." }),
  sha256: Type.String({ description: "Of the content as it is kept, hex." }),
  redacted: Type.Boolean({ description: "Something in it was replaced before it was kept." }),
  url: textOrNull,
  expiresAt: timeOrNull,
  archived: Type.Boolean({ description: "Its content lies in the archive, and is read from there." }),
  expired: Type.Boolean({ description: "Its content is past its retention: `url` is null." }),
})
export type Attachment = Static<typeof Attachment>
export const AttachmentPage = page("AttachmentPage", Attachment)
export type AttachmentPage = Static<typeof AttachmentPage>
