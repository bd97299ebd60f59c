/** Rows for the tests of the doors: plausible ones, of which a test names only what it is about. */
import type {
  ApprovalRow,
  BulkView,
  DefinitionSummary,
  DefinitionVersion,
  Remark,
  RunRow,
  StepRow,
} from "@waybill/engine"

export const AT = Date.UTC(2026, 10, 20, 9, 30, 0, 125)

export function runRow(given: Partial<RunRow> = {}): RunRow {
  return {
    runId: "run_1",
    seq: 2,
    workspaceId: "default",
    projectId: "default",
    environment: "default",
    workflowId: "greet",
    workflowName: "Greet",
    workflowVersion: "1.0",
    versionNumber: 1,
    definitionHash: "d".repeat(64),
    executionNumber: 1,
    status: "RUNNING",
    reason: "executing",
    blockedOn: "[]",
    blockedCount: 0,
    createdAt: AT,
    startedAt: AT,
    completedAt: null,
    actor: "user:local",
    triggerKind: "api",
    origin: "live",
    correlationId: "run_1",
    businessEventId: null,
    traceId: "a".repeat(32),
    parentRunId: null,
    rootRunId: "run_1",
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
    headHash: "f".repeat(64),
    ...given,
  }
}

export function stepRow(given: Partial<StepRow> = {}): StepRow {
  return {
    runId: "run_1",
    stepId: "step_1",
    name: "hello",
    type: "operation",
    action: "agent.run",
    parentStepId: null,
    branchPath: "",
    itemIndex: null,
    visit: 1,
    status: "RUNNING",
    attempt: 1,
    delivery: 1,
    enteredAt: AT,
    scheduledAt: AT,
    startedAt: AT + 5,
    completedAt: null,
    retries: 0,
    agent: "greeter",
    agentRunId: "agr_1",
    spanId: "b".repeat(16),
    inputSeq: null,
    outputSeq: null,
    error: null,
    tokens: 0,
    computeMs: 0,
    costUsd: 0,
    next: null,
    firstSeq: 3,
    ...given,
  }
}

export function approvalRow(given: Partial<ApprovalRow> = {}): ApprovalRow {
  return {
    approvalId: "appr_1",
    runId: "run_1",
    stepId: "step_gate",
    workspaceId: "default",
    environment: "default",
    workflowId: "greet",
    name: "gate",
    round: 1,
    state: "pending",
    message: "Go on?",
    requestedSeq: 0,
    approvers: '["team:sre"]',
    outcomes: '[{"name":"approve","requireComment":false,"rewindTo":null}]',
    requestedBy: "user:local",
    requestedAt: AT,
    timeoutAt: null,
    dueAt: AT + 60_000,
    decidedAt: null,
    decidedBy: null,
    outcome: null,
    comment: null,
    form: null,
    contentHash: "c".repeat(64),
    bound: false,
    votes: "[]",
    ...given,
  }
}

export function remarkRow(given: Partial<Remark> = {}): Remark {
  return {
    remarkId: "rmk_1",
    runId: "run_1",
    number: 1,
    at: AT,
    actor: "user:local",
    origin: { door: "api", address: "127.0.0.1" },
    body: { kind: "note.added", note: "The card was refused.", stepId: null },
    ...given,
  }
}

export function definitionSummary(given: Partial<DefinitionSummary> = {}): DefinitionSummary {
  return {
    workflowId: "greet",
    environment: "default",
    name: "Greet",
    description: null,
    version: "1.0",
    versionNumber: 1,
    hash: "d".repeat(64),
    status: "active",
    source: "api",
    file: null,
    syncState: "none",
    problems: [],
    createdAt: AT,
    updatedAt: AT,
    runCount: 0,
    lastRunAt: null,
    successRate30d: null,
    ...given,
  }
}

export function definitionVersion(given: Partial<DefinitionVersion> = {}): DefinitionVersion {
  return {
    workflowId: "greet",
    environment: "default",
    version: "1.0",
    versionNumber: 1,
    hash: "d".repeat(64),
    format: "yaml",
    text: "id: greet\n",
    document: { id: "greet" },
    source: "api",
    createdAt: AT,
    createdBy: "user:local",
    note: null,
    ...given,
  }
}

export function bulkView(given: Partial<BulkView> = {}): BulkView {
  return {
    bulkId: "bulk_1",
    action: "rerun",
    state: "running",
    reason: "the service is back",
    query: "status:failed",
    from: "failed",
    change: null,
    actor: "user:local",
    createdAt: AT,
    completedAt: null,
    total: 5,
    done: 2,
    refused: 1,
    refusals: null,
    ...given,
  }
}
