/**
 * The port `AuditStore`. Drafts get their place in the chain inside the transaction that writes them; what is asked of it is
 * answered on a reader's thread.
 */
import type Database from "better-sqlite3"
import { type AuditLink, auditHash, firstAuditLink } from "../../core/audit/audit-chain.ts"
import type { HexSha256 } from "../../core/run/chain.ts"
import type { AuditDraft, AuditEntry, AuditHead, AuditQuestion, AuditStore } from "../../ports/audit-store.ts"
import { auditShape as shape } from "./queries/audit-entries.ts"
import type { ReaderPool } from "./reader-pool.ts"
import { type Cell, cells, insertSql, selection } from "./rows.ts"
import type { SideLane } from "./side-lane.ts"

export class SqliteAudit implements AuditStore {
  readonly #readers: ReaderPool
  readonly #lane: SideLane
  readonly #sha256: HexSha256
  readonly #sql: ReturnType<typeof prepare>

  constructor(db: Database.Database, readers: ReaderPool, lane: SideLane, sha256: HexSha256) {
    this.#readers = readers
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

  list(question: AuditQuestion): Promise<readonly AuditEntry[]> {
    return this.#readers.read("auditEntries", question)
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
