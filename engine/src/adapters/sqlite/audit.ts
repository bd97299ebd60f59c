/** The port `AuditStore`. Drafts get their place in the chain inside the transaction that writes them. */
import type Database from "better-sqlite3"
import { type AuditLink, auditHash, firstAuditLink } from "../../core/audit/audit-chain.ts"
import type { HexSha256 } from "../../core/run/chain.ts"
import type { AuditDraft, AuditEntry, AuditHead, AuditQuestion, AuditStore } from "../../ports/audit-store.ts"
import { type Cell, cells, insertSql, type RowShape, selection } from "./rows.ts"
import type { SideLane } from "./side-lane.ts"

const shape: RowShape<AuditEntry> = {
  table: "audit_entries",
  fixed: [
    "workspaceId",
    "number",
    "at",
    "actor",
    "credential",
    "action",
    "target",
    "door",
    "address",
    "outcome",
    "status",
    "requestId",
    "detail",
    "prevHash",
    "hash",
  ],
  moving: [],
}

export class SqliteAudit implements AuditStore {
  readonly #db: Database.Database
  readonly #lane: SideLane
  readonly #sha256: HexSha256
  readonly #sql: ReturnType<typeof prepare>

  constructor(db: Database.Database, lane: SideLane, sha256: HexSha256) {
    this.#db = db
    this.#lane = lane
    this.#sha256 = sha256
    this.#sql = prepare(db)
  }

  append(drafts: readonly AuditDraft[]): Promise<void> {
    return this.#lane.write(() => this.link(drafts))
  }

  /** Inside a transaction of the writer's. */
  link(drafts: readonly AuditDraft[]): void {
    const heads = new Map<string, AuditLink>()
    for (const draft of drafts) {
      const { workspaceId } = draft
      const prev = heads.get(workspaceId) ?? this.#sql.head.get(workspaceId) ?? firstAuditLink
      const entry = {
        ...draft,
        number: prev.number + 1,
        prevHash: prev.hash,
        hash: auditHash(this.#sha256, prev, draft),
      }
      this.#sql.add.run(...cells([], entry, shape.fixed))
      heads.set(workspaceId, entry)
    }
    for (const [workspaceId, { number, hash }] of heads) this.#sql.setHead.run(workspaceId, number, hash)
  }

  async list({ workspaceId, actor, action, target, outcome, from, to, before, limit }: AuditQuestion) {
    const conditions = ["e.workspace_id = ?", "e.number < ?"]
    const values: Cell[] = [workspaceId, before ?? Number.MAX_SAFE_INTEGER]
    const also = (condition: string, ...given: Cell[]) => {
      conditions.push(condition)
      values.push(...given)
    }
    if (actor !== null) also("e.actor = ?", actor)
    // A prefix as a range: `run.` is all from `run.` up to `run/`.
    if (action?.endsWith(".")) also("e.action >= ? AND e.action < ?", action, `${action.slice(0, -1)}/`)
    else if (action !== null) also("e.action = ?", action)
    if (target !== null) also("e.target = ?", target)
    if (outcome !== null) also("e.outcome = ?", outcome)
    if (from !== null) also("e.at >= ?", from)
    if (to !== null) also("e.at < ?", to)
    return this.#db
      .prepare<Cell[], AuditEntry>(
        `SELECT ${selection(shape, "e")} FROM audit_entries e WHERE ${conditions.join(" AND ")}
         ORDER BY e.number DESC LIMIT ?`,
      )
      .all(...values, limit)
  }

  async heads(): Promise<readonly AuditHead[]> {
    return this.#sql.heads.all()
  }

  async chain(workspaceId: string, after: number, limit: number): Promise<readonly AuditEntry[]> {
    return this.#sql.chain.all(workspaceId, after, limit)
  }
}

function prepare(db: Database.Database) {
  return {
    add: db.prepare<Cell[]>(insertSql(shape, [])),
    head: db.prepare<[string], AuditLink>("SELECT number, hash FROM audit_heads WHERE workspace_id = ?"),
    setHead: db.prepare<[string, number, string]>(
      `INSERT INTO audit_heads (workspace_id, number, hash) VALUES (?, ?, ?)
       ON CONFLICT (workspace_id) DO UPDATE SET number = excluded.number, hash = excluded.hash`,
    ),
    // A chain without a head shows too: somebody has taken the head away.
    heads: db.prepare<[], AuditHead>(
      `SELECT workspace_id AS "workspaceId", number, hash FROM audit_heads
       UNION ALL SELECT DISTINCT e.workspace_id, 0, '' FROM audit_entries e
         WHERE e.workspace_id NOT IN (SELECT workspace_id FROM audit_heads)
       ORDER BY 1`,
    ),
    chain: db.prepare<[string, number, number], AuditEntry>(
      `SELECT ${selection(shape, "e")} FROM audit_entries e WHERE e.workspace_id = ? AND e.number > ?
       ORDER BY e.number LIMIT ?`,
    ),
  }
}
