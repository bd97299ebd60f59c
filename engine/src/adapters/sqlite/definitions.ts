/** The port `DefinitionStore`: definitions, their versions, and what lists tell of their runs. */
import type Database from "better-sqlite3"
import type { Problem } from "../../core/definition/problem.ts"
import type {
  DefinitionChange,
  DefinitionKey,
  DefinitionRecord,
  DefinitionStats,
  DefinitionStore,
  VersionRecord,
} from "../../ports/definition-store.ts"
import type { ReaderPool } from "./reader-pool.ts"
import { cells, insertSql, overwrite, type RowShape, selection } from "./rows.ts"
import type { SideLane } from "./side-lane.ts"

/** `problems` as JSON text. */
type RecordRow = Omit<DefinitionRecord, "problems"> & { readonly problems: string }

const key = ["workspaceId", "environment", "workflowId"] as const

const recordShape: RowShape<RecordRow> = {
  table: "workflow_definitions",
  fixed: [...key, "createdAt"],
  moving: ["versionNumber", "name", "description", "status", "source", "file", "syncState", "problems", "updatedAt"],
}

const versionShape: RowShape<VersionRecord> = {
  table: "workflow_definition_versions",
  fixed: [
    ...key,
    "versionNumber",
    "version",
    "hash",
    "format",
    "text",
    "source",
    "file",
    "createdAt",
    "createdBy",
    "note",
  ],
  moving: [],
}

export class SqliteDefinitions implements DefinitionStore {
  readonly #lane: SideLane
  readonly #readers: ReaderPool
  readonly #sql: ReturnType<typeof prepare>

  constructor(db: Database.Database, lane: SideLane, readers: ReaderPool) {
    this.#lane = lane
    this.#readers = readers
    this.#sql = prepare(db)
  }

  async records(): Promise<readonly DefinitionRecord[]> {
    return this.#sql.records.all().map((row) => ({ ...row, problems: JSON.parse(row.problems) as Problem[] }))
  }

  async version(of: DefinitionKey, versionNumber: number | null): Promise<VersionRecord | null> {
    const { workspaceId, environment, workflowId } = of
    return this.#sql.version.get(workspaceId, environment, workflowId, versionNumber, versionNumber) ?? null
  }

  async versionByLabel(of: DefinitionKey, label: string): Promise<VersionRecord | null> {
    return this.#sql.byLabel.get(of.workspaceId, of.environment, of.workflowId, label) ?? null
  }

  async versions(of: DefinitionKey, limit: number, before: number | null): Promise<readonly VersionRecord[]> {
    const least = before ?? Number.MAX_SAFE_INTEGER
    return this.#sql.versions.all(of.workspaceId, of.environment, of.workflowId, least, limit)
  }

  async byHash(hash: string): Promise<VersionRecord | null> {
    return this.#sql.byHash.get(hash) ?? null
  }

  apply(changes: readonly DefinitionChange[]): Promise<void> {
    return this.#lane.write(() => {
      for (const change of changes) this.#apply(change)
    })
  }

  stats(
    workspaceId: string,
    environment: string,
    workflowIds: readonly string[],
    now: number,
  ): Promise<ReadonlyMap<string, DefinitionStats>> {
    return this.#readers.read("definitionStats", workspaceId, environment, workflowIds, now)
  }

  async hasRuns(of: DefinitionKey): Promise<boolean> {
    return this.#sql.hasRuns.get(of.workspaceId, of.environment, of.workflowId) !== undefined
  }

  #apply(change: DefinitionChange): void {
    switch (change.kind) {
      case "put-record": {
        const row: RecordRow = { ...change.record, problems: JSON.stringify(change.record.problems) }
        this.#sql.putRecord.run(...cells(cells([], row, recordShape.fixed), row, recordShape.moving))
        return
      }
      case "add-version":
        this.#sql.addVersion.run(...cells([], change.version, versionShape.fixed))
        return
      case "delete": {
        const { workspaceId, environment, workflowId } = change.key
        this.#sql.deleteRecord.run(workspaceId, environment, workflowId)
        this.#sql.deleteVersions.run(workspaceId, environment, workflowId)
        return
      }
      case "keep-answer": {
        const { scope, key: header, bodyHash, runId, answer, expiresAt } = change.answer
        this.#sql.keepAnswer.run(scope, header, bodyHash, runId, answer, expiresAt)
      }
    }
  }
}

function prepare(db: Database.Database) {
  const record = selection(recordShape, "d")
  const version = selection(versionShape, "v")
  const ofRecord = "workspace_id = ? AND environment = ? AND workflow_id = ?"
  const ofVersion = "v.workspace_id = ? AND v.environment = ? AND v.workflow_id = ?"
  const versions = "FROM workflow_definition_versions v"
  return {
    records: db.prepare<[], RecordRow>(
      `SELECT ${record} FROM workflow_definitions d ORDER BY d.workspace_id, d.environment, d.workflow_id`,
    ),
    version: db.prepare<[string, string, string, number | null, number | null], VersionRecord>(
      `SELECT ${version} ${versions} WHERE ${ofVersion} AND (? IS NULL OR v.version_number = ?)
       ORDER BY v.version_number DESC LIMIT 1`,
    ),
    byLabel: db.prepare<[string, string, string, string], VersionRecord>(
      `SELECT ${version} ${versions} WHERE ${ofVersion} AND v.version = ? ORDER BY v.version_number DESC LIMIT 1`,
    ),
    versions: db.prepare<[string, string, string, number, number], VersionRecord>(
      `SELECT ${version} ${versions} WHERE ${ofVersion} AND v.version_number < ? ORDER BY v.version_number DESC LIMIT ?`,
    ),
    byHash: db.prepare<[string], VersionRecord>(`SELECT ${version} ${versions} WHERE v.hash = ? LIMIT 1`),
    putRecord: db.prepare(
      `${insertSql(recordShape, [])} ON CONFLICT (workspace_id, environment, workflow_id) DO UPDATE SET ${overwrite(recordShape)}`,
    ),
    addVersion: db.prepare(insertSql(versionShape, [])),
    deleteRecord: db.prepare(`DELETE FROM workflow_definitions WHERE ${ofRecord}`),
    deleteVersions: db.prepare(`DELETE FROM workflow_definition_versions WHERE ${ofRecord}`),
    // Who asks has looked: what is there has expired.
    keepAnswer: db.prepare(
      `INSERT OR REPLACE INTO workflow_idempotency (scope, key, body_hash, run_id, answer, expires_at)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ),
    hasRuns: db.prepare<[string, string, string], { found: number }>(
      `SELECT 1 AS found FROM workflow_definition_counters WHERE ${ofRecord}`,
    ),
  }
}
