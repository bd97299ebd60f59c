/** Definitions, their versions, and the files they come from. */
import type { Problem } from "../core/definition/problem.ts"
import type { Json, JsonObject } from "../core/json.ts"
import type { Actor, Rejection } from "../core/run/commands.ts"
import type { Page } from "../core/views/run-query.ts"
import type { Answer, IdempotencyHeader } from "./answer.ts"

export interface DefinitionSummary {
  readonly workflowId: string
  readonly environment: string
  readonly name: string
  readonly description: string | null
  readonly version: string
  readonly versionNumber: number
  readonly hash: string
  readonly status: "active" | "disabled"
  readonly source: "file" | "api"
  readonly file: string | null
  readonly syncState: "synced" | "file_changed" | "diverged" | "file_missing" | "invalid" | "none"
  readonly problems: readonly Problem[]
  readonly createdAt: number
  readonly updatedAt: number
  readonly runCount: number
  readonly lastRunAt: number | null
  /** 0–1, null without finished runs in 30 days. */
  readonly successRate30d: number | null
}

export interface DefinitionVersion {
  readonly workflowId: string
  readonly environment: string
  readonly version: string
  readonly versionNumber: number
  readonly hash: string
  readonly format: "yaml" | "json"
  readonly text: string
  readonly document: Json
  readonly source: "file" | "api"
  readonly createdAt: number
  readonly createdBy: string
  readonly note: string | null
}

/** A definition's file as it is on disk now, whatever serves. */
export interface DefinitionFile {
  readonly workflowId: string
  readonly environment: string
  /** Relative to the environment's folder. */
  readonly file: string
  readonly format: "yaml" | "json"
  /** Null: it is gone, or cannot be read. */
  readonly text: string | null
  /** Its content is that of the version that serves. */
  readonly serves: boolean
  readonly problems: readonly Problem[]
}

export interface SyncPlan {
  readonly environment: string
  readonly directory: string
  readonly changes: readonly {
    readonly workflowId: string
    readonly file: string
    readonly action: "create" | "update" | "enable" | "disable" | "unchanged" | "conflict" | "invalid"
    readonly from: string | null
    readonly to: string | null
    readonly problems: readonly Problem[]
  }[]
  readonly agents: readonly {
    readonly name: string
    readonly file: string
    readonly action: "load" | "changed" | "gone" | "unchanged" | "invalid"
    readonly problems: readonly Problem[]
  }[]
  readonly applied: boolean
  /** Why nothing was applied, when it was asked for. */
  readonly refused: Rejection | null
}

export interface Definitions {
  validate(
    environment: string,
    text: string,
    format: "yaml" | "json",
    file: string | null,
  ): Promise<{ readonly valid: boolean; readonly problems: readonly Problem[]; readonly workflowId: string | null }>
  /** `expectNew` for POST, false for PUT; the same content is no new version. */
  save(
    actor: Actor,
    request: {
      environment: string
      workflowId: string | null
      text: string
      format: "yaml" | "json"
      expectNew: boolean
      note: string | null
    },
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<DefinitionSummary>>
  remove(
    actor: Actor,
    environment: string,
    workflowId: string,
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<null>>
  setStatus(
    actor: Actor,
    environment: string,
    workflowId: string,
    status: "active" | "disabled",
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<DefinitionSummary>>
  rollback(
    actor: Actor,
    environment: string,
    workflowId: string,
    versionNumber: number,
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<DefinitionSummary>>
  get(environment: string, workflowId: string): Promise<DefinitionSummary | null>
  version(environment: string, workflowId: string, versionNumber: number | null): Promise<DefinitionVersion | null>
  versions(
    environment: string,
    workflowId: string,
    limit: number,
    before: number | null,
  ): Promise<readonly DefinitionVersion[]>
  /** Null: there is no such workflow, or it did not come from a file. */
  file(environment: string, workflowId: string): Promise<DefinitionFile | null>
  list(filter: {
    environment: string
    status: string | null
    q: string | null
    sync: string | null
    cursor: string | null
    limit: number
  }): Promise<Page<DefinitionSummary>>
  /** Those that have workflows or agents, and `default`, by name. */
  environments(): readonly string[]
  sync(
    actor: Actor,
    request: { environment: string; dryRun: boolean; force: boolean; prune: boolean },
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<SyncPlan>>
  agents(environment: string): readonly {
    readonly name: string
    readonly description: string | null
    readonly inputSchema: JsonObject | null
    readonly outputSchema: JsonObject | null
    readonly contractHash: string
    readonly sourceHash: string
    readonly file: string
    readonly problems: readonly Problem[]
  }[]
}
