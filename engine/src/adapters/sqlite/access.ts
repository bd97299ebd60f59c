/** The port `AccessStore`: small tables, read whole, written in the lane of lower priority with their audit. */
import type Database from "better-sqlite3"
import type {
  AccessChange,
  AccessRows,
  AccessStore,
  KeyRow,
  MemberRow,
  SessionRow,
  TeamRow,
  UserRow,
  WorkspaceRow,
} from "../../ports/access-store.ts"
import type { AuditDraft } from "../../ports/audit-store.ts"
import type { SqliteAudit } from "./audit.ts"
import { type Cell, cells, columnOf, insertSql, overwrite, type RowShape, selection } from "./rows.ts"
import type { SideLane } from "./side-lane.ts"

interface Table<Row> extends RowShape<Row> {
  readonly key: readonly (keyof Row & string)[]
}

const workspace: Table<WorkspaceRow> = {
  table: "access_workspaces",
  key: ["workspaceId"],
  fixed: ["workspaceId", "createdAt", "createdBy"],
  moving: ["slug", "name"],
}
const user: Table<UserRow> = {
  table: "access_users",
  key: ["userId"],
  fixed: ["userId", "email", "createdAt", "createdBy"],
  moving: ["name", "password", "subject", "disabledAt"],
}
const member: Table<MemberRow> = {
  table: "access_members",
  key: ["workspaceId", "userId"],
  fixed: ["workspaceId", "userId", "createdAt"],
  // Who gave the role: the provider takes back only its own.
  moving: ["role", "createdBy"],
}
const team: Table<TeamRow> = {
  table: "access_teams",
  key: ["workspaceId", "name"],
  fixed: ["workspaceId", "name", "createdAt", "createdBy"],
  moving: ["description", "members"],
}
const key: Table<KeyRow> = {
  table: "access_keys",
  key: ["keyId"],
  fixed: [
    "keyId",
    "workspaceId",
    "name",
    "sha256",
    "prefix",
    "actor",
    "role",
    "scopes",
    "createdAt",
    "createdBy",
    "expiresAt",
  ],
  moving: ["lastUsedAt", "revokedAt", "revokedBy"],
}
const session: Table<SessionRow> = {
  table: "access_sessions",
  key: ["sessionId"],
  fixed: ["sessionId", "sha256", "userId", "method", "createdAt", "expiresAt", "address", "agent"],
  moving: ["lastSeenAt"],
}
const tables = { workspace, user, member, team, key, session }

export class SqliteAccess implements AccessStore {
  readonly #lane: SideLane
  readonly #audit: SqliteAudit
  readonly #sql: ReturnType<typeof prepare>

  constructor(db: Database.Database, lane: SideLane, audit: SqliteAudit) {
    this.#lane = lane
    this.#audit = audit
    this.#sql = prepare(db)
  }

  async load(): Promise<AccessRows> {
    const sql = this.#sql
    return {
      workspaces: sql.workspace.all.all(),
      users: sql.user.all.all(),
      members: sql.member.all.all(),
      teams: sql.team.all.all(),
      keys: sql.key.all.all(),
      sessions: sql.session.all.all(),
    }
  }

  write(changes: readonly AccessChange[], audit: readonly AuditDraft[]): Promise<void> {
    return this.#lane.write(() => {
      for (const change of changes) this.#apply(change)
      if (audit.length > 0) this.#audit.link(audit)
    })
  }

  #apply(change: AccessChange): void {
    if ("put" in change) {
      const { fixed, moving } = tables[change.put] as unknown as RowShape<object>
      this.#sql[change.put].put.run(...cells(cells([], change.row as object, fixed), change.row as object, moving))
    } else {
      const { key } = tables[change.drop] as unknown as Table<object>
      this.#sql[change.drop].drop.run(...cells([], change.row as object, key))
    }
  }
}

function statementsOf<Row>(db: Database.Database, table: Table<Row>) {
  const keys = table.key.map(columnOf)
  return {
    all: db.prepare<[], Row>(`SELECT ${selection(table, "t")} FROM ${table.table} t ORDER BY ${keys.join(", ")}`),
    put: db.prepare<Cell[]>(
      `${insertSql(table, [])} ON CONFLICT (${keys.join(", ")}) DO UPDATE SET ${overwrite(table)}`,
    ),
    drop: db.prepare<Cell[]>(`DELETE FROM ${table.table} WHERE ${keys.map((column) => `${column} = ?`).join(" AND ")}`),
  }
}

function prepare(db: Database.Database) {
  return {
    workspace: statementsOf(db, workspace),
    user: statementsOf(db, user),
    member: statementsOf(db, member),
    team: statementsOf(db, team),
    key: statementsOf(db, key),
    session: statementsOf(db, session),
  }
}
