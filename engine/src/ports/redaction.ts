/**
 * What the store may not keep is taken out of commands, before `decide` (rule 9, settled 16): nothing alters an event
 * afterwards. What is taken out, and how, are the policies of `core/policy/redaction`.
 */
import type { Json } from "../core/json.ts"
import type { RedactionKind } from "../core/policy/redaction/policy.ts"
import type { Seals } from "../core/policy/redaction/redactor.ts"

export interface RedactionPlace {
  readonly workspaceId: string
  readonly environment: string
  readonly workflowId: string
  readonly kind: RedactionKind
}

export interface Redaction {
  /** The same object where nothing was found. */
  redact(place: RedactionPlace, value: Json): Json
  /** Stands for a text that may not be kept and has to stay itself: equal texts of a workspace have equal digests. */
  digest(workspaceId: string, text: string): string
  /** As `digest` says it now, and as it said it under earlier keys. */
  digests(workspaceId: string, text: string): readonly string[]
  /** A name that somebody asks for, as it may stand in the store: itself first, then as each policy keeps it. */
  namesOf(workspaceId: string, name: string): readonly string[]
}

/** A text that stays one, whatever rules say of fields. */
export function redactedText(redaction: Redaction, place: RedactionPlace, text: string): string {
  const kept = redaction.redact(place, text)
  return typeof kept === "string" ? kept : JSON.stringify(kept)
}

/** Keys that lie outside the store. */
export interface SealingKeys {
  /** Of the key that closes now, and of those that open. */
  readonly current: string
  readonly ids: readonly string[]
  sealsOf(workspaceId: string): Seals
  /** Those that close now first, then those of earlier keys. */
  everySealsOf(workspaceId: string): readonly Seals[]
  /** Says that somebody with the key wrote the text. */
  sign(workspaceId: string, text: string): string
  /** False: nobody did who has a key that is here. */
  isSigned(workspaceId: string, text: string, signature: string): boolean
  /** Null: made with a key that is not here, for another workspace, or changed since. */
  open(workspaceId: string, sealed: string): string | null
  /** For what the store keeps for itself and nobody reveals: it opens under the same name only, and no two are equal. */
  lock(workspaceId: string, name: string, text: string): string
  /** Null as `open`, or locked under another name. */
  unlock(workspaceId: string, name: string, locked: string): string | null
  /** Whether the key that closes now has locked it. */
  isCurrent(locked: string): boolean
}

/** A policy as it was put, for good; the newest of its scope holds. */
export interface PolicyRow {
  readonly workspaceId: string
  /** Null: the whole workspace's. */
  readonly workflowId: string | null
  /** From 1, in its scope. */
  readonly version: number
  /** JSON; null: taken back, the wider one holds. */
  readonly policy: string | null
  readonly note: string | null
  readonly at: number
  readonly by: string
}

export interface PolicyStore {
  /** The newest of each scope. */
  policies(): Promise<readonly PolicyRow[]>
  /** Newest first. */
  versions(workspaceId: string, workflowId: string | null, limit: number): Promise<readonly PolicyRow[]>
  /** False: another one of that version came first. */
  put(row: PolicyRow): Promise<boolean>
  /** Names of the keys that closed anything in this store. */
  keys(): Promise<readonly string[]>
  useKey(id: string, at: number): Promise<void>
}
