/** A run as clients read it: from its row alone in lists, with its values when it is asked for by id. */
import type { Action as ActionDocument, Json, Run, RunError, RunSummary } from "@waybill/contract"
import { type Engine, type ListedRun, type RunRow, type Standing, startStanding, usd } from "@waybill/engine"
import type { Caller } from "../../shared/auth.ts"
import { parsedPayload, storedText } from "../../shared/event-reading.ts"
import { between, rfc3339, rfc3339OrNull } from "../../shared/time.ts"
import { standingFields } from "./remark-document.ts"

export function runSummary(engine: Engine, row: ListedRun, caller: Caller): RunSummary {
  return {
    ...summary(engine, row, row.standing, actionsOf(engine, row, caller)),
    lastState: row.lastState,
    ...(row.folded !== undefined && { folded: row.folded }),
  }
}

/** Of one run, whose row came from a command. */
export async function runSummaryNow(engine: Engine, row: RunRow, caller: Caller): Promise<RunSummary> {
  const standing = (await engine.queries.standing(row.runId)) ?? startStanding(row)
  return summary(engine, row, standing, actionsOf(engine, row, caller))
}

function actionsOf(engine: Engine, row: RunRow, caller: Caller): ActionDocument[] {
  return engine.queries.actions(row, caller.actor) as ActionDocument[]
}

export const runValueNames = ["input", "context", "output"] as const
export type RunValueName = (typeof runValueNames)[number]

/**
 * With the values that are asked for, as the text of one `Run`: they may be megabytes, and go through as they are stored,
 * unread. It has no size of its own: who sends it sends it in pieces. Without any it is a few rows, however long the run is.
 */
export async function runText(
  engine: Engine,
  row: RunRow,
  caller: Caller,
  names: readonly RunValueName[] = runValueNames,
): Promise<string> {
  const { queries } = engine
  // Single rows by their place: the store answers those at once.
  const [summary, created, ended] = await Promise.all([
    runSummaryNow(engine, row, caller),
    queries.events(row.runId, { after: 0, types: [], limit: 1 }),
    row.errorCode === null || row.completedAt === null
      ? []
      : queries.events(row.runId, { after: row.seq - 1, types: [], limit: 1 }),
  ])
  const start = parsedPayload(created[0], "run.created")
  const end = parsedPayload(ended[0], "run.failed")
  const document = {
    ...summary,
    trigger: start?.trigger ?? summary.trigger,
    error: (end?.error as RunError | undefined) ?? summary.error,
  } satisfies Omit<Run, RunValueName>
  const texts: Readonly<Record<RunValueName, () => string | Promise<string>>> = {
    input: () => (start === null ? "null" : queries.valueText(start.input)),
    context: () => queries.contextNow(row),
    output: () => (row.outputSeq === null ? "null" : storedText(engine, row.runId, row.outputSeq)),
  }
  const values = await Promise.all(names.map(async (name) => `,"${name}":${await texts[name]()}`))
  return `${JSON.stringify(document).slice(0, -1)}${values.join("")}}`
}

function summary(engine: Engine, row: RunRow, standing: Standing, actions: ActionDocument[]): RunSummary {
  return {
    runId: row.runId,
    workflowId: row.workflowId,
    workflowName: row.workflowName,
    workflowVersion: row.workflowVersion,
    versionNumber: row.versionNumber,
    definitionHash: row.definitionHash,
    environment: row.environment,
    workspaceId: row.workspaceId,
    projectId: row.projectId,
    executionNumber: row.executionNumber,
    status: row.status,
    reason: row.reason,
    blockedOn: blockedOn(row.blockedOn),
    blockedCount: row.blockedCount,
    trigger: { kind: row.triggerKind },
    origin: row.origin,
    actor: row.actor,
    ...standingFields(row, standing),
    businessEventId: row.businessEventId,
    correlationId: row.correlationId,
    traceId: row.traceId,
    parentRunId: row.parentRunId,
    rootRunId: row.rootRunId,
    rerunOf: row.rerunOf,
    createdAt: rfc3339(row.createdAt),
    startedAt: rfc3339OrNull(row.startedAt),
    completedAt: rfc3339OrNull(row.completedAt),
    durationMs: between(row.startedAt ?? row.createdAt, row.completedAt),
    hitl: row.hitl,
    error: rowError(row),
    effectiveness: row.effectiveness === null ? null : JSON.parse(row.effectiveness),
    usage: { tokens: row.tokens, computeMs: row.computeMs, costUsd: usd(row.costUsd) },
    counts: { steps: row.stepCount, succeeded: row.succeededCount, failed: row.failedCount, retries: row.retryCount },
    derived: {
      partial: (row.status === "FAILED" || row.status === "TIMED_OUT") && row.succeededCount > 0,
      stalled: row.completedAt === null && engine.queries.isStalled(row.runId),
      late: engine.queries.isLate(row),
    },
    seq: row.seq,
    headHash: row.headHash,
    ...(engine.queries.isArchived(row) && { archived: true }),
    actions,
  }
}

function rowError(row: RunRow): RunError | null {
  if (row.errorCode === null) return null
  return {
    code: row.errorCode,
    detail: row.errorMessage ?? "",
    ...(row.errorClass !== null && { class: row.errorClass }),
    ...(row.errorStep !== null && { step: row.errorStep }),
  }
}

function blockedOn(text: string): RunSummary["blockedOn"] {
  return list(text).map((item) => {
    const { kind, since, until, who, stepId, name } = item as { [key: string]: unknown }
    return {
      kind: String(kind),
      since: instant(since),
      until: instant(until),
      who: (who ?? null) as Json,
      stepId: typeof stepId === "string" ? stepId : null,
      name: typeof name === "string" ? name : null,
    }
  })
}

function instant(value: unknown): string | null {
  return typeof value === "number" ? rfc3339(value) : null
}

const empty: readonly unknown[] = []

function list(text: string): readonly unknown[] {
  return text === "[]" || text === "" ? empty : (JSON.parse(text) as readonly unknown[])
}
