/**
 * Where definitions and their versions lie (settled 1, 18). Nothing here decides: the use-cases say what is written,
 * and `apply` writes all of it in one transaction or nothing. Versions are never changed and never deleted while runs
 * of the definition exist.
 */
import type { Problem } from "../core/definition/problem.ts"
import type { IdempotentAnswer } from "./store.ts"

export interface DefinitionKey {
  readonly workspaceId: string
  readonly environment: string
  readonly workflowId: string
}

export interface DefinitionRecord extends DefinitionKey {
  /** The newest version. */
  readonly versionNumber: number
  readonly name: string
  readonly description: string | null
  readonly status: "active" | "disabled"
  readonly source: "file" | "api"
  /** Relative to the environment's folder. */
  readonly file: string | null
  readonly syncState: "synced" | "file_changed" | "diverged" | "file_missing" | "invalid" | "none"
  /** What is wrong with the file as it lies there now, when the last good version serves. */
  readonly problems: readonly Problem[]
  readonly createdAt: number
  readonly updatedAt: number
}

export interface VersionRecord extends DefinitionKey {
  readonly versionNumber: number
  /** The author's label. */
  readonly version: string
  /** Content hash: the same content is no new version. */
  readonly hash: string
  readonly format: "yaml" | "json"
  readonly text: string
  readonly source: "file" | "api"
  readonly file: string | null
  readonly createdAt: number
  readonly createdBy: string
  readonly note: string | null
}

export type DefinitionChange =
  /** Inserts or replaces the record. */
  | { readonly kind: "put-record"; readonly record: DefinitionRecord }
  | { readonly kind: "add-version"; readonly version: VersionRecord }
  /** The record and its versions; refused by the use-case where runs exist. */
  | { readonly kind: "delete"; readonly key: DefinitionKey }
  /** Rule 24: what was answered to a header key, with the effect. */
  | { readonly kind: "keep-answer"; readonly answer: IdempotentAnswer }

export interface DefinitionStats {
  readonly runCount: number
  readonly lastRunAt: number | null
  /** COMPLETED / (COMPLETED + FAILED + TIMED_OUT), 0–1 (settled 30), of the newest 1,000 that ended in 30 days. */
  readonly successRate30d: number | null
}

export interface DefinitionStore {
  /** All of them; definitions are hundreds, not millions. */
  records(): Promise<readonly DefinitionRecord[]>
  /** `versionNumber` null = the newest. */
  version(key: DefinitionKey, versionNumber: number | null): Promise<VersionRecord | null>
  /** The newest content with this label. */
  versionByLabel(key: DefinitionKey, label: string): Promise<VersionRecord | null>
  /** Newest first, those with a lower number than `before`. */
  versions(key: DefinitionKey, limit: number, before: number | null): Promise<readonly VersionRecord[]>
  byHash(hash: string): Promise<VersionRecord | null>
  apply(changes: readonly DefinitionChange[]): Promise<void>
  /** @param now milliseconds since the epoch, for the 30 days */
  stats(
    workspaceId: string,
    environment: string,
    workflowIds: readonly string[],
    now: number,
  ): Promise<ReadonlyMap<string, DefinitionStats>>
  hasRuns(key: DefinitionKey): Promise<boolean>
}
