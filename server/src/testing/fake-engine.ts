/**
 * An engine that keeps rows and events in memory and writes down what it was asked, for tests of the doors alone:
 * they prove that a request becomes the right call and an answer the right document. What the engine itself does is
 * proven on the real one.
 */
import {
  type Answer,
  type ApprovalRow,
  type DefinitionSummary,
  type DefinitionVersion,
  type Engine,
  type FeedEvent,
  type Health,
  type Rejection,
  type Remarked,
  type RunRow,
  type Standing,
  type StepRow,
  startStanding,
} from "@waybill/engine"
import { keptKey } from "./kept-key.ts"
import { AT, approvalRow, bulkView, definitionSummary, definitionVersion, remarkRow, runRow } from "./rows.ts"
import { lineage, stepContext, timelinePage, whyView, workflowStats } from "./views.ts"

export interface Asked {
  readonly what: string
  readonly with: readonly unknown[]
}

const healthy: Health = {
  ready: true,
  draining: false,
  reasons: [],
  position: 0,
  openRuns: 0,
  runningAttempts: 0,
  queuedAttempts: 0,
  counters: { "runs.started": 3, runsCompleted: 2, runsInMemory: 4 },
}

export class FakeEngine implements Engine {
  readonly asked: Asked[] = []
  readonly rows = new Map<string, RunRow>()
  readonly steps = new Map<string, StepRow[]>()
  readonly approvals = new Map<string, ApprovalRow>()
  readonly standings = new Map<string, Standing>()
  readonly remarked: Remarked[] = []
  readonly log: FeedEvent[] = []
  readonly workflows: DefinitionSummary[] = [definitionSummary()]
  readonly versions: DefinitionVersion[] = [
    definitionVersion(),
    definitionVersion({ versionNumber: 2, version: "1.1", document: { id: "greet", states: [] } }),
  ]
  health_: Health = healthy
  /** The next write is refused with it. */
  rejection: Rejection | null = null
  /** The next write fails with it. */
  fault: Error | null = null
  /** Held back before each read of events: a test decides when a store answers. */
  beforeRead: ((runId?: string) => Promise<void>) | null = null
  /** The archive: asked by each read of events that does not keep to what is near. */
  beforeFarRead: (() => Promise<void>) | null = null
  reads = 0
  private readonly listeners = new Set<(events: readonly FeedEvent[]) => void>()
  private readonly remarkListeners = new Set<(remarked: readonly Remarked[]) => void>()

  /** As new, for the next test. */
  reset(): void {
    this.asked.length = 0
    this.rows.clear()
    this.steps.clear()
    this.approvals.clear()
    this.standings.clear()
    this.remarked.length = 0
    this.log.length = 0
    this.rejection = null
    this.fault = null
    this.beforeRead = null
    this.reads = 0
    this.health_ = healthy
  }

  /** How many listen to the feed. */
  get listening(): number {
    return this.listeners.size
  }

  /** Commits one event of a run and tells the feed. */
  commit(
    runId: string,
    type: string,
    payload: unknown,
    given: Partial<RunRow> = {},
    stepId: string | null = null,
  ): FeedEvent {
    const before = this.rows.get(runId) ?? runRow({ runId, seq: 0 })
    const row = { ...before, ...given, seq: before.seq + 1 }
    this.rows.set(runId, row)
    const event: FeedEvent = {
      runId,
      seq: row.seq,
      position: this.log.length + 1,
      v: 1,
      type,
      at: AT + this.log.length,
      actor: "user:local",
      stepId,
      payload: JSON.stringify(payload),
      hash: "e".repeat(64),
      workspaceId: row.workspaceId,
      workflowId: row.workflowId,
      environment: row.environment,
      status: row.status,
    }
    this.log.push(event)
    for (const listener of this.listeners) listener([event])
    return event
  }

  private write<T>(what: string, args: readonly unknown[], value: () => T): Promise<Answer<T>> {
    this.asked.push({ what, with: args })
    const { rejection, fault } = this
    this.rejection = null
    this.fault = null
    if (fault !== null) return Promise.reject(fault)
    if (rejection !== null) return Promise.resolve({ ok: false, rejection })
    return Promise.resolve({ ok: true, value: value(), position: this.log.length })
  }

  private writeRun<T>(
    what: string,
    args: readonly unknown[],
    runId: string,
    value: (row: RunRow) => T,
  ): Promise<Answer<T>> {
    const row = this.rows.get(runId)
    if (row !== undefined) return this.write(what, args, () => value(row))
    return Promise.resolve({ ok: false, rejection: { code: "run_not_found", message: `there is no run ${runId}` } })
  }

  private writeWorkflow<T>(
    what: string,
    args: readonly unknown[],
    workflowId: string,
    value: (one: DefinitionSummary) => T,
  ): Promise<Answer<T>> {
    const one = this.workflows.find((summary) => summary.workflowId === workflowId)
    if (one !== undefined) return this.write(what, args, () => value(one))
    return Promise.resolve({
      ok: false,
      rejection: { code: "workflow_not_found", message: `no workflow ${workflowId}` },
    })
  }

  readonly runs: Engine["runs"] = {
    start: (...args) =>
      this.write("start", args, () => {
        const runId = `run_${this.rows.size + 1}`
        const input = args[1].input
        this.commit(runId, "run.created", { input: { value: input }, trigger: args[1].trigger })
        this.commit(
          runId,
          "run.completed",
          { outputSeq: null, output: { value: input } },
          { status: "COMPLETED", completedAt: AT + 7, outputSeq: 2 },
        )
        return { runId, replayed: args[2]?.key === keptKey("seen-before") }
      }),
    checkInput: (...args) =>
      this.write("checkInput", args, () => ({
        valid: false,
        problems: [{ code: "missing_field", message: "`who` is missing", pointer: "/who", hint: "Whom to greet" }],
        input: { times: 1 },
      })),
    settled: (...args) => {
      this.asked.push({ what: "settled", with: args })
      return Promise.resolve(this.rows.get(args[0])?.status ?? null)
    },
    pause: (...args) => this.writeRun("pause", args, args[1], (row) => row),
    resume: (...args) => this.writeRun("resume", args, args[1], (row) => row),
    cancel: (...args) => this.writeRun("cancel", args, args[1], (row) => row),
    signal: (...args) =>
      this.writeRun("signal", args, args[1], () => ({
        signalId: args[2].id ?? "sig_1",
        replayed: args[2].id === "seen-before",
      })),
    retryNow: (...args) => this.writeRun("retryNow", args, args[1], (row) => row),
    planRerun: (...args) =>
      this.writeRun("planRerun", args, args[1], (row) => ({
        workflowId: row.workflowId,
        versionNumber: row.versionNumber,
        from: args[2].from,
        reused: ["a"],
        actsAgain: ["b"],
        steps: [
          { stepId: "step_1", name: "c", branchPath: "b/left", what: "agent", agent: "greeter", status: "SUCCEEDED" },
        ],
        stepsCount: 1,
        input: { x: 1 },
      })),
    rerun: (...args) => this.writeRun("rerun", args, args[1], (row) => ({ runId: row.runId, replayed: false })),
    decideApproval: (...args) =>
      this.approvals.has(args[2])
        ? this.write("decideApproval", args, () =>
            approvalRow({ state: "approved", outcome: args[3].outcome, decidedBy: '["user:local"]' }),
          )
        : Promise.resolve({ ok: false, rejection: { code: "approval_not_found", message: "no such approval" } }),
    delegateApproval: (...args) =>
      this.approvals.has(args[2])
        ? this.write("delegateApproval", args, () => approvalRow({ approvers: JSON.stringify([args[3]]) }))
        : Promise.resolve({ ok: false, rejection: { code: "approval_not_found", message: "no such approval" } }),
  }

  readonly bulk: Engine["bulk"] = {
    preview: (...args) => this.write("bulk.preview", args, () => bulkView({ bulkId: null, state: "preview" })),
    start: (...args) => this.write("bulk.start", args, () => bulkView()),
    pause: (...args) => this.write("bulk.pause", args, () => bulkView({ state: "paused" })),
    resume: (...args) => this.write("bulk.resume", args, () => bulkView()),
    abort: (...args) => this.write("bulk.abort", args, () => bulkView({ state: "aborted", completedAt: AT })),
    find: (bulkId) => {
      if (bulkId === "bulk_2") return Promise.resolve(bulkView({ bulkId, state: "aborted", completedAt: AT }))
      return Promise.resolve(bulkId === "bulk_1" ? bulkView() : null)
    },
    list: (...args) => {
      this.asked.push({ what: "bulk.list", with: args })
      return Promise.resolve([bulkView()])
    },
    items: (...args) => {
      this.asked.push({ what: "bulk.items", with: args })
      if (args[0] === "bulk_2")
        return Promise.resolve([
          { number: 1, runId: "run_1", state: "waiting", code: null, message: null, newRunId: null },
        ])
      return Promise.resolve([
        { number: 7, runId: "run_1", state: "done", code: null, message: null, newRunId: "run_2" },
        {
          number: 8,
          runId: "run_3",
          state: "refused",
          code: "run_not_finished",
          message: "it goes on",
          newRunId: null,
        },
      ])
    },
  }

  readonly definitions: Engine["definitions"] = {
    validate: (...args) => {
      this.asked.push({ what: "validate", with: args })
      return Promise.resolve({ valid: true, problems: [], workflowId: "greet" })
    },
    save: (...args) => {
      const { workflowId } = args[1]
      return workflowId === null
        ? this.write("save", args, () => definitionSummary())
        : this.writeWorkflow("save", args, workflowId, (one) => one)
    },
    remove: (...args) => this.writeWorkflow("remove", args, args[2], () => null),
    setStatus: (...args) => this.writeWorkflow("setStatus", args, args[2], (one) => ({ ...one, status: args[3] })),
    rollback: (...args) =>
      this.writeWorkflow("rollback", args, args[2], (one) => ({ ...one, versionNumber: one.versionNumber + 1 })),
    get: (_environment, workflowId) =>
      Promise.resolve(this.workflows.find((one) => one.workflowId === workflowId) ?? null),
    version: (_environment, workflowId, number) =>
      Promise.resolve(
        this.versions.find((one) => one.workflowId === workflowId && one.versionNumber === number) ?? null,
      ),
    versions: (_environment, workflowId, limit, before) =>
      Promise.resolve(
        this.versions
          .filter((one) => one.workflowId === workflowId && (before === null || one.versionNumber < before))
          .sort((a, b) => b.versionNumber - a.versionNumber)
          .slice(0, limit),
      ),
    file: (environment, workflowId) => {
      const known = this.workflows.find((one) => one.workflowId === workflowId && one.file !== null)
      if (known === undefined) return Promise.resolve(null)
      const at = { workflowId, environment, file: known.file!, format: "yaml" as const }
      return Promise.resolve({ ...at, text: "id: greet\n", serves: true, problems: [] })
    },
    environments: () => ["default", "prod"],
    list: (...args) => {
      this.asked.push({ what: "list", with: args })
      return Promise.resolve({ items: this.workflows, nextCursor: null, total: { value: 1, exact: true } })
    },
    sync: (...args) =>
      this.write("sync", args, () => ({
        environment: args[1].environment,
        directory: "environments/default",
        changes: [
          { workflowId: "greet", file: "greet.workflow.yaml", action: "create", from: null, to: "1.0", problems: [] },
        ],
        agents: [],
        applied: !args[1].dryRun,
        refused: null,
      })),
    agents: () => [
      {
        name: "greeter",
        description: null,
        inputSchema: { type: "object" },
        outputSchema: null,
        contractHash: "1",
        sourceHash: "2",
        file: "greeter.agent.ts",
        problems: [],
      },
    ],
  }

  readonly remarks: Engine["remarks"] = {
    say: (...args) => {
      const standing = this.standingOf(this.rows.get(args[1]) ?? runRow())
      return this.write("say", args, () => ({ remark: remarkRow({ runId: args[1] }), standing }))
    },
    list: (...args) => {
      this.asked.push({ what: "remarks", with: args })
      return Promise.resolve([{ ...remarkRow({ runId: args[0] }), withdrawn: null }])
    },
    newestKey: () => this.remarked.length,
    keyAt: (position) => this.remarked.filter((one) => one.position < position).length,
    since: (key, limit) => Promise.resolve(this.remarked.slice(key, key + limit)),
    subscribe: (listener) => {
      this.remarkListeners.add(listener)
      return () => this.remarkListeners.delete(listener)
    },
  }

  standingOf(row: RunRow): Standing {
    return this.standings.get(row.runId) ?? startStanding(row)
  }

  /** As the engine tells a remark once it is durable. */
  tellRemark(given: Partial<Remarked> = {}): void {
    const row = this.rows.get(given.remark?.runId ?? "run_1") ?? [...this.rows.values()][0]!
    const { workspaceId, workflowId, environment, status, seq } = row
    const key = this.remarked.length + 1
    const place = { key, position: this.log.length, workspaceId, workflowId, environment, status, seq }
    const remarked: Remarked = { ...place, remark: remarkRow({ runId: row.runId, number: key }), ...given }
    this.remarked.push(remarked)
    for (const listener of this.remarkListeners) listener([remarked])
  }

  readonly queries: Engine["queries"] = {
    run: (runId) => Promise.resolve(this.rows.get(runId) ?? null),
    isArchived: () => false,
    isStalled: () => false,
    isLate: () => false,
    standing: async (runId) => {
      const row = this.rows.get(runId)
      return row === undefined ? null : this.standingOf(row)
    },
    runs: (...args) =>
      this.write("runs", args, () => ({
        items: [...this.rows.values()].map((row) => ({ ...row, lastState: "hello", standing: this.standingOf(row) })),
        // A second page, and no third: what reads all of them comes to an end.
        nextCursor: args[2] === null || args[2] === "c" ? "next" : null,
        total: null,
      })),
    countRuns: (...args) => {
      this.asked.push({ what: "countRuns", with: args })
      return Promise.resolve({ byStatus: { FAILED: 2, RUNNING: 1 }, total: 3, exact: true })
    },
    runHistogram: (...args) => {
      this.asked.push({ what: "runHistogram", with: args })
      return Promise.resolve({ from: AT, to: AT + 15, bucketMs: 10, buckets: [{ FAILED: 1 }, {}], exact: false })
    },
    runFacets: (...args) => {
      this.asked.push({ what: "runFacets", with: args })
      const values = [{ value: "prod", count: 3 }]
      return Promise.resolve({ facets: [{ name: "env", values, exact: true }], exact: true })
    },
    steps: (runId, after, limit) =>
      Promise.resolve((this.steps.get(runId) ?? []).filter((row) => row.firstSeq > after).slice(0, limit)),
    events: async (runId, { after, types, limit, near = false }) => {
      this.reads++
      if (!near) await this.beforeFarRead?.()
      await this.beforeRead?.(runId)
      return this.log
        .filter(
          (event) => event.runId === runId && event.seq > after && (types.length === 0 || types.includes(event.type)),
        )
        .slice(0, limit)
    },
    valueText: (stored) =>
      Promise.resolve(JSON.stringify("value" in stored ? stored.value : `the blob ${stored.blob}`)),
    value: (stored) => Promise.resolve("value" in stored ? stored.value : `the blob ${stored.blob}`),
    approvals: (filter) => {
      this.asked.push({ what: "approvals", with: [filter] })
      return Promise.resolve({
        ok: true,
        value: { items: [...this.approvals.values()], nextCursor: null, total: null },
        position: 0,
      })
    },
    approval: (approvalId) => Promise.resolve(this.approvals.get(approvalId) ?? null),
    contextText: async (runId, at) => {
      const found = { seq: at ?? 9, value: { n: at ?? 9 }, scopes: [], writers: { n: "step_1" } }
      return this.rows.has(runId) ? JSON.stringify(found) : null
    },
    contextChanges: async (runId, points) => {
      const [from, to] = [points.from ?? 9, points.to ?? 9]
      const changes = [{ pointer: "/n", op: "changed", from, to }]
      return this.rows.has(runId) ? JSON.stringify({ from, to, changes, truncated: false }) : null
    },
    contextNow: ({ runId }) => Promise.resolve(this.rows.has(runId) ? '{"n":9}' : "null"),
    evaluate: (...args) => this.write("evaluate", args, () => "42"),
    actions: (row, actor) => [
      { name: "cancel", allowed: row.status === "RUNNING" && actor.role !== "viewer" },
      { name: "resume", allowed: false, reason: "the run is not paused" },
    ],
    approvalActions: () => [{ name: "approve", allowed: true }],
  }

  readonly insights: Engine["insights"] = {
    why: (runId, actor) => {
      this.asked.push({ what: "why", with: [runId, actor] })
      return Promise.resolve(this.rows.has(runId) ? whyView({ runId }) : null)
    },
    timeline: (...args) => {
      this.asked.push({ what: "timeline", with: args })
      return Promise.resolve(this.rows.has(args[0]) ? timelinePage() : null)
    },
    step: (runId, stepId) =>
      Promise.resolve((this.steps.get(runId) ?? []).find((row) => row.stepId === stepId) ?? null),
    workflowStats: (...args) => {
      this.asked.push({ what: "workflowStats", with: args })
      return Promise.resolve(workflowStats())
    },
    stepTotals: (runId) => {
      const steps = this.steps.get(runId) ?? []
      const byStatus: { [status: string]: number } = {}
      for (const { status } of steps) byStatus[status] = (byStatus[status] ?? 0) + 1
      return Promise.resolve({ byStatus, topStates: steps.map(({ name }) => name) })
    },
    workflowTotals: (...args) => {
      this.asked.push({ what: "workflowTotals", with: args })
      const durations = { runs: 10, totalMs: 450_750, minMs: 25_300, maxMs: 120_500 }
      return Promise.resolve({ byStatus: { COMPLETED: 7, FAILED: 1, CANCELLED: 2 }, durations })
    },
    workflowPage: (question) => {
      this.asked.push({ what: "workflowPage", with: [question] })
      return Promise.resolve({ items: [...this.rows.values()], total: 42 })
    },
    places: () =>
      Promise.resolve([
        { place: "hello", name: "hello", isTop: true },
        { place: "goodbye", name: "goodbye", isTop: true },
      ]),
    ifNobodyDecides: (row) =>
      Promise.resolve(
        row.state === "pending" ? { at: row.timeoutAt, otherwise: "It waits until somebody decides." } : null,
      ),
    approvalCourse: ({ dueAt }) =>
      Promise.resolve({
        ...{ nextReminderAt: AT + 1_000, remindersSent: 1, lastRemindedAt: AT, nextEscalationAt: null },
        escalations: [{ at: AT, to: ["team:leads"] }],
        delegations: [],
        sla: dueAt === null ? null : { state: "warning", warnAt: AT, breachAt: dueAt },
      }),
    lineage: (runId) => Promise.resolve(this.rows.has(runId) ? lineage() : null),
    evidence: (runId) => {
      const row = this.rows.get(runId)
      if (row === undefined) return Promise.resolve(null)
      return Promise.resolve({
        definition: { hash: row.definitionHash, format: "yaml", text: "id: greet\n" },
        head: { seq: row.seq, hash: row.headHash },
        seal: null,
      })
    },
    stepContext: (_runId, stepId) => Promise.resolve(stepId === "step_1" ? stepContext() : null),
  }

  readonly feed: Engine["feed"] = {
    head: () => this.log.length,
    subscribe: (listener) => {
      this.listeners.add(listener)
      return () => this.listeners.delete(listener)
    },
    since: async (position, limit) => {
      this.reads++
      await this.beforeRead?.()
      return this.log.filter((event) => event.position > position).slice(0, limit)
    },
  }

  readonly admin: Engine["admin"] = {
    verify: (options) => {
      this.asked.push({ what: "verify", with: [options] })
      return Promise.resolve({
        runs: 1,
        events: 2,
        erased: 0,
        findings: [{ runId: "run_1", seq: 2, what: "gap" }],
        audit: null,
        archive: null,
      })
    },
    fsck: () => Promise.resolve({ runs: 1, findings: [], skipped: [] }),
    rebuild: (options) => {
      this.asked.push({ what: "rebuild", with: [options] })
      return Promise.resolve({ runs: 1, changed: 0, skipped: [], recounted: false, reindexed: false })
    },
    backup: (file) => {
      this.asked.push({ what: "backup", with: [file] })
      return Promise.resolve({ file, bytes: 10, position: 2 })
    },
    resumeAll: () => Promise.resolve({ resumed: true }),
  }

  readonly names: Engine["names"] = { asKept: (filter) => filter, digests: (text) => [keptKey(text)] }

  /** What is whose is proven on the real one. */
  within(): Engine {
    return this
  }

  health(): Health {
    return this.health_
  }

  drain(): Promise<void> {
    return Promise.resolve()
  }
}
