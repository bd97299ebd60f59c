/**
 * Where the runtime finds definitions: the newest for a start, the pinned one for a run that is loaded (rule 21).
 * Compiled definitions are shared by hash (rule 31): the same hash gives the same object while it is in memory.
 */
import type { Definition } from "../core/definition/model.ts"
import type { Rejection } from "../core/run/commands.ts"

export interface ResolvedDefinition {
  readonly definition: Definition
  readonly hash: string
  readonly versionNumber: number
}

export interface DefinitionSource {
  /**
   * `version`: a label means its newest content, a number a versionNumber, null the newest enabled (settled 1).
   * Answers from memory without a promise when it can. Rejections: `workflow_not_found`, `workflow_disabled`,
   * `version_not_found`.
   */
  resolve(
    workspaceId: string,
    environment: string,
    workflowId: string,
    version: string | number | null,
  ): Resolved | Promise<Resolved>
  /** Null = this hash was never stored here: the run cannot be loaded and is quarantined. */
  byHash(hash: string): Definition | null | Promise<Definition | null>
}

export type Resolved =
  | { readonly ok: true; readonly found: ResolvedDefinition }
  | { readonly ok: false; readonly rejection: Rejection }
