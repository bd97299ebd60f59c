/** A long run's context is told from a stored point and a short tail, and is what all its events fold to. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { decodeEvent } from "../../../core/run/decode-event.ts"
import type { RunEvent } from "../../../core/run/events.ts"
import { contextAt } from "../../../core/views/context-at.ts"
import { joinPieces } from "../../../core/views/json-pieces.ts"
import type { RunCommit } from "../../../ports/store.ts"
import { operationsRun } from "../../../testing/builders/run-history.ts"
import { FileBlobs } from "../../blobs/files.ts"
import { blobFolder, openSqlite } from "../open.ts"
import { databaseName, openReader } from "../open-database.ts"
import { ContextReader, defaultContextBounds } from "../queries/context-reader.ts"
import { type Row, Statements } from "../queries/statements.ts"
import type { Cell } from "../rows.ts"
import { Indexer } from "./indexer.ts"
import { AttachedSearch, openSearchWriter, searchPath } from "./search-file.ts"

/** Counts the events that are read to be folded. */
class Counting extends Statements {
  events = 0

  override all(sql: string, values: readonly Cell[]): Row[] {
    const rows = super.all(sql, values)
    if (sql.includes("FROM workflow_run_events")) this.events += rows.length
    return rows
  }
}

const runId = "run_long"
const commits = operationsRun(runId, 1_000, 40)
const eventsOf = (some: readonly RunCommit[]) =>
  some.flatMap((one) => one.events).map((one) => (decodeEvent(one) as { readonly event: RunEvent }).event)
const events = eventsOf(commits)

const every = 20
const bounds = { events: every, eventsPerRead: 7, charsMax: 32 << 20 }

let folder: string
let path: string
const opened: Database.Database[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "waybill-points-"))
  path = join(folder, databaseName)
  await put(commits)
})
afterEach(() => {
  for (const db of opened.splice(0)) db.close()
  rmSync(folder, { recursive: true, force: true })
})

async function put(some: readonly RunCommit[]): Promise<void> {
  const data = openSqlite({ folder, blobs: new FileBlobs(blobFolder(folder)), port: null })
  for (const one of some) expect(await data.store.commit([one])).toMatchObject({ kind: "durable" })
  await data.close()
}

function keep<T extends Database.Database>(db: T): T {
  opened.push(db)
  return db
}

/** As the thread does it that fills the index, until there is nothing to do. */
function filled(with_ = bounds): Database.Database {
  const search = keep(openSearchWriter(searchPath(path)))
  const indexer = new Indexer(keep(openReader(path)), search, with_)
  let turns = 0
  while (indexer.advance().more) expect(++turns).toBeLessThan(1_000)
  return search
}

function reader(): { contexts: ContextReader; statements: Counting } {
  const db = keep(openReader(path))
  new AttachedSearch(db, path)
  const statements = new Counting(db, { clock: () => 0, transactionMs: 1_000, watch: null })
  return { statements, contexts: new ContextReader(statements, { ...defaultContextBounds, pointEvery: every }) }
}

const told = (contexts: ContextReader, at: number | null) =>
  JSON.parse(joinPieces(contexts.textAt(runId, at)!, new Map())) as object

describe("points of long runs", () => {
  it("the first look at a long run reads no more events than lie between two points, wherever it looks", () => {
    filled()
    expect(events.length).toBeGreaterThan(5 * every)
    for (const at of [null, events.length - 1, Math.floor(events.length / 2), every + 3, 2 * every, 5]) {
      const { contexts, statements } = reader()
      expect(told(contexts, at)).toEqual({ ...contextAt(runId, events, at)!, seq: at ?? events.length })
      expect(statements.events).toBeLessThan(every)
    }
    const { contexts, statements } = reader()
    expect(JSON.parse(joinPieces(contexts.textNow(runId)!, new Map()))).toEqual(contextAt(runId, events, null)!.value)
    expect(statements.events).toBe(0)
  })

  it("a run that goes on is folded on from its last point", async () => {
    rmSync(folder, { recursive: true })
    const some = commits.slice(0, commits.length / 2)
    await put(some)
    const half = eventsOf(some).length
    const search = filled()
    const points = () => search.prepare("SELECT seq FROM context_points ORDER BY seq").pluck().all() as number[]
    // No point is made of an end that is none.
    expect(points()).toEqual(Array.from({ length: Math.floor(half / every) }, (_, index) => (index + 1) * every))
    const { contexts, statements } = reader()
    expect(told(contexts, null)).toEqual({ ...contextAt(runId, events.slice(0, half), null)!, seq: half })
    expect(statements.events).toBeLessThan(every)
  })

  it("keeps within its room, and has the end of the run still", () => {
    const search = filled({ ...bounds, charsMax: 1 })
    expect(search.prepare("SELECT seq FROM context_points").pluck().all()).toEqual([events.length])
    const { contexts, statements } = reader()
    expect(told(contexts, null)).toEqual({ ...contextAt(runId, events, null)!, seq: events.length })
    expect(statements.events).toBe(0)
  })

  it("a point of other events, or of another release, is not looked at", () => {
    const search = filled()
    for (const change of ["hash = 'x'", "codec = 'x'"]) {
      search.exec(`UPDATE context_points SET ${change}`)
      const { contexts, statements } = reader()
      expect(told(contexts, null)).toEqual({ ...contextAt(runId, events, null)!, seq: events.length })
      expect(statements.events).toBeGreaterThan(2 * every)
    }
    // The next start makes them again.
    expect(filled().prepare("SELECT max(seq) FROM context_points WHERE codec <> 'x'").pluck().get()).toBe(events.length)
  })

  it("a run of which an erasure has taken the first events already does not hold up the index", () => {
    keep(new Database(path)).exec("DELETE FROM workflow_run_events WHERE seq <= 3")
    const search = filled()
    expect(search.prepare("SELECT position FROM place WHERE name = 'feed'").pluck().get()).toBeGreaterThan(every)
    expect(search.prepare("SELECT count(*) FROM context_points").pluck().get()).toBe(0)
    expect(search.prepare("SELECT count(*) FROM long_runs").pluck().get()).toBe(0)
  })

  it("what was cleared away is told no more, neither from a point nor from memory, and its points go", () => {
    const search = filled()
    const { contexts } = reader()
    expect(contexts.textAt(runId, null)).not.toBeNull()
    keep(new Database(path)).exec("UPDATE workflow_run_events SET payload = NULL, salt = NULL")
    expect(contexts.textAt(runId, null)).toBeNull()
    expect(reader().contexts.textNow(runId)).toBeNull()
    filled()
    expect(search.prepare("SELECT count(*) FROM context_points").pluck().get()).toBe(0)
    expect(search.prepare("SELECT count(*) FROM long_runs").pluck().get()).toBe(0)
  })
})
