/** 000's Run document. The table is the translation; docs/reference/facades.md is the same in words. */
import type { RunRecord } from "@waybill/contract"
import {
  type Engine,
  isJsonObject,
  type JsonObject,
  type ListedRun,
  type Noted,
  type RunRow,
  runsWords,
  type Standing,
  startStanding,
} from "@waybill/engine"
import type { Caller } from "../shared/auth.ts"
import { type Made, make } from "../shared/made.ts"
import { type Room, summaryAt } from "../shared/summaries.ts"
import { between, rfc3339, rfc3339OrNull } from "../shared/time.ts"

interface From {
  readonly row: RunRow
  readonly tenant: string
  readonly input: JsonObject | null
  readonly output: JsonObject | null
  /** What the definition measured of the output. */
  readonly measured: JsonObject
  readonly standing: Standing
  /** Newest first. */
  readonly notes: readonly Noted[]
}

const table = {
  id: ({ row }) => row.runId,
  workflow_name: ({ row }) => row.workflowId,
  workflow_version: ({ row }) => row.workflowVersion,
  environment: ({ row }) => row.environment,
  status: ({ row }) => runsWords[row.status],
  started_at: ({ row }) => rfc3339OrNull(row.startedAt),
  completed_at: ({ row }) => rfc3339OrNull(row.completedAt),
  duration_ms: ({ row }) => between(row.startedAt ?? row.createdAt, row.completedAt),
  actor: ({ row }) => (row.actor.startsWith("user:") ? "human" : "system"),
  hitl: ({ row }) => row.hitl,
  business_event_id: ({ row }) => row.businessEventId,
  tenant_id: ({ tenant }) => tenant,
  inputs_summary: ({ input }) => input,
  outputs_summary: ({ output }) => output,
  effectiveness: ({ row, measured }) => ({
    first_pass_success: firstPass(row, measured),
    accuracy: numberOrNull(measured.accuracy),
    throughput_delta: numberOrNull(measured.throughputDelta),
  }),
  diagnostics: ({ row }) => ({
    trace_id: row.traceId,
    resource_usage: { tokens: row.tokens, compute_ms: row.computeMs },
    // 000 has one word for both: the code tells them apart (architecture §6).
    error_code: row.status === "TIMED_OUT" ? "timed_out" : row.errorCode,
    error_message: row.errorMessage,
  }),
  tags: ({ standing }) => [...standing.tags],
  annotations: ({ notes }) => notes.flatMap(annotation).reverse(),
} satisfies Made<RunRecord, From>

/** `room`: for values that lie in files of their own. */
export async function runRecord(
  engine: Engine,
  row: RunRow | ListedRun,
  caller: Caller,
  room: Room,
): Promise<RunRecord> {
  const standing = await standingOf(engine, row)
  const [input, output, notes] = await Promise.all([
    summaryAt(engine, row.runId, 1, room),
    summaryAt(engine, row.runId, row.outputSeq, room),
    standing.notes === 0 ? [] : engine.remarks.list(row.runId, ofNotes),
  ])
  return make(table, { row, tenant: caller.workspaceSlug, input, output, measured: measuredOf(row), standing, notes })
}

/** Notes of one document: the newest, should there be more. */
const ofNotes = { kinds: ["note.added"], stepId: null, before: null, limit: 50 } as const

async function standingOf(engine: Engine, row: RunRow | ListedRun): Promise<Standing> {
  return "standing" in row ? row.standing : ((await engine.queries.standing(row.runId)) ?? startStanding(row))
}

/** What was withdrawn is in the trail, and not in the document. */
function annotation({ body, actor, at, withdrawn }: Noted): RunRecord["annotations"] {
  if (body.kind !== "note.added" || withdrawn !== null) return []
  return [{ author: actor.replace(/^user:/, ""), note: body.note, at: rfc3339(at) }]
}

function measuredOf({ effectiveness }: RunRow): JsonObject {
  const measured: unknown = effectiveness === null ? null : JSON.parse(effectiveness)
  return isJsonObject(measured as never) ? (measured as JsonObject) : {}
}

/** What the definition says; else completed without a retry, a rejection or a re-run (settled 30). */
function firstPass(row: RunRow, { firstPassSuccess }: JsonObject): boolean | null {
  if (typeof firstPassSuccess === "boolean") return firstPassSuccess
  if (row.completedAt === null) return null
  return row.status === "COMPLETED" && row.retryCount === 0 && row.hitl !== "rejected" && row.rerunOf === null
}

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" ? value : null
}
