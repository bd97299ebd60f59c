/**
 * How well events are told and evidence is kept (000, SLOs), read from what is there: the newest messages that were owed to
 * endpoints, and the newest runs that ended. Both bounded, so that it can be asked at any size (rule 29); where the time is
 * up nevertheless, the newest few answer for the rest.
 */
import { QueryTooSlow } from "../../../ports/query-too-slow.ts"
import {
  type DeliveryLevel,
  deliveredWithinMs,
  type EvidenceLevel,
  type ServiceQuestion,
} from "../../../ports/service-levels.ts"
import { inTime, type Statements } from "./statements.ts"

const messagesMax = 10_000
const runsMax = 2_000
/** Of a run with more events only the first and the last are looked for. */
const eventsCounted = 2_000
/** Of all runs: of those behind them, too. */
const eventsMax = 500_000
const few = 200

/**
 * From the event to the first answer that took it: sent again by hand later it is no later told. Tests and alerts, which wait
 * to be told together, belong to no event and are left out.
 */
export function deliveryLevel(statements: Statements, question: ServiceQuestion): DeliveryLevel {
  return newest(messagesMax, (most) => deliveryOf(statements, question, most))
}

function deliveryOf(statements: Statements, question: ServiceQuestion, most: number): DeliveryLevel {
  const { workspaceId, from, to, now } = question
  const row = statements.get(
    `SELECT count(*) AS owed, count(told) AS delivered, coalesce(sum(told IS NULL AND state = 'dead'), 0) AS dead,
       coalesce(sum(told - at <= ?), 0) AS inTime,
       coalesce(sum(told IS NULL AND state = 'pending' AND at > ?), 0) AS fresh FROM (
       SELECT d.state, at, coalesce(
         (SELECT a.at + a.ms FROM webhook_attempts a WHERE a.delivery_id = d.delivery_id AND a.error IS NULL ORDER BY a.number LIMIT 1),
         CASE d.state WHEN 'delivered' THEN d.completed_at END) AS told FROM (
         SELECT delivery_id, state, completed_at,
           coalesce((SELECT e.at FROM workflow_run_events e WHERE e.position = m.position), created_at) AS at
         FROM webhook_deliveries m INDEXED BY webhook_deliveries_owed
         WHERE ${inTime("m.delivery_key")} AND workspace_id = ? AND created_at >= ? AND created_at < ? AND position IS NOT NULL
         ORDER BY created_at DESC LIMIT ?) d)`,
    [deliveredWithinMs, now - deliveredWithinMs, workspaceId, from, to, most],
  ) as unknown as { owed: number; delivered: number; dead: number; inTime: number; fresh: number }
  const judged = row.owed - row.fresh
  return {
    owed: row.owed,
    delivered: row.delivered,
    deliveredInTime: row.inTime,
    dead: row.dead,
    share: judged === 0 ? null : row.inTime / judged,
    exact: row.owed < most,
  }
}

/**
 * What retention or the archive took away lawfully, sealed, is not missing.
 * @param signs a seal without a signature is nobody's
 */
export function evidenceLevel(statements: Statements, question: ServiceQuestion, signs: boolean): EvidenceLevel {
  return newest(runsMax, (most) => evidenceOf(statements, question, signs, most))
}

function evidenceOf(
  statements: Statements,
  { workspaceId, from, to }: ServiceQuestion,
  signs: boolean,
  most: number,
): EvidenceLevel {
  const events = `workflow_run_events e INDEXED BY workflow_run_events_by_run WHERE ${inTime("e.seq")} AND e.run_key = r.run_key`
  const row = statements.get(
    `SELECT count(*) AS runs, coalesce(sum(sealed), 0) AS expired, coalesce(sum(NOT sealed AND NOT whole), 0) AS missing,
       coalesce(max(looked), 0) AS events FROM (
       SELECT looked,
         EXISTS (SELECT 1 FROM retention_seals s WHERE s.run_key = r.run_key AND (? = 0 OR s.signature IS NOT NULL)) AS sealed,
         CASE WHEN r.seq <= ? AND looked <= ? THEN (SELECT count(*) FROM ${events} AND e.seq <= r.seq) = r.seq
           ELSE EXISTS (SELECT 1 FROM ${events} AND e.seq = 1) AND EXISTS (SELECT 1 FROM ${events} AND e.seq = r.seq) END AS whole
       FROM (SELECT run_key, seq, sum(iif(seq <= ?, seq, 2)) OVER (ORDER BY sort_at DESC, run_key) AS looked
         FROM (SELECT run_key, seq, sort_at FROM workflow_runs INDEXED BY idx_workflow_executions_started_at
           WHERE ${inTime("run_key")} AND workspace_id = ? AND sort_at >= ? AND sort_at < ? AND completed_at IS NOT NULL
           ORDER BY sort_at DESC LIMIT ?)) r)`,
    [signs ? 1 : 0, eventsCounted, eventsMax, eventsCounted, workspaceId, from, to, most],
  ) as unknown as { runs: number; expired: number; missing: number; events: number }
  const judged = row.runs - row.expired
  return {
    runs: row.runs,
    expired: row.expired,
    missing: row.missing,
    share: judged === 0 ? null : 1 - row.missing / judged,
    exact: row.runs < most && row.events <= eventsMax,
  }
}

/** Of so many at most, or of the few that there is time for. */
function newest<Level>(most: number, read: (most: number) => Level): Level {
  try {
    return read(most)
  } catch (error) {
    if (error instanceof QueryTooSlow) return read(few)
    throw error
  }
}
