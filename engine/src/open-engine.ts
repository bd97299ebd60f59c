/**
 * Puts the engine together from its ports (architecture §1): the registry of definitions, the runtime's loops, the verbs
 * over runs, the queries and the upkeep. Adapters come in from the composition root; nothing here chooses one.
 */

import type { EncodedEvent } from "./core/run/chain.ts"
import type { Actor } from "./core/run/commands.ts"
import { defaultLimits, type Limits } from "./core/run/limits.ts"
import type { SchemaCompiler } from "./core/schema/types.ts"
import type { ArchiveReport, Engine, Progress, SyncPlan } from "./door.ts"
import type { AgentProblem } from "./ports/agent-host.ts"
import type { AuditStore } from "./ports/audit-store.ts"
import type { BulkStore } from "./ports/bulk-store.ts"
import { type DefinitionReader, readHere } from "./ports/definition-reader.ts"
import type { DefinitionStore } from "./ports/definition-store.ts"
import type { EnvironmentFiles } from "./ports/environment-files.ts"
import type { HistoryStore } from "./ports/history-store.ts"
import type { MeasureStore } from "./ports/measure-store.ts"
import type { RemarkStore } from "./ports/remark-store.ts"
import type { RunInsights } from "./ports/run-insights.ts"
import type { RunLogStore } from "./ports/run-logs.ts"
import type { RunQueries } from "./ports/run-queries.ts"
import type { SearchIndex } from "./ports/search-index.ts"
import { type BulkLimits, defaultBulkLimits } from "./runtime/bulk-loop.ts"
import { defaultRuntimeLimits, type RuntimeLimits } from "./runtime/limits.ts"
import { Runtime, type RuntimePorts } from "./runtime/runtime.ts"
import { adminDoor } from "./usecases/admin/index.ts"
import { openBulk } from "./usecases/bulk/index.ts"
import { definitionsDoor, Registry, syncEnvironment } from "./usecases/definitions/index.ts"
import { fileWorkspace } from "./usecases/definitions/registry.ts"
import { insightsDoor } from "./usecases/insights/index.ts"
import type { DurationTargets } from "./usecases/measuring/duration-targets.ts"
import { queriesDoor } from "./usecases/queries/index.ts"
import { knowingBeside } from "./usecases/queries/known-beside.ts"
import { namesOf } from "./usecases/redaction/asked-names.ts"
import { remarksDoor } from "./usecases/remarks/index.ts"
import { type RunUseCases, runCommands } from "./usecases/runs/index.ts"
import { StartRate } from "./usecases/runs/start-rate.ts"
import {
  fencedBulk,
  fencedInsights,
  fencedQueries,
  fencedRemarks,
  fencedRuns,
} from "./usecases/workspaces/fenced-doors.ts"
import { RunOwners } from "./usecases/workspaces/run-owners.ts"

export interface EnginePorts extends Omit<RuntimePorts, "definitions" | "feedSource"> {
  readonly queries: RunQueries
  readonly insights: RunInsights
  readonly bulk: BulkStore
  readonly remarks: RemarkStore
  readonly definitionStore: DefinitionStore
  readonly history: HistoryStore
  /** Absent: nothing that agents log is kept. */
  readonly runLogs?: Pick<RunLogStore, "page">
  readonly measures?: Pick<MeasureStore, "restart">
  /** Absent: values are not searched. */
  readonly search?: Pick<SearchIndex, "restart">
  /** Absent: nothing keeps an audit, so that `verify` says nothing of it. */
  readonly audit?: AuditStore
  /** Absent: there is no archive. */
  readonly archive?: {
    readonly verify: (progress?: (at: Progress) => void) => Promise<ArchiveReport>
    readonly holds: (workspaceId: string, completedAt: number | null) => boolean
    /** All events of a run that lies there; null: it does not. */
    readonly history: (runId: string) => Promise<readonly EncodedEvent[] | null>
  }
  /** The values of a run that ended then are past their retention, and nowhere else. Absent: none ever are. */
  readonly expired?: (workspaceId: string, completedAt: number | null) => boolean
  /** How long runs may take. Absent: as long as they like. */
  readonly targets?: Pick<DurationTargets, "isLate" | "limitsOf">
  readonly files: EnvironmentFiles
  readonly compileSchema: SchemaCompiler
  /** Absent: all definitions are read at once, on this thread. */
  readonly definitionReader?: DefinitionReader
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
  readonly bulk?: Partial<BulkLimits>
  readonly idempotencyKeepMs?: number
  /** Starts of backfills, of all workspaces together. */
  readonly backfillStartsPerSecond?: number
  /** A restored database: nothing is handed to agents until `resume-all` (rule 35). */
  readonly holdDispatch: boolean
  /** The process must end at once (rule 3). */
  readonly fatal: (message: string) => void
}

export interface OpenEngine extends Engine {
  /** Files of an environment, taken one by one: how a server starts and how `--watch` works (settled 18). */
  loadEnvironment(actor: Actor, environment: string): Promise<SyncPlan>
  /** A restored store at which nobody has looked: nothing goes out by itself. */
  isHeld(): boolean
  /** A run that was erased is not remembered. */
  forget(runId: string): void
}

const dayMs = 86_400_000

/** Attempts that wait for an agent: with more of them a bulk action lets production go first. */
const queuedMax = 256

export async function openEngine(ports: EnginePorts, options: EngineOptions): Promise<OpenEngine> {
  const registry = await Registry.open({
    store: ports.definitionStore,
    agents: ports.host,
    reader: ports.definitionReader ?? readHere({ compileSchema: ports.compileSchema, sha256: ports.hashing.sha256 }),
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
  const rows = knowingBeside(ports.queries, {
    stalled: () => runtime.stalledRuns(),
    limits: (workspaceId) => ports.targets?.limitsOf(workspaceId) ?? [],
  })
  const backfillStarts = new StartRate(ports.clock, options.backfillStartsPerSecond ?? 100)
  const verbsOf = (workspaceId: string): RunUseCases =>
    runCommands({
      runtime,
      workspaceId,
      projectId: "default",
      waybillVersion: options.waybillVersion,
      recordedEnv: options.recordedEnv,
      backfillStarts,
      approval: (approvalId) => ports.queries.approval(approvalId),
      ...(ports.archive !== undefined && { archived: ports.archive.history }),
      hasRun: async (runId) => (await ports.queries.run(runId)) !== null,
      idempotencyKeepMs: options.idempotencyKeepMs ?? dayMs,
    })
  verbs = verbsOf(fileWorkspace)
  const remarks = remarksDoor({
    store: ports.remarks,
    rows: ports.queries,
    insights: ports.insights,
    ...(ports.runLogs !== undefined && { logs: ports.runLogs }),
    answers: ports.store,
    clock: ports.clock,
    chance: ports.chance,
    redaction: ports.redaction,
    log: ports.log,
    idempotencyKeepMs: options.idempotencyKeepMs ?? dayMs,
    head: () => runtime.feed.head(),
  })
  const bulk = await openBulk(
    {
      store: ports.bulk,
      rows,
      runsOf: (workspaceId) => engine.within(workspaceId).runs,
      remarksOf: (workspaceId) => engine.within(workspaceId).remarks,
      redaction: ports.redaction,
      clock: ports.clock,
      chance: ports.chance,
      log: ports.log,
      head: () => runtime.feed.head(),
      busy: (workspaceId) =>
        runtime.holding || runtime.refusesStarts(workspaceId) !== null || runtime.health().queuedAttempts > queuedMax,
    },
    { ...defaultBulkLimits, ...options.bulk },
  ).catch(async (error: unknown) => {
    // The loops run already: a door that does not open leaves nothing running behind it.
    await runtime.drain(0)
    throw error
  })
  const files = { registry, files: ports.files, host: ports.host }
  const sync = syncEnvironment(files)
  const doorsOf = (workspaceId: string, { runs }: RunUseCases) => {
    const queries = queriesDoor({
      rows,
      insights: ports.insights,
      remarks: ports.remarks,
      store: ports.store,
      workspaceId,
      now: () => ports.clock.now(),
      look: (runId, use) => runtime.inspect(runId, use),
      peek: (runId) => runtime.peek(runId),
      shown: (row) => runtime.shown(row),
      isExpired: (row) => ports.expired?.(row.workspaceId, row.completedAt) ?? false,
      isStalled: (runId) => runtime.stalledRuns().includes(runId),
      isLate: (row) => ports.targets?.isLate(row, ports.clock.now()) ?? false,
      isArchived: (row) => ports.archive?.holds(row.workspaceId, row.completedAt) ?? false,
    })
    return {
      runs,
      bulk: bulk.of(workspaceId),
      remarks,
      definitions: definitionsDoor({
        ...files,
        workspaceId,
        agentProblems: (environment) => problems.get(environment) ?? [],
        agentsAwaited: (environment) => runtime.missingAgents(environment),
        answers: ports.store,
        idempotencyKeepMs: options.idempotencyKeepMs ?? dayMs,
      }),
      queries,
      insights: insightsDoor({
        rows: ports.queries,
        insights: ports.insights,
        remarks: ports.remarks,
        definitionStore: ports.definitionStore,
        workspaceId,
        runtime,
        actions: queries.actions,
      }),
      names: namesOf(ports.redaction, workspaceId),
    }
  }
  const runOwners = new RunOwners(ports.queries)
  const inside = new Map<string, Engine>()
  const openInside = (workspaceId: string): Engine => {
    const doors = doorsOf(workspaceId, verbsOf(workspaceId))
    const owners = {
      ownsRun: async (runId: string) => (await runOwners.workspaceOf(runId)) === workspaceId,
      hasStarted: (runId: string) => runOwners.remember(runId, workspaceId),
      ownsBulk: async (bulkId: string) => (await ports.bulk.find(bulkId))?.workspaceId === workspaceId,
    }
    const view: Engine = {
      ...engine,
      definitions: doors.definitions,
      runs: fencedRuns(doors.runs, owners),
      bulk: fencedBulk(doors.bulk, owners),
      remarks: fencedRemarks(doors.remarks, owners),
      queries: fencedQueries(doors.queries, owners, workspaceId),
      insights: fencedInsights(doors.insights, owners),
      names: doors.names,
    }
    inside.set(workspaceId, view)
    return view
  }
  const engine: OpenEngine = {
    ...doorsOf(fileWorkspace, verbs),
    within: (workspaceId) => inside.get(workspaceId) ?? openInside(workspaceId),
    feed: runtime.feed,
    admin: adminDoor({
      history: ports.history,
      audit: ports.audit ?? null,
      definitions: registry,
      sha256Hex: ports.hashing.sha256Hex,
      ...(ports.measures !== undefined && { measures: ports.measures }),
      ...(ports.search !== undefined && { search: ports.search }),
      ...(ports.archive !== undefined && { verifyArchive: ports.archive.verify }),
      dispatchResumed: () => runtime.releaseDispatch(),
    }),
    health: () => runtime.health(),
    isHeld: () => runtime.holding,
    forget(runId) {
      runtime.forget(runId)
      runOwners.forget(runId)
    },
    async drain(graceMs) {
      await bulk.stop(graceMs)
      await runtime.drain(graceMs)
    },
    loadEnvironment: (actor, environment) =>
      sync(actor, { environment, dryRun: false, force: false, prune: false, mode: "each" }),
  }
  return engine
}
