/** The port `WebhookStore`: written beside the runs' commits, in the lane of lower priority (rule 29). */
import type Database from "better-sqlite3"
import type {
  AlertThread,
  AlertTurn,
  DeliveryPage,
  DeliveryResult,
  DeliveryState,
  ListedDelivery,
  NewWebhook,
  WebhookAttempt,
  WebhookChange,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookStore,
} from "../../ports/webhook-store.ts"
import {
  type EndpointKeys,
  endpointShape,
  isInside,
  lockedEndpoint,
  openedEndpoint,
  type StoredEndpoint,
  shownEndpoint,
} from "./endpoint-locks.ts"
import { type Cell, cells, columnOf, insertSql, type RowShape, selection } from "./rows.ts"
import type { SideLane } from "./side-lane.ts"

const deliveryShape: RowShape<WebhookDelivery> = {
  table: "webhook_deliveries",
  fixed: ["deliveryId", "endpointId", "workspaceId", "runId", "event", "position", "createdAt", "body"],
  moving: ["state", "dueAt", "attempts", "tries", "completedAt", "lastStatus", "lastError"],
}

const threadShape: RowShape<AlertThread> = {
  table: "alert_threads",
  fixed: ["endpointId", "threadKey", "workspaceId", "event"],
  moving: ["runId", "stepId", "approvalId", "fresh", "total", "firstAt", "lastAt", "toldAt", "dueAt"],
}

/** Of one message; more than its tries, because people can ask for it again. */
const attemptsKept = 50

export class SqliteWebhooks implements WebhookStore {
  readonly #db: Database.Database
  readonly #lane: SideLane
  readonly #keys: EndpointKeys | null
  readonly #sql: ReturnType<typeof prepare>

  constructor(db: Database.Database, lane: SideLane, keys: EndpointKeys | null) {
    this.#db = db
    this.#lane = lane
    this.#keys = keys
    this.#sql = prepare(db)
  }

  create(endpoint: NewWebhook, head: number, most: number): Promise<WebhookEndpoint | null> {
    return this.#lane.write(() => {
      if (this.#sql.number.get(endpoint.workspaceId)!.number >= most) return null
      this.#sql.skip.run(head)
      const made = shownEndpoint(endpoint)
      const row = lockedEndpoint(this.#keys, made)
      this.#sql.create.run(...cells(cells([], row, endpointShape.fixed), row, endpointShape.moving))
      return made
    })
  }

  change(endpointId: string, change: WebhookChange, head: number): Promise<WebhookEndpoint | null> {
    return this.#lane.write(() => {
      const before = this.#sql.endpoint.get(endpointId)
      if (before === undefined) return null
      this.#sql.skip.run(head)
      const after = this.#changed(before, change)
      this.#sql.change.run(...cells([], after, endpointShape.moving), endpointId)
      return this.#opened(after)
    })
  }

  /** What is locked is left as it is where the change is not about it: it may be that nobody can open it now. */
  #changed(before: StoredEndpoint, change: WebhookChange): StoredEndpoint {
    if (!Object.keys(change).some(isInside)) return { ...before, ...change } as StoredEndpoint
    const opened = this.#opened(before)
    const { shownUrl, headerNames } = shownEndpoint({ ...opened, ...change })
    const shown = {
      ...(change.url !== undefined && { shownUrl }),
      ...(change.headers !== undefined && { headerNames }),
    }
    return lockedEndpoint(this.#keys, { ...opened, ...change, ...shown })
  }

  #opened(row: StoredEndpoint): WebhookEndpoint {
    return openedEndpoint(this.#keys, row)
  }

  async endpoints(): Promise<readonly WebhookEndpoint[]> {
    return this.#sql.endpoints.all().map((row) => this.#opened(row))
  }

  async endpoint(endpointId: string): Promise<WebhookEndpoint | null> {
    const row = this.#sql.endpoint.get(endpointId)
    return row === undefined ? null : this.#opened(row)
  }

  async cursor(): Promise<number> {
    return this.#sql.cursor.get()!.position
  }

  collect(
    deliveries: readonly WebhookDelivery[],
    position: number | null,
    notes: readonly AlertThread[],
  ): Promise<number> {
    return this.#lane.write(() => {
      let added = 0
      for (const delivery of deliveries) added += this.#add(delivery)
      for (const note of notes)
        this.#sql.note.run(...cells(cells([], note, threadShape.fixed), note, threadShape.moving))
      if (position !== null) this.#sql.advance.run(position)
      return added
    })
  }

  #add(delivery: WebhookDelivery): number {
    return this.#sql.add.run(...cells(cells([], delivery, deliveryShape.fixed), delivery, deliveryShape.moving)).changes
  }

  async dueAlerts(endpointId: string, now: number, limit: number): Promise<readonly AlertThread[]> {
    return this.#sql.dueAlerts.all(endpointId, now, limit)
  }

  async nextAlert(endpointId: string, after: number): Promise<number | null> {
    return this.#sql.nextAlert.get(endpointId, after)?.dueAt ?? null
  }

  tellAlert(endpointId: string, { delivery, threads }: AlertTurn): Promise<void> {
    return this.#lane.write(() => {
      if (delivery !== null) this.#add(delivery)
      for (const { threadKey, done, toldAt, dueAt } of threads)
        this.#sql.tell.run(...[done, toldAt, dueAt, dueAt, done, endpointId, threadKey])
    })
  }

  async toldTimes(endpointId: string, since: number, limit: number): Promise<readonly number[]> {
    return this.#sql.toldTimes.all(endpointId, since, limit).map(({ at }) => at)
  }

  async due(endpointId: string, now: number, limit: number): Promise<readonly WebhookDelivery[]> {
    return this.#sql.due.all(endpointId, now, limit)
  }

  async nextDue(endpointId: string, after: number): Promise<number | null> {
    return this.#sql.nextDue.get(endpointId, after)?.dueAt ?? null
  }

  settle(results: readonly DeliveryResult[]): Promise<void> {
    return this.#lane.write(() => {
      for (const result of results) this.#settle(result)
    })
  }

  #settle({ deliveryId, endpointId, attempt, state, dueAt, disable }: DeliveryResult): void {
    const { at, status, ms, error, answer } = attempt
    const row = this.#sql.tried.get(...[state, dueAt, state === "pending" ? null : at + ms, status, error, deliveryId])
    // It was cleared away meanwhile: nobody asks for it any more.
    if (row === undefined) return
    this.#sql.attempt.run(deliveryId, row.attempts, at, status, ms, error, answer)
    this.#sql.forgetAttempts.run(deliveryId, row.attempts - attemptsKept)
    if (state === "delivered") this.#sql.succeeded.run(at + ms, endpointId)
    else this.#sql.failed.run(at, at + ms, error, endpointId)
    if (disable !== null) this.#sql.disable.run(at + ms, disable, endpointId)
  }

  async delivery(deliveryId: string): Promise<ListedDelivery | null> {
    return this.#sql.delivery.get(deliveryId) ?? null
  }

  async attempts(deliveryId: string): Promise<readonly WebhookAttempt[]> {
    return this.#sql.attempts.all(deliveryId)
  }

  async deliveries({ endpointId, state, event, runId, before, limit }: DeliveryPage) {
    const conditions = ["d.endpoint_id = ?", "d.delivery_key < ?"]
    const values: Cell[] = [endpointId, before ?? Number.MAX_SAFE_INTEGER]
    // Written out: a partial index is used only where the statement names its state.
    if (state !== null) conditions.push(`d.state = '${state}'`)
    for (const [column, value] of [
      ["event", event],
      ["run_id", runId],
    ] as const) {
      if (value === null) continue
      conditions.push(`d.${column} = ?`)
      values.push(value)
    }
    return this.#db
      .prepare<Cell[], ListedDelivery>(
        `${listed} WHERE ${conditions.join(" AND ")} ORDER BY d.delivery_key DESC LIMIT ?`,
      )
      .all(...values, limit)
  }

  async ofRun(runId: string, limit: number): Promise<readonly ListedDelivery[]> {
    return this.#sql.ofRun.all(runId, limit)
  }

  redeliver(deliveryId: string, at: number): Promise<ListedDelivery | null> {
    return this.#lane.write(() => {
      this.#sql.again.run(at, deliveryId)
      return this.#sql.delivery.get(deliveryId) ?? null
    })
  }

  async count(endpointId: string, state: DeliveryState, most: number): Promise<number> {
    return this.#db
      .prepare<Cell[], { number: number }>(
        `SELECT count(*) AS number FROM
           (SELECT 1 FROM webhook_deliveries WHERE endpoint_id = ? AND state = '${state}' LIMIT ?)`,
      )
      .get(endpointId, most)!.number
  }

  clear(before: number, limit: number): Promise<number> {
    return this.#lane.write(() => {
      const old = this.#sql.old.all(before, limit)
      for (const { deliveryId } of old) {
        this.#sql.clearAttempts.run(deliveryId)
        this.#sql.clear.run(deliveryId)
      }
      this.#sql.clearThreads.run(before)
      this.#sql.clearEndpoints.run(before)
      return old.length
    })
  }
}

const listed = `SELECT d.delivery_key AS key, ${selection(deliveryShape, "d")} FROM webhook_deliveries d`

function prepare(db: Database.Database) {
  const endpoint = `SELECT ${selection(endpointShape, "e")} FROM webhook_endpoints e WHERE e.removed_at IS NULL`
  const delivery = `SELECT ${selection(deliveryShape, "d")} FROM webhook_deliveries d`
  const changed = endpointShape.moving.map((field) => `${columnOf(field)} = ?`).join(", ")
  return {
    number: db.prepare<[string], { number: number }>(
      "SELECT count(*) AS number FROM webhook_endpoints WHERE workspace_id = ? AND removed_at IS NULL",
    ),
    create: db.prepare<Cell[]>(insertSql(endpointShape, [])),
    change: db.prepare<Cell[]>(`UPDATE webhook_endpoints SET ${changed} WHERE endpoint_id = ?`),
    // Where nobody is told, what has happened is nobody's.
    skip: db.prepare<[number]>(
      `UPDATE webhook_cursor SET position = max(position, ?) WHERE NOT EXISTS
         (SELECT 1 FROM webhook_endpoints WHERE disabled_at IS NULL AND removed_at IS NULL)`,
    ),
    endpoints: db.prepare<[], StoredEndpoint>(`${endpoint} ORDER BY e.endpoint_id`),
    endpoint: db.prepare<[string], StoredEndpoint>(`${endpoint} AND e.endpoint_id = ?`),
    cursor: db.prepare<[], { position: number }>("SELECT position FROM webhook_cursor WHERE name = 'feed'"),
    advance: db.prepare<[number]>("UPDATE webhook_cursor SET position = ? WHERE name = 'feed'"),
    note: db.prepare<Cell[]>(
      `${insertSql(threadShape, [])} ON CONFLICT (endpoint_id, thread_key) DO UPDATE SET
         run_id = excluded.run_id, step_id = excluded.step_id, approval_id = excluded.approval_id,
         first_at = CASE fresh WHEN 0 THEN excluded.first_at ELSE first_at END, last_at = excluded.last_at,
         fresh = fresh + excluded.fresh, total = total + excluded.total,
         due_at = min(coalesce(due_at, excluded.due_at), excluded.due_at)`,
    ),
    dueAlerts: db.prepare<[string, number, number], AlertThread>(
      `SELECT ${selection(threadShape, "t")} FROM alert_threads t WHERE t.endpoint_id = ? AND t.due_at <= ?
       ORDER BY t.due_at, t.thread_key LIMIT ?`,
    ),
    nextAlert: db.prepare<[string, number], { dueAt: number }>(
      `SELECT due_at AS "dueAt" FROM alert_threads WHERE endpoint_id = ? AND due_at > ? ORDER BY due_at LIMIT 1`,
    ),
    // What came while it was looked at stays, and is looked at when its own time has come.
    tell: db.prepare<Cell[]>(
      `UPDATE alert_threads SET fresh = fresh - ?, told_at = coalesce(?, told_at),
         due_at = CASE WHEN ? IS NOT NULL THEN ? WHEN fresh > ? THEN due_at ELSE NULL END
       WHERE endpoint_id = ? AND thread_key = ?`,
    ),
    toldTimes: db.prepare<[string, number, number], { at: number }>(
      `SELECT created_at AS at FROM webhook_deliveries WHERE endpoint_id = ? AND created_at > ?
         AND event <> 'webhook.test' ORDER BY delivery_key DESC LIMIT ?`,
    ),
    clearThreads: db.prepare<[number]>("DELETE FROM alert_threads WHERE last_at < ?"),
    add: db.prepare<Cell[]>(`${insertSql(deliveryShape, [])} ON CONFLICT (delivery_id) DO NOTHING`),
    due: db.prepare<[string, number, number], WebhookDelivery>(
      `${delivery} WHERE d.endpoint_id = ? AND d.state = 'pending' AND d.due_at <= ?
       ORDER BY d.due_at, d.delivery_key LIMIT ?`,
    ),
    nextDue: db.prepare<[string, number], { dueAt: number }>(
      `SELECT due_at AS "dueAt" FROM webhook_deliveries WHERE endpoint_id = ? AND state = 'pending' AND due_at > ?
       ORDER BY due_at LIMIT 1`,
    ),
    tried: db.prepare<Cell[], { attempts: number }>(
      `UPDATE webhook_deliveries SET state = ?, due_at = ?, completed_at = ?, last_status = ?, last_error = ?,
         attempts = attempts + 1, tries = tries + 1 WHERE delivery_id = ? RETURNING attempts`,
    ),
    attempt: db.prepare<Cell[]>(
      "INSERT INTO webhook_attempts (delivery_id, number, at, status, ms, error, answer) VALUES (?, ?, ?, ?, ?, ?, ?)",
    ),
    forgetAttempts: db.prepare<[string, number]>("DELETE FROM webhook_attempts WHERE delivery_id = ? AND number <= ?"),
    succeeded: db.prepare<[number, string]>(
      `UPDATE webhook_endpoints SET failing_since = NULL, last_success_at = ?, delivered_count = delivered_count + 1
       WHERE endpoint_id = ?`,
    ),
    failed: db.prepare<Cell[]>(
      `UPDATE webhook_endpoints SET failing_since = coalesce(failing_since, ?), last_failure_at = ?, last_error = ?,
         failed_count = failed_count + 1 WHERE endpoint_id = ?`,
    ),
    disable: db.prepare<[number, string, string]>(
      "UPDATE webhook_endpoints SET disabled_at = ?, disabled_reason = ? WHERE endpoint_id = ? AND disabled_at IS NULL",
    ),
    delivery: db.prepare<[string], ListedDelivery>(`${listed} WHERE d.delivery_id = ?`),
    attempts: db.prepare<[string], WebhookAttempt>(
      "SELECT number, at, status, ms, error, answer FROM webhook_attempts WHERE delivery_id = ? ORDER BY number",
    ),
    ofRun: db.prepare<[string, number], ListedDelivery>(
      `${listed} WHERE d.run_id = ? ORDER BY d.delivery_key DESC LIMIT ?`,
    ),
    again: db.prepare<[number, string]>(
      `UPDATE webhook_deliveries SET state = 'pending', due_at = ?, tries = 0, completed_at = NULL WHERE delivery_id = ?`,
    ),
    old: db.prepare<[number, number], { deliveryId: string }>(
      `SELECT delivery_id AS "deliveryId" FROM webhook_deliveries WHERE created_at < ? ORDER BY created_at LIMIT ?`,
    ),
    clearAttempts: db.prepare<[string]>("DELETE FROM webhook_attempts WHERE delivery_id = ?"),
    clear: db.prepare<[string]>("DELETE FROM webhook_deliveries WHERE delivery_id = ?"),
    clearEndpoints: db.prepare<[number]>("DELETE FROM webhook_endpoints WHERE removed_at < ?"),
  }
}
