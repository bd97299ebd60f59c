/** Definitions over the API: save, enable, disable, roll back, remove. Same content is no new version (settled 1, 18). */

import type { Problem } from "../../core/definition/problem.ts"
import type { Actor, Rejection } from "../../core/run/commands.ts"
import type { Answer } from "../../door.ts"
import type { DefinitionChange, DefinitionKey, DefinitionRecord, VersionRecord } from "../../ports/definition-store.ts"
import { type Keep, keepNothing } from "./once.ts"
import type { Read, Registry } from "./registry.ts"

export interface Saved {
  readonly key: DefinitionKey
  readonly changed: boolean
}

export type SaveRequest = {
  readonly key: Omit<DefinitionKey, "workflowId">
  readonly workflowId: string | null
  readonly text: string
  readonly format: "yaml" | "json"
  readonly expectNew: boolean
  readonly note: string | null
}

export const saveDefinition =
  (registry: Registry) =>
  async (actor: Actor, request: SaveRequest, keep: Keep = keepNothing): Promise<Answer<Saved>> => {
    const read = await registry.read(request.key.environment, request.text, request.format, null)
    const { definition } = read
    if (definition === null || read.hash === null) return invalid(read.problems)
    if (request.workflowId !== null && request.workflowId !== definition.id) {
      return no({
        code: "id_mismatch",
        message: `the body is workflow ${definition.id}, but the address names ${request.workflowId}`,
        hint: "an id never changes: use the address of the body's id, or create a new workflow",
      })
    }
    const key = { ...request.key, workflowId: definition.id }
    const before = registry.record(key)
    if (request.expectNew && before !== null)
      return no({
        code: "workflow_exists",
        message: `workflow ${definition.id} exists; a new version goes to PUT /api/v1/workflows/${definition.id}`,
        data: { versionNumber: before.versionNumber },
      })
    if (!request.expectNew && before === null) return notFound(registry, key)
    const newest = before === null ? null : await registry.ports.store.version(key, null)
    if (newest?.hash === read.hash) return done(registry, { key, changed: false }, [], keep)
    const version = newVersion(registry, {
      key,
      read,
      text: request.text,
      format: request.format,
      actor: actor.id,
      source: "api",
      file: null,
      note: request.note,
      before,
    })
    const saved = await done(registry, { key, changed: true }, version, keep)
    registry.compiled(read.hash, definition)
    return saved
  }

export interface NewVersion {
  readonly key: DefinitionKey
  readonly read: Read
  readonly text: string
  readonly format: "yaml" | "json"
  readonly actor: string
  readonly source: "file" | "api"
  readonly file: string | null
  readonly note: string | null
  readonly before: DefinitionRecord | null
}

/** The record and its next version. A file's definition changed over the API has diverged from its file (settled 18). */
export function newVersion(registry: Registry, given: NewVersion): readonly DefinitionChange[] {
  const { key, read, before } = given
  const definition = read.definition!
  const now = registry.ports.now()
  const versionNumber = (before?.versionNumber ?? 0) + 1
  const version: VersionRecord = {
    ...key,
    versionNumber,
    version: definition.version,
    hash: read.hash!,
    format: given.format,
    text: given.text,
    source: given.source,
    file: given.file,
    createdAt: now,
    createdBy: given.actor,
    note: given.note,
  }
  const fromFile = given.source === "file"
  const record: DefinitionRecord = {
    ...key,
    versionNumber,
    name: definition.name,
    description: definition.description,
    // A person's Disable survives a sync; what sync itself disabled comes back with its file.
    status: before === null || (fromFile && before.syncState === "file_missing") ? "active" : before.status,
    source: fromFile ? "file" : (before?.source ?? "api"),
    file: fromFile ? given.file : (before?.file ?? null),
    syncState: fromFile ? "synced" : before?.source === "file" ? "diverged" : "none",
    problems: [],
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
  }
  return [
    { kind: "add-version", version },
    { kind: "put-record", record },
  ]
}

export const setDefinitionStatus =
  (registry: Registry) =>
  async (key: DefinitionKey, status: "active" | "disabled", keep: Keep = keepNothing): Promise<Answer<Saved>> => {
    const before = registry.record(key)
    if (before === null) return notFound(registry, key)
    if (before.status === status) return done(registry, { key, changed: false }, [], keep)
    if (status === "active" && before.syncState === "file_missing")
      return no({
        code: "file_missing",
        message: `the file of ${key.workflowId} (${before.file}) is gone`,
        hint: "put the file back and sync, or save the definition over the API",
      })
    const record = { ...before, status, updatedAt: registry.ports.now() }
    return done(registry, { key, changed: true }, [{ kind: "put-record", record }], keep)
  }

export const rollbackDefinition =
  (registry: Registry) =>
  async (actor: Actor, key: DefinitionKey, versionNumber: number, keep: Keep = keepNothing): Promise<Answer<Saved>> => {
    const before = registry.record(key)
    const old = before === null ? null : await registry.ports.store.version(key, versionNumber)
    if (before === null) return notFound(registry, key)
    if (old === null)
      return no({ code: "version_not_found", message: `workflow ${key.workflowId} has no version ${versionNumber}` })
    const newest = await registry.ports.store.version(key, null)
    if (newest?.hash === old.hash)
      return no({ code: "version_current", message: `version ${versionNumber} has the content that serves already` })
    const read = await registry.read(key.environment, old.text, old.format, null)
    if (read.definition === null) return invalid(read.problems)
    const version = newVersion(registry, {
      key,
      read,
      text: old.text,
      format: old.format,
      actor: actor.id,
      source: "api",
      file: null,
      note: `rollback to version ${versionNumber}`,
      before,
    })
    const saved = await done(registry, { key, changed: true }, version, keep)
    registry.compiled(read.hash!, read.definition)
    return saved
  }

export const removeDefinition =
  (registry: Registry) =>
  async (key: DefinitionKey, keep: Keep = keepNothing): Promise<Answer<null>> => {
    const before = registry.record(key)
    if (before === null) return notFound(registry, key)
    if (before.source === "file" && before.syncState !== "file_missing")
      return no({
        code: "workflow_from_file",
        message: `${key.workflowId} comes from ${before.file}: delete the file and sync`,
        data: { file: before.file },
      })
    if (await registry.ports.store.hasRuns(key))
      return no({
        code: "workflow_has_runs",
        message: `workflow ${key.workflowId} has runs, whose history needs it`,
        hint: "disable it instead",
      })
    await registry.commit([{ kind: "delete", key }, ...keep(null)])
    return yes(null)
  }

/** The effect and its answer are stored together (rule 24). */
async function done(
  registry: Registry,
  saved: Saved,
  changes: readonly DefinitionChange[],
  keep: Keep,
): Promise<Answer<Saved>> {
  await registry.commit([...changes, ...keep({ key: { ...saved.key }, changed: saved.changed })])
  return yes(saved)
}

function yes<T>(value: T): Answer<T> {
  return { ok: true, value, position: 0 }
}

function no(rejection: Rejection): { readonly ok: false; readonly rejection: Rejection } {
  return { ok: false, rejection }
}

function notFound(registry: Registry, key: DefinitionKey): ReturnType<typeof no> {
  const message = `there is no workflow ${key.workflowId} in environment ${key.environment}`
  return no({ code: "workflow_not_found", message, hint: registry.near(key) })
}

function invalid(problems: readonly Problem[]): {
  readonly ok: false
  readonly rejection: Rejection & { readonly problems: readonly Problem[] }
} {
  const errors = problems.filter((problem) => problem.severity === "error")
  return {
    ok: false,
    rejection: {
      code: "definition_invalid",
      message: `the definition has ${errors.length} error${errors.length === 1 ? "" : "s"}: ${errors[0]?.message ?? ""}`,
      problems,
    },
  }
}
