/** The port `PolicyStore`. */
import type Database from "better-sqlite3"
import type { PolicyRow, PolicyStore } from "../../ports/redaction.ts"
import type { SideLane } from "./side-lane.ts"

type Stored = Omit<PolicyRow, "workflowId"> & { readonly workflowId: string }

export class SqliteRedaction implements PolicyStore {
  readonly #db: Database.Database
  readonly #lane: SideLane

  constructor(db: Database.Database, lane: SideLane) {
    this.#db = db
    this.#lane = lane
  }

  async policies(): Promise<readonly PolicyRow[]> {
    const newest = `${selected} JOIN (
      SELECT workspace_id AS w, workflow_id AS f, max(version) AS v FROM redaction_policies GROUP BY workspace_id, workflow_id
    ) ON p.workspace_id = w AND p.workflow_id = f AND p.version = v`
    return this.#db.prepare<[], Stored>(newest).all().map(scoped)
  }

  async versions(workspaceId: string, workflowId: string | null, limit: number): Promise<readonly PolicyRow[]> {
    const sql = `${selected} WHERE p.workspace_id = ? AND p.workflow_id = ? ORDER BY p.version DESC LIMIT ?`
    return this.#db
      .prepare<[string, string, number], Stored>(sql)
      .all(workspaceId, workflowId ?? "", limit)
      .map(scoped)
  }

  put(row: PolicyRow): Promise<boolean> {
    const { workspaceId, workflowId, version, policy, note, at, by } = row
    return this.#lane.write(() => {
      const sql = `INSERT OR IGNORE INTO redaction_policies (workspace_id, workflow_id, version, policy, note, at, by)
        VALUES (?, ?, ?, ?, ?, ?, ?)`
      return this.#db.prepare(sql).run(workspaceId, workflowId ?? "", version, policy, note, at, by).changes === 1
    })
  }

  async keys(): Promise<readonly string[]> {
    const rows = this.#db.prepare<[], { readonly id: string }>("SELECT key_id AS id FROM redaction_keys").all()
    return rows.map(({ id }) => id)
  }

  useKey(id: string, at: number): Promise<void> {
    return this.#lane.write(() => {
      this.#db.prepare("INSERT OR IGNORE INTO redaction_keys (key_id, first_at) VALUES (?, ?)").run(id, at)
    })
  }
}

const selected = `SELECT p.workspace_id AS workspaceId, p.workflow_id AS workflowId, p.version, p.policy, p.note, p.at, p.by
  FROM redaction_policies p`

function scoped(row: Stored): PolicyRow {
  return { ...row, workflowId: row.workflowId === "" ? null : row.workflowId }
}
