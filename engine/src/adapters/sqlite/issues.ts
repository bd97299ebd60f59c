/** Issues as rows: folded from failures inside the transaction that counts them, and by what people do (rule 33). */
import type Database from "better-sqlite3"
import { afterDeed, afterFailure, type Failure, type Issue, type IssueDeed } from "../../core/measures/issue.ts"
import { hourMs, hourOf } from "../../core/measures/rollup.ts"
import type { IssueQuestion, IssueRun, IssueStore, ListedIssue } from "../../ports/issue-store.ts"
import { assignments, type Cell, cells, insertSql, type RowShape, runKeyOf, selection } from "./rows.ts"
import type { SideLane } from "./side-lane.ts"

const shape: RowShape<Issue> = {
  table: "issues",
  fixed: ["issueId", "workspaceId", "environment", "workflowId", "step", "errorClass", "errorCode", "message", "frame"],
  moving: [
    "sample",
    "count",
    "firstSeenAt",
    "firstRunId",
    "firstVersion",
    "lastSeenAt",
    "lastRunId",
    "lastVersion",
    "state",
    "owner",
    "reason",
    "ignoreUntilAt",
    "ignoreUntilCount",
    "resolvedAt",
    "resolvedBy",
    "resolvedVersion",
    "regressedAt",
    "regressedVersion",
    "regressions",
    "changedAt",
    "changedBy",
  ],
}

export const trendHours = 24

type StoredIssue = Issue & { readonly key: number }

export class SqliteIssues implements IssueStore {
  readonly #db: Database.Database
  readonly #lane: SideLane
  readonly #sql: ReturnType<typeof prepare>

  constructor(db: Database.Database, lane: SideLane) {
    this.#db = db
    this.#lane = lane
    this.#sql = prepare(db)
  }

  /** Inside a transaction of the writer. In the order of the feed. */
  seen(failures: readonly Failure[]): void {
    const issues = new Map<string, { readonly isNew: boolean; issue: Issue }>()
    for (const failure of failures) {
      const { issueId } = failure
      const known = issues.get(issueId)
      const stored = known === undefined ? this.#sql.issue.get(issueId) : undefined
      const before = known?.issue ?? stored ?? null
      const issue = afterFailure(before, failure)
      if (known === undefined) issues.set(issueId, { isNew: stored === undefined, issue })
      else known.issue = issue
      this.#sql.addRun.run(issueId, failure.position, failure.runId)
      this.#sql.addHour.run(issueId, hourOf(failure.at))
    }
    for (const { isNew, issue } of issues.values()) {
      if (isNew) this.#sql.create.run(...cells(cells([], issue, shape.fixed), issue, shape.moving))
      else this.#write(issue)
    }
  }

  /** Inside a transaction of the writer: what was counted goes, what people said stays. */
  forgetCounts(): void {
    this.#sql.noCounts.run()
    this.#sql.noRuns.run()
    this.#sql.noHours.run()
  }

  async issues(question: IssueQuestion, now: number): Promise<readonly ListedIssue[]> {
    const { workspaceId, states, workflowId, environment, owner, after, limit } = question
    const conditions = ["i.workspace_id = ?", "i.count > 0"]
    const values: Cell[] = [workspaceId]
    const ask = (sql: string, ...asked: Cell[]) => {
      conditions.push(sql)
      values.push(...asked)
    }
    if (states.length > 0) ask(`i.state IN (${states.map(() => "?").join(", ")})`, ...states)
    if (workflowId !== null) ask("i.workflow_id = ?", workflowId)
    if (environment !== null) ask("i.environment = ?", environment)
    if (owner !== null) ask("i.owner = ?", owner)
    if (after !== null) ask("(i.last_seen_at, i.issue_key) < (?, ?)", after.lastSeenAt, after.key)
    const rows = this.#db
      .prepare<Cell[], StoredIssue>(
        `${listed} WHERE ${conditions.join(" AND ")} ORDER BY i.last_seen_at DESC, i.issue_key DESC LIMIT ?`,
      )
      .all(...values, limit)
    return rows.map((row) => this.#withTrend(row, now))
  }

  async issue(issueId: string, now: number): Promise<ListedIssue | null> {
    const row = this.#sql.issue.get(issueId)
    return row === undefined ? null : this.#withTrend(row, now)
  }

  async issueOf(runId: string): Promise<string | null> {
    return this.#sql.ofRun.get(runId)?.issueId ?? null
  }

  async issueRuns(issueId: string, before: number | null, limit: number): Promise<readonly IssueRun[]> {
    return this.#sql.runs.all(issueId, before ?? Number.MAX_SAFE_INTEGER, limit)
  }

  changeIssue(issueId: string, deed: IssueDeed, at: number, by: string): Promise<boolean> {
    return this.#lane.write(() => {
      const before = this.#sql.issue.get(issueId)
      if (before === undefined) return false
      this.#write(afterDeed(before, deed, at, by))
      return true
    })
  }

  #write(issue: Issue): void {
    this.#sql.change.run(...cells([], issue, shape.moving), issue.issueId)
  }

  #withTrend(row: StoredIssue, now: number): ListedIssue {
    const first = hourOf(now) - (trendHours - 1) * hourMs
    const trend = Array.from({ length: trendHours }, () => 0)
    for (const { hour, number } of this.#sql.hours.all(row.issueId, first)) {
      const index = (hour - first) / hourMs
      if (index < trendHours) trend[index] = number
    }
    return { ...row, trend }
  }
}

const listed = `SELECT i.issue_key AS key, ${selection(shape, "i")} FROM issues i`

function prepare(db: Database.Database) {
  return {
    issue: db.prepare<[string], StoredIssue>(`${listed} WHERE i.issue_id = ?`),
    create: db.prepare<Cell[]>(insertSql(shape, [])),
    change: db.prepare<Cell[]>(`UPDATE issues SET ${assignments(shape)} WHERE issue_id = ?`),
    addRun: db.prepare<Cell[]>("INSERT INTO issue_runs (issue_id, position, run_id) VALUES (?, ?, ?)"),
    addHour: db.prepare<Cell[]>(
      `INSERT INTO issue_hours (issue_id, hour, number) VALUES (?, ?, 1)
       ON CONFLICT (issue_id, hour) DO UPDATE SET number = number + 1`,
    ),
    hours: db.prepare<[string, number], { hour: number; number: number }>(
      "SELECT hour, number FROM issue_hours WHERE issue_id = ? AND hour >= ?",
    ),
    ofRun: db.prepare<[string], { issueId: string }>(
      `SELECT issue_id AS "issueId" FROM issue_runs WHERE run_id = ? LIMIT 1`,
    ),
    runs: db.prepare<[string, number, number], IssueRun>(
      `SELECT f.position, f.run_id AS "runId", r.workflow_version AS version, r.version_number AS "versionNumber",
         r.status, r.completed_at AS "completedAt", r.error_message AS message
       FROM issue_runs f JOIN workflow_runs r ON r.run_key = ${runKeyOf.replace("?", "f.run_id")}
       WHERE f.issue_id = ? AND f.position < ? ORDER BY f.position DESC LIMIT ?`,
    ),
    noCounts: db.prepare<[]>("UPDATE issues SET count = 0"),
    noRuns: db.prepare<[]>("DELETE FROM issue_runs"),
    noHours: db.prepare<[]>("DELETE FROM issue_hours"),
  }
}
