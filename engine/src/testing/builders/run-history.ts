/**
 * Builds commits as the engine makes them, for tests and benches of stores: events hashed into a chain, rows that fit
 * them. A store sees no difference from a real run; nothing here decides or folds anything.
 */
import { createHash } from "node:crypto"
import { type EncodedEvent, encodeEvent, genesisHash } from "../../core/run/chain.ts"
import type { Counts, EventPayloads, EventType, RunCreated, RunEvent } from "../../core/run/events.ts"
import type { RunStatus } from "../../core/run/state.ts"
import type { RunRow, StepRow } from "../../core/views/rows.ts"
import type { RunCommit } from "../../ports/store.ts"

export function hexSha256(text: string): string {
  return createHash("sha256").update(text).digest("hex")
}

const noCounts: Counts = {
  steps: 0,
  succeeded: 0,
  failed: 0,
  cancelled: 0,
  timedOut: 0,
  skipped: 0,
  retries: 0,
  tokens: 0,
  computeMs: 0,
  costUsd: 0,
}

export type CommitParts = Partial<Omit<RunCommit, "runId" | "expectedSeq" | "events" | "run">>

/** One run that grows by commits. `add` collects events, `commit` takes them with the row changed. */
export class RunHistory {
  readonly runId: string
  row: RunRow
  at: number
  #seq = 0
  #head = genesisHash
  #expected = 0
  #pending: EncodedEvent[] = []

  constructor(runId: string, at: number, row: Partial<RunRow> = {}) {
    this.runId = runId
    this.at = at
    this.row = { ...newRow(runId, at), ...row }
  }

  get seq(): number {
    return this.#seq
  }

  add<T extends EventType>(type: T, payload: EventPayloads[T], stepId: string | null = null): this {
    this.#seq += 1
    const event = {
      v: 1,
      seq: this.#seq,
      type,
      at: this.at,
      actor: this.row.actor,
      stepId,
      payload,
    } as unknown as RunEvent
    const salt = hexSha256(`${this.runId}:${this.#seq}`).slice(0, 32)
    const encoded = encodeEvent(hexSha256, this.runId, this.#head, salt, event)
    this.#head = encoded.hash
    this.#pending.push(encoded)
    return this
  }

  /** What was added since the last commit. The run has it from then on, whatever the store says. */
  commit(row: Partial<RunRow> = {}, parts: CommitParts = {}): RunCommit {
    this.row = { ...this.row, ...row, seq: this.#seq, headHash: this.#head }
    const commit: RunCommit = {
      runId: this.runId,
      expectedSeq: this.#expected,
      events: this.#pending,
      run: this.row,
      steps: [],
      approvals: [],
      signals: [],
      timersSet: [],
      timersCancelled: [],
      snapshot: null,
      blobs: [],
      answers: [],
      messagesOut: [],
      messagesIn: [],
      definitionKey: null,
      ...parts,
    }
    this.#expected = this.#seq
    this.#pending = []
    return commit
  }

  created(parts: CommitParts = {}, created: Partial<RunCreated> = {}): RunCommit {
    return this.add("run.created", { ...newRun(this.row), ...created }).commit({}, parts)
  }

  started(parts: CommitParts = {}): RunCommit {
    return this.add("run.started", { slot: null, state: "step0" }).commit(
      { status: "RUNNING", reason: "executing", startedAt: this.at },
      parts,
    )
  }

  completed(parts: CommitParts = {}): RunCommit {
    return this.add("run.completed", { counts: noCounts, outputSeq: null, output: { value: { done: true } } }).commit(
      { status: "COMPLETED", reason: null, completedAt: this.at, outputSeq: this.#seq },
      parts,
    )
  }

  failed(code: string, parts: CommitParts = {}): RunCommit {
    const error = {
      type: "waybill:error",
      class: "bug",
      code,
      title: "It broke",
      detail: `broke with ${code}`,
    } as const
    return this.add("run.failed", { counts: noCounts, error }).commit(
      {
        status: "FAILED",
        reason: null,
        completedAt: this.at,
        errorCode: code,
        errorClass: "bug",
        errorMessage: error.detail,
      },
      parts,
    )
  }
}

export function newRow(runId: string, at: number): RunRow {
  return {
    runId,
    seq: 0,
    workspaceId: "default",
    projectId: "default",
    environment: "default",
    workflowId: "orders",
    workflowName: "Orders",
    workflowVersion: "1.0",
    versionNumber: 1,
    definitionHash: hexSha256("orders"),
    executionNumber: 1,
    status: "PENDING" satisfies RunStatus,
    reason: "initializing",
    blockedOn: "[]",
    blockedCount: 0,
    createdAt: at,
    startedAt: null,
    completedAt: null,
    actor: "user:local",
    triggerKind: "api",
    origin: "live",
    correlationId: runId,
    businessEventId: null,
    traceId: hexSha256(runId).slice(0, 32),
    parentRunId: null,
    rootRunId: runId,
    rerunOf: null,
    tags: "[]",
    hitl: null,
    errorCode: null,
    errorClass: null,
    errorMessage: null,
    errorStep: null,
    outputSeq: null,
    stepCount: 0,
    succeededCount: 0,
    failedCount: 0,
    retryCount: 0,
    tokens: 0,
    computeMs: 0,
    costUsd: 0,
    effectiveness: null,
    concurrencyKey: null,
    headHash: genesisHash,
  }
}

function newRun(row: RunRow): RunCreated {
  return {
    workspaceId: row.workspaceId,
    projectId: row.projectId,
    environment: row.environment,
    workflowId: row.workflowId,
    workflowName: row.workflowName,
    workflowVersion: row.workflowVersion,
    versionNumber: row.versionNumber,
    definitionHash: row.definitionHash,
    executionNumber: row.executionNumber,
    input: { value: { orderId: row.runId, items: [{ sku: "A-1", quantity: 2 }], customer: "c-77" } },
    trigger: { kind: "api" },
    correlationId: row.correlationId,
    businessEventId: row.businessEventId,
    traceId: row.traceId,
    spanId: row.traceId.slice(0, 16),
    tags: JSON.parse(row.tags) as string[],
    parentRunId: row.parentRunId,
    parentStepId: null,
    rootRunId: row.rootRunId,
    rerunOf: row.rerunOf,
    depth: 0,
    waybillVersion: "0.1.0",
    recordedEnv: {},
    agents: { work: { contractHash: hexSha256("contract"), sourceHash: hexSha256("source") } },
    concurrency: null,
    idempotencyKey: null,
    timeoutMs: null,
    from: null,
  }
}

/** A run of `steps` operations in a row, with the trail and the commits the engine makes: one more than steps. */
export function operationsRun(
  runId: string,
  at: number,
  steps: number,
  row: Partial<RunRow> = {},
): readonly RunCommit[] {
  const history = new RunHistory(runId, at, row)
  const commits: RunCommit[] = []
  history.add("run.created", newRun(history.row)).add("run.started", { slot: null, state: "step0" })
  let before: StepRow[] = []
  let current = startStep(history, 0)
  commits.push(
    history.commit({ status: "RUNNING", reason: "executing", startedAt: at, stepCount: 1 }, { steps: [current] }),
  )
  for (let index = 0; index < steps; index += 1) {
    history.at += 5
    const done = finishStep(history, current, index + 1 < steps ? `step${index + 1}` : null)
    before = [done]
    const counts = { succeededCount: index + 1, tokens: (index + 1) * 12, computeMs: (index + 1) * 5 }
    if (index + 1 < steps) {
      current = startStep(history, index + 1)
      commits.push(history.commit({ stepCount: index + 2, ...counts }, { steps: [...before, current] }))
      continue
    }
    history.add("run.completed", {
      counts: { ...noCounts, steps, succeeded: steps },
      outputSeq: done.outputSeq,
      output: null,
    })
    const end = { status: "COMPLETED", reason: null, completedAt: history.at, outputSeq: done.outputSeq } as const
    commits.push(history.commit({ ...end, ...counts }, { steps: before }))
  }
  return commits
}

function startStep(history: RunHistory, index: number): StepRow {
  const name = `step${index}`
  const stepId = `step_${hexSha256(`${history.runId}/${name}`).slice(0, 26).toUpperCase()}`
  history.add(
    "state.entered",
    { scope: "", name, visit: 1, type: "operation", action: "agent.run", branchPath: "", index: null },
    stepId,
  )
  const firstSeq = history.seq
  const input = { orderId: history.runId, previous: { total: index * 10, currency: "EUR" } }
  const agentRunId = `agr_${stepId.slice(5)}`
  const spanId = stepId.slice(5, 21).toLowerCase()
  history.add(
    "step.scheduled",
    {
      attempt: 1,
      agent: "work",
      agentRunId,
      task: null,
      input: { value: input },
      inputSeq: null,
      timeoutMs: 60_000,
      heartbeatMs: null,
      pin: null,
      spanId,
    },
    stepId,
  )
  const inputSeq = history.seq
  history.add("step.started", { attempt: 1, delivery: 1, fence: 1, owner: "engine-1" }, stepId)
  return {
    runId: history.runId,
    stepId,
    name,
    type: "operation",
    action: "agent.run",
    parentStepId: null,
    branchPath: "",
    itemIndex: null,
    visit: 1,
    status: "RUNNING",
    attempt: 1,
    delivery: 1,
    enteredAt: history.at,
    scheduledAt: history.at,
    startedAt: history.at,
    completedAt: null,
    retries: 0,
    agent: "work",
    agentRunId,
    spanId,
    inputSeq,
    outputSeq: null,
    error: null,
    tokens: 0,
    computeMs: 0,
    costUsd: 0,
    next: null,
    firstSeq,
  }
}

function finishStep(history: RunHistory, step: StepRow, next: string | null): StepRow {
  const output = { total: 10, currency: "EUR", lines: [{ sku: "A-1", price: 5 }] }
  history.add(
    "step.succeeded",
    { attempt: 1, fence: 1, output: { value: output }, usage: { tokens: 12, computeMs: 5 } },
    step.stepId,
  )
  const outputSeq = history.seq
  history.add(
    "context.written",
    { scope: "", path: [step.name], mode: "replace", from: outputSeq, bytes: 60 },
    step.stepId,
  )
  history.add("state.exited", { status: "SUCCEEDED", next }, step.stepId)
  return { ...step, status: "SUCCEEDED", completedAt: history.at, outputSeq, tokens: 12, computeMs: 5, next }
}
