/** The definitions half of the door: translates between its words and the registry, nothing else. */

import { parseDefinition } from "../../core/definition/index.ts"
import type { Answer, DefinitionSummary, Definitions, DefinitionVersion, Page } from "../../door.ts"
import type { AgentHost, AgentProblem } from "../../ports/agent-host.ts"
import type { DefinitionKey, DefinitionRecord, DefinitionStats, VersionRecord } from "../../ports/definition-store.ts"
import type { EnvironmentFiles } from "../../ports/environment-files.ts"
import type { RunStore } from "../../ports/store.ts"
import { no } from "../runs/refusal.ts"
import { agentList } from "./agent-list.ts"
import {
  removeDefinition,
  rollbackDefinition,
  type Saved,
  saveDefinition,
  setDefinitionStatus,
} from "./change-definition.ts"
import { definitionFile } from "./definition-file.ts"
import { onceStored } from "./once.ts"
import { fileWorkspace, type Registry } from "./registry.ts"
import { syncEnvironment } from "./sync-environment.ts"

export { Registry } from "./registry.ts"
export { syncEnvironment } from "./sync-environment.ts"

export interface DefinitionPorts {
  readonly registry: Registry
  readonly workspaceId: string
  readonly files: EnvironmentFiles
  readonly host: Pick<AgentHost, "load" | "look" | "agents">
  /** Problems of the last load, by environment. */
  readonly agentProblems: (environment: string) => readonly AgentProblem[]
  /** How many steps wait for an agent that is not there, by its name. */
  readonly agentsAwaited: (environment: string) => ReadonlyMap<string, number>
  readonly answers: Pick<RunStore, "findAnswer">
  /** How long a header's key is kept (rule 24). */
  readonly idempotencyKeepMs: number
}

export function definitionsDoor(ports: DefinitionPorts): Definitions {
  const { registry, workspaceId } = ports
  const { store } = registry.ports
  const once = onceStored({ registry, answers: ports.answers, keepMs: ports.idempotencyKeepMs })
  const save = saveDefinition(registry)
  const sync = syncEnvironment(ports)
  const key = (environment: string, workflowId: string): DefinitionKey => ({
    workspaceId,
    environment,
    workflowId,
  })
  const summary = async (at: DefinitionKey): Promise<DefinitionSummary | null> => {
    const record = registry.record(at)
    if (record === null) return null
    const [stats, version] = await Promise.all([
      store.stats(at.workspaceId, at.environment, [at.workflowId], registry.ports.now()),
      store.version(at, null),
    ])
    return toSummary(record, version, stats.get(at.workflowId))
  }
  const answer = async (saved: Answer<Saved>): Promise<Answer<DefinitionSummary>> => {
    if (!saved.ok) return saved
    const value = await summary(saved.value.key)
    if (value !== null) return { ...saved, value }
    const { workflowId } = saved.value.key
    const message = `workflow ${workflowId} was saved with this key, and has been deleted since`
    return { ok: false, rejection: { code: "workflow_not_found", message } }
  }
  return {
    async validate(environment, text, format, file) {
      const { definition, problems, document } = await registry.read(environment, text, format, file)
      const id =
        definition?.id ??
        (typeof document === "object" && document !== null && "id" in document && typeof document.id === "string"
          ? document.id
          : null)
      return { valid: definition !== null, problems, workflowId: id }
    },
    async save(actor, { environment, ...request }, header) {
      const asked = { ...request, key: { workspaceId, environment } }
      return answer(await once<Saved>(header, (keep) => save(actor, asked, keep)))
    },
    remove: (_actor, environment, workflowId, header) =>
      once(header, (keep) => removeDefinition(registry)(key(environment, workflowId), keep)),
    setStatus: async (_actor, environment, workflowId, status, header) =>
      answer(await once(header, (keep) => setDefinitionStatus(registry)(key(environment, workflowId), status, keep))),
    rollback: async (actor, environment, workflowId, versionNumber, header) =>
      answer(
        await once(header, (keep) =>
          rollbackDefinition(registry)(actor, key(environment, workflowId), versionNumber, keep),
        ),
      ),
    get: (environment, workflowId) => summary(key(environment, workflowId)),
    async version(environment, workflowId, versionNumber) {
      const found = await store.version(key(environment, workflowId), versionNumber)
      return found === null ? null : toVersion(found)
    },
    async versions(environment, workflowId, limit, before) {
      return (await store.versions(key(environment, workflowId), limit, before)).map(toVersion)
    },
    file: (environment, workflowId) => definitionFile(ports, key(environment, workflowId)),
    environments: () =>
      [
        ...new Set([
          "default",
          ...registry.environments(workspaceId),
          ...ports.host.agents().map(({ environment }) => environment),
        ]),
      ].sort(),
    list: (filter) => listDefinitions(registry, workspaceId, filter),
    sync: async (actor, request, header) => {
      if (workspaceId !== fileWorkspace)
        return no("forbidden", `files belong to the workspace ${fileWorkspace}; here definitions come over the API`)
      return once(request.dryRun ? null : header, async (keep) => {
        return { ok: true, value: await sync(actor, { ...request, mode: "all" }, keep), position: 0 }
      })
    },
    agents: (environment) =>
      agentList(environment, {
        contracts: ports.host.agents(),
        problems: ports.agentProblems(environment),
        awaited: ports.agentsAwaited(environment),
      }),
  }
}

async function listDefinitions(
  registry: Registry,
  workspaceId: string,
  filter: Parameters<Definitions["list"]>[0],
): Promise<Page<DefinitionSummary>> {
  const { store } = registry.ports
  const q = filter.q?.toLowerCase() ?? null
  const matching = registry
    .records(workspaceId, filter.environment)
    .filter(
      (record) =>
        (filter.status === null || record.status === filter.status) &&
        (filter.sync === null || record.syncState === filter.sync),
    )
    .filter(
      (record) => q === null || record.workflowId.toLowerCase().includes(q) || record.name.toLowerCase().includes(q),
    )
    .sort((a, b) => (a.workflowId < b.workflowId ? -1 : 1))
  const after = filter.cursor === null ? 0 : matching.findIndex((record) => record.workflowId > filter.cursor!)
  const page = after < 0 ? [] : matching.slice(after, after + filter.limit)
  const stats = await store.stats(
    workspaceId,
    filter.environment,
    page.map((record) => record.workflowId),
    registry.ports.now(),
  )
  const items = await Promise.all(
    page.map(async (record) => toSummary(record, await store.version(record, null), stats.get(record.workflowId))),
  )
  const more = after >= 0 && after + filter.limit < matching.length
  return {
    items,
    nextCursor: more ? page[page.length - 1]!.workflowId : null,
    total: { value: matching.length, exact: true },
  }
}

function toSummary(
  record: DefinitionRecord,
  version: VersionRecord | null,
  stats: DefinitionStats | undefined,
): DefinitionSummary {
  const { workspaceId: _workspace, ...shown } = record
  return {
    ...shown,
    version: version?.version ?? "",
    hash: version?.hash ?? "",
    runCount: stats?.runCount ?? 0,
    lastRunAt: stats?.lastRunAt ?? null,
    successRate30d: stats?.successRate30d ?? null,
  }
}

function toVersion(stored: VersionRecord): DefinitionVersion {
  const { workspaceId: _workspace, file: _file, ...shown } = stored
  return { ...shown, document: parseDefinition(stored.text, { format: stored.format, agents: null }).document }
}
