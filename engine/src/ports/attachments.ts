/**
 * Files that belong to a run, beside its history and never part of it: a row for good, and a content that goes with the
 * run's values. Contents are redacted before they come here (rule 9).
 */
import type { IdempotentAnswer } from "./store.ts"

export interface AttachmentRow {
  readonly attachmentId: string
  readonly runId: string
  readonly workspaceId: string
  /** Of this run, from 1 without a gap. */
  readonly number: number
  /** Milliseconds since the epoch. */
  readonly at: number
  /** `user:alice@example.com`, `agent:report`. */
  readonly actor: string
  /** Null: it is the whole run's. */
  readonly stepId: string | null
  /** From 1; null with `stepId`. */
  readonly attempt: number | null
  readonly name: string
  /** As it was said; nothing relies on it. */
  readonly contentType: string
  readonly bytes: number
  /** Of the content as it is kept, hex. */
  readonly sha256: string
  /** Something in the content was replaced before it was kept. */
  readonly redacted: boolean
  /** Where the content lies; null: it is past its retention, or in the archive. */
  readonly file: string | null
  /** It left the store for the archive. */
  readonly archived: boolean
}

export type NewAttachment = Omit<AttachmentRow, "number" | "workspaceId" | "file" | "archived"> & {
  readonly file: string
}

export interface AttachmentBounds {
  readonly countMax: number
  /** Of one run together. */
  readonly bytesMax: number
}

export type AttachmentWritten =
  | { readonly kind: "durable"; readonly number: number }
  /** The same attempt has one of that name and content: a delivery that was repeated (settled 8). */
  | { readonly kind: "known"; readonly attachmentId: string }
  /** There is no such run, or none any more. */
  | { readonly kind: "missing" }
  /** What the run's values said is gone already, and this would stay behind. */
  | { readonly kind: "expired" }
  | { readonly kind: "full" }
  | { readonly kind: "duplicate_key" }

export interface AttachmentStore {
  /** One transaction, with the answer to its key. `answer` gets the number that the attachment has. */
  add(
    attachment: NewAttachment,
    bounds: AttachmentBounds,
    answer: ((number: number) => IdempotentAnswer) | null,
  ): Promise<AttachmentWritten>
  /** Oldest first, those with a higher number. */
  list(runId: string, after: number, limit: number): Promise<readonly AttachmentRow[]>
  /** Of whatever run and workspace: who may is asked elsewhere. */
  get(attachmentId: string): Promise<AttachmentRow | null>
}

/** Where contents lie, by names that say nothing of them. */
export interface ContentFiles {
  /** On disk, with its name, when the promise is fulfilled. */
  write(name: string, content: Uint8Array): Promise<void>
  /** From its first byte on, in pieces; null: it is not there. */
  open(name: string): Promise<AsyncIterable<Uint8Array> | null>
  has(name: string): Promise<boolean>
  /** What is not there is no error. */
  remove(names: readonly string[]): Promise<void>
}

/** With what looking after the store needs. */
export interface ContentFolder extends ContentFiles {
  /** Removes what `inUse` does not know and nobody wrote since `olderThan` (ms since the epoch); the names removed. */
  sweep(inUse: (name: string) => boolean, olderThan: number): Promise<readonly string[]>
  /** Copies all that is there now into another folder, for a backup; bytes copied. */
  copyTo(folder: string): Promise<number>
}
