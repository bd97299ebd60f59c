/** The port `MeasureStore`: counted on a reader's thread aside, stored in the lane of lower priority (rules 29, 33). */
import type Database from "better-sqlite3"
import type { RunsTold } from "../../core/measures/tell-runs.ts"
import type { RunFilter } from "../../core/views/run-query.ts"
import type {
  MeasureCursor,
  MeasuredRuns,
  MeasureQuestion,
  MeasureSlice,
  MeasureStore,
  Repairs,
  ScannedRuns,
  SliceBounds,
  SloRow,
  StepCell,
} from "../../ports/measure-store.ts"
import type { ServiceLevels, ServiceQuestion } from "../../ports/service-levels.ts"
import type { SqliteIssues } from "./issues.ts"
import type { ReaderPool } from "./reader-pool.ts"
import { RollupWriter, runTable, stepTable } from "./rollup-tables.ts"
import { type Cell, cells, columnOf, insertSql, overwrite, type RowShape, selection } from "./rows.ts"
import type { SideLane } from "./side-lane.ts"

const sloShape: RowShape<SloRow> = {
  table: "slos",
  fixed: ["workspaceId", "sloId"],
  moving: [
    "workflowId",
    "environment",
    "objective",
    "target",
    "limitMs",
    "windowDays",
    "description",
    "changedAt",
    "changedBy",
  ],
}

export class SqliteMeasures implements MeasureStore {
  readonly #lane: SideLane
  readonly #readers: ReaderPool
  readonly #sql: ReturnType<typeof prepare>
  readonly #runs: RollupWriter<MeasureSlice["rollups"][number]>
  readonly #steps: RollupWriter<MeasureSlice["stepRollups"][number]>

  readonly #issues: SqliteIssues
  readonly #signs: boolean

  /** @param signs whether seals are signed here: then one without a signature is nobody's */
  constructor(db: Database.Database, lane: SideLane, readers: ReaderPool, issues: SqliteIssues, signs: boolean) {
    this.#signs = signs
    this.#issues = issues
    this.#lane = lane
    this.#readers = readers
    this.#sql = prepare(db)
    this.#runs = new RollupWriter(db, runTable)
    this.#steps = new RollupWriter(db, stepTable)
  }

  async cursor(): Promise<MeasureCursor> {
    return this.#sql.cursor.get()!
  }

  slice(after: number, head: number, bounds: SliceBounds): Promise<MeasureSlice> {
    return this.#readers.readAside("measureSlice", after, head, bounds)
  }

  add(slice: MeasureSlice, from: MeasureCursor): Promise<boolean> {
    return this.#lane.write(() => {
      if (this.#sql.advance.run(slice.to, from.position, from.round).changes === 0) return false
      this.#runs.add(slice.rollups, slice.from, slice.to)
      this.#steps.add(slice.stepRollups, slice.from, slice.to)
      this.#issues.seen(slice.failures)
      return true
    })
  }

  async restart(): Promise<boolean> {
    if (await this.#readers.readAside("endedRunsGone")) return false
    return this.#lane.write(() => {
      this.#sql.restart.run()
      this.#runs.clear()
      this.#steps.clear()
      this.#issues.forgetCounts()
      return true
    })
  }

  runs(question: MeasureQuestion): Promise<MeasuredRuns> {
    return this.#readers.read("measuredRuns", question)
  }

  told(question: MeasureQuestion): Promise<RunsTold> {
    return this.#readers.read("toldRuns", question)
  }

  steps(question: MeasureQuestion): Promise<readonly StepCell[]> {
    return this.#readers.read("measuredSteps", question)
  }

  scan(question: MeasureQuestion, filter: RunFilter, now: number): Promise<ScannedRuns> {
    return this.#readers.read("scanRuns", question, filter, now)
  }

  repairs(question: MeasureQuestion, filter: RunFilter | null, now: number): Promise<Repairs> {
    return this.#readers.read("repairs", question, filter, now)
  }

  service(question: ServiceQuestion): Promise<ServiceLevels> {
    return this.#readers.read("serviceLevels", question, this.#signs)
  }

  async slos(workspaceId: string): Promise<readonly SloRow[]> {
    return this.#sql.slos.all(workspaceId)
  }

  async everySlo(): Promise<readonly SloRow[]> {
    return this.#sql.everySlo.all()
  }

  putSlo(row: SloRow, most: number): Promise<boolean> {
    return this.#lane.write(() => {
      if (this.#sql.otherSlos.get(row.workspaceId, row.sloId)!.number >= most) return false
      this.#sql.putSlo.run(...cells(cells([], row, sloShape.fixed), row, sloShape.moving))
      return true
    })
  }

  removeSlo(workspaceId: string, sloId: string): Promise<boolean> {
    return this.#lane.write(() => this.#sql.removeSlo.run(workspaceId, sloId).changes > 0)
  }
}

function prepare(db: Database.Database) {
  const key = sloShape.fixed.map(columnOf).join(", ")
  return {
    cursor: db.prepare<[], MeasureCursor>("SELECT position, round FROM measure_cursor WHERE name = 'feed'"),
    advance: db.prepare<[number, number, number]>(
      "UPDATE measure_cursor SET position = ? WHERE name = 'feed' AND position = ? AND round = ?",
    ),
    restart: db.prepare<[]>("UPDATE measure_cursor SET position = 0, round = round + 1 WHERE name = 'feed'"),
    slos: db.prepare<[string], SloRow>(
      `SELECT ${selection(sloShape, "s")} FROM slos s WHERE s.workspace_id = ? ORDER BY s.slo_id`,
    ),
    everySlo: db.prepare<[], SloRow>(`SELECT ${selection(sloShape, "s")} FROM slos s`),
    otherSlos: db.prepare<[string, string], { number: number }>(
      "SELECT count(*) AS number FROM slos WHERE workspace_id = ? AND slo_id <> ?",
    ),
    putSlo: db.prepare<Cell[]>(`${insertSql(sloShape, [])} ON CONFLICT (${key}) DO UPDATE SET ${overwrite(sloShape)}`),
    removeSlo: db.prepare<[string, string]>("DELETE FROM slos WHERE workspace_id = ? AND slo_id = ?"),
  }
}
