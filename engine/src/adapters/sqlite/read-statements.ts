/** What the engine itself reads, prepared once on the writer's connection. */
import type Database from "better-sqlite3"
import type { EncodedEvent } from "../../core/run/chain.ts"
import type { TimerRow } from "../../core/views/rows.ts"
import type { IdempotentAnswer, MessageRow, OpenRun } from "../../ports/store.ts"
import { selection, timerShape } from "./rows.ts"

export type ReadStatements = ReturnType<typeof prepareReads>

/** An event as it lies in the table: payload and salt are null once erased. */
export interface ChainedEvent extends Omit<EncodedEvent, "payload" | "salt"> {
  readonly payload: string | null
  readonly salt: string | null
}

export const chainedEvent = `e.seq, e.v, e.type, e.at, e.actor, e.step_id AS "stepId", e.payload, e.salt,
  e.payload_hash AS "payloadHash", e.prev_hash AS "prevHash", e.hash`

export function prepareReads(db: Database.Database) {
  return {
    /** Without a row, as in the middle of a rebuild, the last event tells. */
    runHead: db.prepare<[string], { runKey: number; seq: number; headHash: string; cleared: 0 | 1 }>(
      `SELECT k.run_key AS "runKey",
         coalesce(r.seq, (SELECT max(seq) FROM workflow_run_events e WHERE e.run_key = k.run_key)) AS seq,
         coalesce(r.head_hash,
         (SELECT hash FROM workflow_run_events e WHERE e.run_key = k.run_key ORDER BY e.seq DESC LIMIT 1)) AS "headHash",
         EXISTS (SELECT 1 FROM retention_seals s WHERE s.run_id = k.run_id) AS cleared
       FROM workflow_run_keys k LEFT JOIN workflow_runs r ON r.run_key = k.run_key WHERE k.run_id = ?`,
    ),
    snapshot: db.prepare<[number, string], { seq: number; state: string }>(
      "SELECT seq, state FROM workflow_run_snapshots WHERE run_key = ? AND codec = ?",
    ),
    eventsAfter: db.prepare<[number, number, number], ChainedEvent>(
      `SELECT ${chainedEvent} FROM workflow_run_events e WHERE e.run_key = ? AND e.seq > ? ORDER BY e.seq LIMIT ?`,
    ),
    openRuns: db.prepare<[string, number], OpenRun>(
      `SELECT run_id AS "runId", status, reason, workspace_id AS "workspaceId", workflow_id AS "workflowId",
         concurrency_key AS "concurrencyKey", created_at AS "createdAt"
       FROM workflow_runs WHERE completed_at IS NULL AND run_id > ? ORDER BY run_id LIMIT ?`,
    ),
    dueTimers: db.prepare<[number, number], TimerRow>(
      `SELECT r.run_id AS "runId", ${selection(timerShape, "t")}
       FROM workflow_timers t JOIN workflow_run_keys r ON r.run_key = t.run_key
       WHERE t.due_at <= ? ORDER BY t.due_at, t.timer_id, t.run_key LIMIT ?`,
    ),
    /** After a message that is gone by now: from the first, for none of those behind it may be missed. */
    messages: db.prepare<[string | null, number], MessageRow>(
      `SELECT message_id AS "messageId", to_run_id AS "toRunId", kind, body FROM workflow_outbox
       WHERE message_key > coalesce((SELECT message_key FROM workflow_outbox WHERE message_id = ?), 0)
       ORDER BY message_key LIMIT ?`,
    ),
    forgetMessage: db.prepare<[string]>("DELETE FROM workflow_outbox WHERE message_id = ?"),
    answer: db.prepare<[string, string, number], IdempotentAnswer>(
      `SELECT scope, key, body_hash AS "bodyHash", run_id AS "runId", answer, expires_at AS "expiresAt"
       FROM workflow_idempotency WHERE scope = ? AND key = ? AND expires_at > ?`,
    ),
    definitionKey: db.prepare<[string, string, string, number], { runId: string }>(
      `SELECT run_id AS "runId" FROM workflow_definition_keys
       WHERE workspace_id = ? AND workflow_id = ? AND key = ? AND expires_at > ?`,
    ),
    executionNumbers: db.prepare<[], { workspaceId: string; environment: string; workflowId: string; next: number }>(
      `SELECT workspace_id AS "workspaceId", environment, workflow_id AS "workflowId", last_execution_number + 1 AS next
       FROM workflow_definition_counters`,
    ),
    keepLateResult: db.prepare<[string, string, number, number, number, string]>(
      "INSERT INTO workflow_late_results (run_id, step_id, attempt, fence, at, result) VALUES (?, ?, ?, ?, ?, ?)",
    ),
  }
}
