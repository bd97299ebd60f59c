/**
 * The door of attachments: files that belong to a run, beside its history. Whether the caller may see the run is asked
 * before anything here is; a link lets in whoever has it, and is made and checked by the facade.
 */
import type { Answer, IdempotencyHeader } from "../../door.ts"
import type { AttachmentRow } from "../../ports/attachments.ts"
import type { StepAttachments } from "../../ports/step-attachments.ts"
import type { StepLogs } from "../../ports/step-logs.ts"
import { KeyGate } from "../key-gate.ts"
import { type AttachLimits, type AttachmentAsked, type AttachPorts, attach } from "./attach.ts"
import { KeptAttachments } from "./kept-attachments.ts"

export interface AttachmentEvidence {
  readonly count: number
  /** Of the contents that are kept. */
  readonly bytes: number
  readonly redacted: number
  /** Of them, in the archive. */
  readonly archived: number
  readonly expired: number
  /** That should be there and are not. */
  readonly missing: number
}

export interface Attachments {
  readonly contentBytesMax: number
  add(asked: AttachmentAsked, header: IdempotencyHeader | null): Promise<Answer<AttachmentRow>>
  /** Oldest first, those with a higher number. */
  list(runId: string, after: number, limit: number): Promise<readonly AttachmentRow[]>
  /** Of whatever workspace. */
  get(attachmentId: string): Promise<AttachmentRow | null>
  /**
   * Null: past its retention, or lost.
   * @throws ArchiveUnavailable, ArchiveDamaged
   */
  open(row: AttachmentRow): Promise<AsyncIterable<Uint8Array> | null>
  evidence(runId: string): Promise<AttachmentEvidence>
}

/** Contents that left the store for the archive. */
export interface ArchivedFiles {
  /** Null: it does not lie there. */
  open(row: Pick<AttachmentRow, "runId" | "sha256">): Promise<AsyncIterable<Uint8Array> | null>
}

export interface OpenAttachments extends Attachments {
  readonly ofSteps: StepAttachments
  /** Kept nowhere since the start. */
  dropped(): number
  flush(): Promise<void>
}

const dayMs = 86_400_000

export const defaultAttachmentLimits: AttachLimits & { readonly waitingMax: number } = {
  contentBytesMax: 10 << 20,
  countMax: 200,
  bytesMax: 256 << 20,
  idempotencyKeepMs: dayMs,
  waitingMax: 64 << 20,
}

export function openAttachments(
  given: Omit<AttachPorts, "gate"> & { readonly logs: StepLogs; readonly archived: ArchivedFiles },
  limits = defaultAttachmentLimits,
): OpenAttachments {
  const ports = { ...given, gate: new KeyGate() }
  const { store, files, logs, archived } = ports
  const kept = new KeptAttachments({ attach: (asked) => attach(ports, limits, asked, null), logs }, limits.waitingMax)
  return {
    contentBytesMax: limits.contentBytesMax,
    add: (asked, header) => attach(ports, limits, asked, header),
    list: (runId, after, limit) => store.list(runId, after, limit),
    get: (attachmentId) => store.get(attachmentId),
    open: async (row) => (row.file === null ? null : await files.open(row.file)) ?? archived.open(row),
    async evidence(runId) {
      const rows = await store.list(runId, 0, limits.countMax)
      const named = rows.flatMap(({ file }) => (file === null ? [] : [file]))
      const there = await Promise.all(named.map((file) => files.has(file)))
      return {
        count: rows.length,
        bytes: rows.reduce((sum, row) => sum + (row.file === null && !row.archived ? 0 : row.bytes), 0),
        redacted: rows.filter(({ redacted }) => redacted).length,
        archived: rows.filter((row) => row.archived).length,
        expired: rows.filter((row) => row.file === null && !row.archived).length,
        missing: there.filter((one) => !one).length,
      }
    },
    ofSteps: kept,
    dropped: () => kept.dropped,
    flush: () => kept.flush(),
  }
}
