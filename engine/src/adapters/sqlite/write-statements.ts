/** The writer's statements, prepared once. */
import type Database from "better-sqlite3"
import { newestPosition, newestRunKey } from "./high-marks.ts"
import {
  approvalShape,
  assignments,
  insertSql,
  overwrite,
  runKeyOf,
  runShape,
  signalShape,
  stepShape,
  timerShape,
} from "./rows.ts"

export type WriteStatements = ReturnType<typeof prepareWrites>

export function prepareWrites(db: Database.Database) {
  const write = (sql: string) => db.prepare(sql)
  return {
    begin: write("BEGIN IMMEDIATE"),
    commit: write("COMMIT"),
    rollback: write("ROLLBACK"),
    epoch: db.prepare<[], { value: string }>("SELECT value FROM waybill_meta WHERE name = 'epoch'"),
    lastPosition: db.prepare<[], { position: number }>(`SELECT ${newestPosition} AS position`),

    insertRunKey: write(`INSERT INTO workflow_run_keys (run_key, run_id) VALUES (${newestRunKey} + 1, ?)`),
    insertRun: write(insertSql(runShape, ["run_key", "sort_at", "duration_ms"])),
    runKey: db.prepare<[string], { runKey: number }>(
      `SELECT run_key AS "runKey" FROM workflow_run_keys WHERE run_id = ?`,
    ),
    runSeq: db.prepare<[string], { seq: number; completedAt: number | null }>(
      `SELECT seq, completed_at AS "completedAt" FROM workflow_runs WHERE run_key = ${runKeyOf}`,
    ),
    tag: write("INSERT INTO workflow_run_tags (tag, run_key) VALUES (?, ?) ON CONFLICT DO NOTHING"),

    insertStep: write(insertSql(stepShape, ["run_key"])),
    updateStep: write(`UPDATE workflow_run_steps SET ${assignments(stepShape)} WHERE run_key = ? AND first_seq = ?`),
    approval: write(
      `${insertSql(approvalShape, ["run_key"])} ON CONFLICT (approval_id) DO UPDATE SET ${overwrite(approvalShape)}`,
    ),
    signal: write(
      `${insertSql(signalShape, ["run_key"])} ON CONFLICT (run_key, name, signal_id) DO UPDATE SET ${overwrite(signalShape)}`,
    ),
    timer: write(
      `${insertSql(timerShape, ["run_key"])} ON CONFLICT (run_key, timer_id) DO UPDATE SET ${overwrite(timerShape)}`,
    ),
    timerGone: write("DELETE FROM workflow_timers WHERE run_key = ? AND timer_id = ?"),
    snapshot: write(
      `INSERT INTO workflow_run_snapshots (run_key, seq, codec, state) VALUES (?, ?, ?, ?)
       ON CONFLICT (run_key) DO UPDATE SET seq = excluded.seq, codec = excluded.codec, state = excluded.state`,
    ),

    messageOut: write("INSERT INTO workflow_outbox (message_id, to_run_id, kind, body) VALUES (?, ?, ?, ?)"),
    messageIn: write("DELETE FROM workflow_outbox WHERE message_id = ?"),
    answer: write(
      `INSERT INTO workflow_idempotency (scope, key, body_hash, run_id, answer, expires_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (scope, key) DO UPDATE SET body_hash = excluded.body_hash, run_id = excluded.run_id,
         answer = excluded.answer, expires_at = excluded.expires_at WHERE workflow_idempotency.expires_at <= ?`,
    ),
    definitionKey: write(
      `INSERT INTO workflow_definition_keys (workspace_id, workflow_id, key, run_id, expires_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (workspace_id, workflow_id, key) DO UPDATE SET run_id = excluded.run_id,
         expires_at = excluded.expires_at WHERE workflow_definition_keys.expires_at <= ?`,
    ),

    lastHead: db.prepare<[string], { number: number; hash: string }>(
      "SELECT number, hash FROM workflow_workspace_heads WHERE workspace_id = ? ORDER BY number DESC LIMIT 1",
    ),
    head: write(
      `INSERT INTO workflow_workspace_heads (workspace_id, number, run_id, run_seq, run_head, prev_hash, hash)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    counter: write(
      `INSERT INTO workflow_definition_counters (workspace_id, environment, workflow_id, last_execution_number, run_count, last_run_at)
       VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (workspace_id, environment, workflow_id) DO UPDATE SET
         last_execution_number = max(last_execution_number, excluded.last_execution_number),
         run_count = run_count + excluded.run_count, last_run_at = max(last_run_at, excluded.last_run_at)`,
    ),
  }
}
