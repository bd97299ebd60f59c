/**
 * Puts the engine together from its ports (architecture §1): the registry of definitions, the runtime's loops, the verbs
 * over runs, the queries and the upkeep. Adapters come in from the composition root; nothing here chooses one.
 */

import type { Actor } from "./core/run/commands.ts"
import { defaultLimits, type Limits } from "./core/run/limits.ts"
import type { SchemaCompiler } from "./core/schema/types.ts"
import type { Answer, Engine, IdempotencyHeader, SyncPlan } from "./door.ts"
import type { AgentProblem } from "./ports/agent-host.ts"
import type { DefinitionStore } from "./ports/definition-store.ts"
import type { EnvironmentFiles } from "./ports/environment-files.ts"
import type { HistoryStore } from "./ports/history-store.ts"
import type { RunInsights } from "./ports/run-insights.ts"
import type { RunQueries } from "./ports/run-queries.ts"
import { defaultRuntimeLimits, type RuntimeLimits } from "./runtime/limits.ts"
import { Runtime, type RuntimePorts } from "./runtime/runtime.ts"
import { adminDoor } from "./usecases/admin/index.ts"
import { definitionsDoor, Registry, syncEnvironment } from "./usecases/definitions/index.ts"
import { fileWorkspace } from "./usecases/definitions/registry.ts"
import { insightsDoor } from "./usecases/insights/index.ts"
import { queriesDoor } from "./usecases/queries/index.ts"
import { type RunUseCases, runCommands } from "./usecases/runs/index.ts"

export interface EnginePorts extends Omit<RuntimePorts, "definitions" | "feedSource"> {
  readonly queries: RunQueries
  readonly insights: RunInsights
  readonly definitionStore: DefinitionStore
  readonly history: HistoryStore
  readonly files: EnvironmentFiles
  readonly compileSchema: SchemaCompiler
}

export interface EngineOptions {
  /** This process, as the owner of its attempts' leases. */
  readonly instance: string
  /** Derives the names of large values (rule 20). */
  readonly blobSecret: string
  readonly waybillVersion: string
  readonly recordedEnv: { readonly [name: string]: string }
  readonly limits?: Partial<Limits>
  readonly runtime?: Partial<RuntimeLimits>
  readonly idempotencyKeepMs?: number
  /** A restored database: nothing is handed to agents until `resume-all` (rule 35). */
  readonly holdDispatch: boolean
  /** The process must end at once (rule 3). */
  readonly fatal: (message: string) => void
}

export interface OpenEngine extends Engine {
  /** Files of an environment, taken one by one: how a server starts and how `--watch` works (settled 18). */
  loadEnvironment(actor: Actor, environment: string): Promise<SyncPlan>
}

const dayMs = 86_400_000

export async function openEngine(ports: EnginePorts, options: EngineOptions): Promise<OpenEngine> {
  const registry = await Registry.open({
    store: ports.definitionStore,
    agents: ports.host,
    compileSchema: ports.compileSchema,
    sha256: ports.hashing.sha256,
    now: () => ports.clock.now(),
  })
  const problems = new Map<string, readonly AgentProblem[]>()
  let verbs: RunUseCases | null = null
  const runtime = await Runtime.open(
    { ...ports, definitions: registry, feedSource: ports.queries },
    {
      ...defaultRuntimeLimits,
      ...options.runtime,
      limits: { ...defaultLimits, ...options.limits },
      instance: options.instance,
      blobSecret: options.blobSecret,
      holdDispatch: options.holdDispatch,
      fatal: options.fatal,
      onAgentsLoaded: (report) => problems.set(report.environment, report.problems),
      prepareChild: (running, parent, request) => verbs!.prepareChild(running, parent, request),
    },
  )
  verbs = runCommands({
    runtime,
    workspaceId: fileWorkspace,
    projectId: "default",
    waybillVersion: options.waybillVersion,
    recordedEnv: options.recordedEnv,
    approval: (approvalId) => ports.queries.approval(approvalId),
    idempotencyKeepMs: options.idempotencyKeepMs ?? dayMs,
  })
  const files = { registry, files: ports.files, host: ports.host }
  const sync = syncEnvironment(files)
  const queries = queriesDoor({
    rows: ports.queries,
    store: ports.store,
    workspaceId: fileWorkspace,
    now: () => ports.clock.now(),
    look: (runId, use) => runtime.inspect(runId, use),
  })
  return {
    runs: verbs.runs,
    bulk: bulk.bulk,
    definitions: definitionsDoor({
      ...files,
      agentProblems: (environment) => problems.get(environment) ?? [],
      agentsAwaited: (environment) => runtime.missingAgents(environment),
      once: onceInMemory(),
    }),
    queries,
    insights: insightsDoor({ rows: ports.queries, insights: ports.insights, runtime, actions: queries.actions }),
    feed: runtime.feed,
    admin: adminDoor({
      history: ports.history,
      definitions: registry,
      sha256Hex: ports.hashing.sha256Hex,
      dispatchResumed: () => runtime.releaseDispatch(),
    }),
    health: () => runtime.health(),
    drain: (graceMs) => runtime.drain(graceMs),
    loadEnvironment: (actor, environment) =>
      sync(actor, { environment, dryRun: false, force: false, prune: false, mode: "each" }),
  }
}

const keysMax = 10_000

/**
 * Saving a definition is idempotent by its content; the header key only has to keep two equal creations in flight, or in
 * a retry, from being answered differently. The newest keys are remembered while the process lives.
 */
function onceInMemory(): <T>(header: IdempotencyHeader | null, act: () => Promise<Answer<T>>) => Promise<Answer<T>> {
  const known = new Map<string, { bodyHash: string; answer: Promise<Answer<unknown>> }>()
  return async <T>(header: IdempotencyHeader | null, act: () => Promise<Answer<T>>): Promise<Answer<T>> => {
    if (header === null) return act()
    const id = JSON.stringify([header.scope, header.key])
    const before = known.get(id)
    if (before !== undefined) {
      if (before.bodyHash === header.bodyHash) return before.answer as Promise<Answer<T>>
      return {
        ok: false,
        rejection: { code: "idempotency_key_reused", message: "this Idempotency-Key was used with another body" },
      }
    }
    const answer = act()
    known.set(id, { bodyHash: header.bodyHash, answer })
    if (known.size > keysMax) known.delete(known.keys().next().value!)
    const done = await answer
    // A refusal had no effect and is not remembered.
    if (!done.ok) known.delete(id)
    return done
  }
}
