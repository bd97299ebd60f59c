import { createHash } from "node:crypto"
import { type ArchivedFiles, defaultAttachmentLimits, openAttachments, type RedactionDoor } from "@waybill/engine"
import { systemChance } from "@waybill/engine/adapters/system/chance"
import { systemClock } from "@waybill/engine/adapters/system/clock"
import type { StepLogs } from "@waybill/engine/ports/step-logs"
import type { Parts } from "./parts.ts"

export function openAttachmentsOn(
  { config, data }: Pick<Parts, "config" | "data">,
  { redaction }: RedactionDoor,
  logs: StepLogs,
  archived: ArchivedFiles,
) {
  return openAttachments(
    {
      store: data.attachments,
      files: data.contents,
      answers: data.store,
      redaction,
      clock: systemClock(),
      chance: systemChance(),
      sha256Hex: (content) => createHash("sha256").update(content).digest("hex"),
      logs,
      archived,
    },
    { ...defaultAttachmentLimits, contentBytesMax: config.attachmentMb << 20 },
  )
}
