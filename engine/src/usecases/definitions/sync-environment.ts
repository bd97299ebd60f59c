/**
 * Files to definitions (W19, rule 35): a plan first, everything validated, then all of it or nothing. Content is
 * compared, never version strings. What is gone is disabled and keeps its history; what did not come from this
 * environment's files is not touched.
 */

import type { Problem } from "../../core/definition/problem.ts"
import type { Json } from "../../core/json.ts"
import type { Actor, Rejection } from "../../core/run/commands.ts"
import type { SyncPlan } from "../../door.ts"
import type { AgentContract, AgentHost, AgentLoadReport } from "../../ports/agent-host.ts"
import type { DefinitionChange, DefinitionRecord } from "../../ports/definition-store.ts"
import type { EnvironmentFiles, EnvironmentListing, WorkflowFile } from "../../ports/environment-files.ts"
import { newVersion } from "./change-definition.ts"
import { type Keep, keepNothing } from "./once.ts"
import { fileWorkspace, type Read, type Registry } from "./registry.ts"

export interface SyncRequest {
  readonly environment: string
  readonly dryRun: boolean
  readonly force: boolean
  readonly prune: boolean
  /**
   * `all`: one bad file refuses the sync. `each`: good files are taken and bad ones keep their last good version, which
   * is how a server starts and how `--watch` works (settled 18).
   */
  readonly mode: "all" | "each"
}

export interface SyncPorts {
  readonly registry: Registry
  readonly files: EnvironmentFiles
  readonly host: Pick<AgentHost, "load" | "look" | "agents">
}

type Change = SyncPlan["changes"][number]

interface Item {
  readonly change: Change
  readonly writes: readonly DefinitionChange[]
  readonly read: Read | null
}

export const syncEnvironment =
  (ports: SyncPorts) =>
  async (actor: Actor, request: SyncRequest, keep: Keep = keepNothing): Promise<SyncPlan> => {
    const listing = await ports.files.list(request.environment)
    const before = ports.host.agents().filter((agent) => agent.environment === request.environment)
    if (!listing.found) return missing(ports, request, listing)
    // All or nothing: what the folder holds is looked at beside what serves, and serves when everything else is stored.
    const look = request.mode === "all" ? await ports.host.look(request.environment, listing.agentsDirectory) : null
    const loaded = look?.report ?? (await ports.host.load(request.environment, listing.agentsDirectory))
    let isTaken = false
    try {
      const items = await plan(ports, actor, request, listing, loaded)
      const agents = agentChanges(before, loaded)
      const refused = request.dryRun ? null : refusal(request, items, agents)
      const { environment } = request
      const changes = items.map((item) => item.change)
      const shown = { environment, directory: listing.directory, changes, agents }
      if (request.dryRun || refused !== null) return { ...shown, applied: false, refused }
      const done: SyncPlan = { ...shown, applied: true, refused: null }
      await ports.registry.commit([...items.flatMap((item) => item.writes), ...keep(done as unknown as Json)])
      isTaken = true
      for (const { read } of items)
        if (read?.definition != null && read.hash !== null) ports.registry.compiled(read.hash, read.definition)
      return done
    } finally {
      if (isTaken) look?.adopt()
      else look?.drop()
    }
  }

function missing(ports: SyncPorts, request: SyncRequest, listing: EnvironmentListing): SyncPlan {
  const known = ports.registry.records(fileWorkspace, request.environment).filter((record) => record.source === "file")
  const rejection: Rejection = {
    code: "environment_missing",
    message: `the folder ${listing.directory} is not there`,
    hint:
      known.length === 0
        ? "create it with agents/ and workflows/ in it"
        : `${known.length} workflows came from it; nothing was disabled. Put the folder back, or sync with --prune once it is there and empty`,
  }
  return {
    environment: request.environment,
    directory: listing.directory,
    changes: [],
    agents: [],
    applied: false,
    refused: rejection,
  }
}

async function plan(
  ports: SyncPorts,
  actor: Actor,
  request: SyncRequest,
  listing: EnvironmentListing,
  loaded: AgentLoadReport,
): Promise<readonly Item[]> {
  const { registry } = ports
  const items: Item[] = listing.unreadable.map(({ file, message }) =>
    invalidItem(registry, request, file, [unreadable(file, message)]),
  )
  const seen = new Map<string, string>()
  for (const file of listing.workflows) {
    const { environment } = request
    const read = await registry.read(environment, file.text, file.format, file.file, { agents: loaded.agents })
    const id = read.definition?.id ?? idOf(read)
    const twin = id === null ? undefined : seen.get(id)
    if (id !== null) seen.set(id, file.file)
    if (twin !== undefined) items.push(invalidItem(registry, request, file.file, [duplicate(file.file, id!, twin)]))
    else
      items.push(
        read.definition === null
          ? invalidItem(registry, request, file.file, read.problems, id)
          : await fileItem(ports, actor, request, file, read),
      )
  }
  const present = new Set([
    ...listing.workflows.map((file) => file.file),
    ...listing.unreadable.map((file) => file.file),
  ])
  for (const record of registry.records(fileWorkspace, request.environment)) {
    if (record.source !== "file" || record.file === null || record.syncState === "file_missing") continue
    if (seen.has(record.workflowId) || present.has(record.file)) continue
    items.push(goneItem(registry, record))
  }
  return items
}

/** The id as it is written, even when the rest cannot be used. */
function idOf(read: Read): string | null {
  const { document } = read
  return typeof document === "object" && document !== null && "id" in document && typeof document.id === "string"
    ? document.id
    : null
}

function unreadable(file: string, message: string): Problem {
  return { code: "file_unreadable", severity: "error", message, file, line: null, column: null, pointer: "" }
}

function duplicate(file: string, id: string, twin: string): Problem {
  return {
    code: "duplicate_id",
    severity: "error",
    message: `workflow ${id} is defined in ${twin} already`,
    file,
    line: null,
    column: null,
    pointer: "/id",
    hint: "one file an id: rename one of them",
  }
}

async function fileItem(
  ports: SyncPorts,
  actor: Actor,
  request: SyncRequest,
  file: WorkflowFile,
  read: Read,
): Promise<Item> {
  const { registry } = ports
  const definition = read.definition!
  const key = { workspaceId: fileWorkspace, environment: request.environment, workflowId: definition.id }
  const before = registry.record(key)
  const newest = before === null ? null : await registry.ports.store.version(key, null)
  const from = newest === null ? null : `${newest.version} (#${newest.versionNumber})`
  const change = (action: Change["action"], to: string | null = from): Change => ({
    workflowId: definition.id,
    file: file.file,
    action,
    from,
    to,
    problems: read.problems,
  })
  const next = `${definition.version} (#${(before?.versionNumber ?? 0) + 1})`
  if (before !== null && newest !== null && newest.hash === read.hash) return settled(registry, before, file, change)
  // Changed over the API since its file was read: neither side wins unasked (settled 18).
  if (before !== null && (before.syncState === "diverged" || before.source === "api") && !request.force)
    return { change: change("conflict"), writes: [], read: null }
  const writes = newVersion(registry, {
    key,
    read,
    text: file.text,
    format: file.format,
    actor: actor.id,
    source: "file",
    file: file.file,
    note: null,
    before,
  })
  return { change: change(before === null ? "create" : "update", next), writes, read }
}

/** The content serves already; only what is said about it may be out of date. */
function settled(
  registry: Registry,
  before: DefinitionRecord,
  file: WorkflowFile,
  change: (action: Change["action"]) => Change,
): Item {
  const back = before.syncState === "file_missing"
  const record: DefinitionRecord = {
    ...before,
    source: before.source === "api" ? "api" : "file",
    file: before.source === "api" ? before.file : file.file,
    syncState: before.source === "api" ? before.syncState : "synced",
    status: back ? "active" : before.status,
    problems: [],
    updatedAt: registry.ports.now(),
  }
  const same =
    !back && before.syncState === record.syncState && before.file === record.file && before.problems.length === 0
  return {
    change: change(back ? "enable" : "unchanged"),
    writes: same ? [] : [{ kind: "put-record", record }],
    read: null,
  }
}

/** The last good version goes on serving; its record says what is wrong with the file. */
function invalidItem(
  registry: Registry,
  request: SyncRequest,
  file: string,
  problems: readonly Problem[],
  id: string | null = null,
): Item {
  const known = registry.records(fileWorkspace, request.environment)
  const before =
    known.find((record) => record.source === "file" && (record.workflowId === id || record.file === file)) ?? null
  const change: Change = {
    workflowId: id ?? before?.workflowId ?? file,
    file,
    action: "invalid",
    from: before === null ? null : `#${before.versionNumber}`,
    to: null,
    problems,
  }
  const writes: readonly DefinitionChange[] =
    before === null || request.mode === "all"
      ? []
      : [{ kind: "put-record", record: { ...before, syncState: "invalid", problems, updatedAt: registry.ports.now() } }]
  return { change, writes, read: null }
}

function goneItem(registry: Registry, record: DefinitionRecord): Item {
  const change: Change = {
    workflowId: record.workflowId,
    file: record.file!,
    action: "disable",
    from: `#${record.versionNumber}`,
    to: null,
    problems: [],
  }
  return {
    change,
    writes: [
      {
        kind: "put-record",
        record: { ...record, status: "disabled", syncState: "file_missing", updatedAt: registry.ports.now() },
      },
    ],
    read: null,
  }
}

function refusal(request: SyncRequest, items: readonly Item[], agents: SyncPlan["agents"]): Rejection | null {
  const count = (action: Change["action"]) => items.filter((item) => item.change.action === action).length
  const disabled = count("disable")
  const fromFiles = items.filter((item) => item.change.action !== "create" && item.change.action !== "conflict").length
  if (disabled > 1 && disabled * 2 > fromFiles && !request.prune) {
    return {
      code: "prune_required",
      message: `this would disable ${disabled} of ${fromFiles} workflows`,
      hint: "if the files are really gone, say --prune",
    }
  }
  if (request.mode === "each") return null
  const invalid = count("invalid") + agents.filter((agent) => agent.action === "invalid").length
  if (invalid > 0)
    return {
      code: "sync_invalid",
      message: `${invalid} file${invalid === 1 ? " is" : "s are"} not valid; nothing was changed`,
      hint: "mend what the problems name, then sync again",
    }
  const conflicts = count("conflict")
  if (conflicts > 0)
    return {
      code: "sync_conflict",
      message: `${conflicts} workflow${conflicts === 1 ? " was" : "s were"} changed over the API since the last sync`,
      hint: "take the API's content into the file, or say --force to let the file win",
    }
  return null
}

function agentChanges(before: readonly AgentContract[], loaded: AgentLoadReport): SyncPlan["agents"] {
  const old = new Map(before.map((agent) => [agent.name, agent]))
  const changes: SyncPlan["agents"][number][] = loaded.agents.map((agent) => {
    const known = old.get(agent.name)
    old.delete(agent.name)
    const action =
      known === undefined
        ? "load"
        : known.sourceHash === agent.sourceHash && known.contractHash === agent.contractHash
          ? "unchanged"
          : "changed"
    return { name: agent.name, file: agent.file, action, problems: [] }
  })
  for (const agent of old.values()) changes.push({ name: agent.name, file: agent.file, action: "gone", problems: [] })
  for (const problem of loaded.problems) {
    const { file, line, column, code, message } = problem
    changes.push({
      name: file,
      file,
      action: "invalid",
      problems: [{ code, severity: "error", message, file, line, column, pointer: "" }],
    })
  }
  return changes
}
