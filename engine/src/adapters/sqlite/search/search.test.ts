/** What the index finds is what a look at every run's events finds, however it was filled, cleared and built again. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { Json } from "../../../core/json.ts"
import { Random } from "../../../core/random.ts"
import { decodeEvent } from "../../../core/run/decode-event.ts"
import { runValues } from "../../../core/search/run-values.ts"
import { parseRunQuery, withQuery } from "../../../core/views/run-language/index.ts"
import { matchesFilter, noFilter, type RunFilter, resolveFilter } from "../../../core/views/run-query.ts"
import type { RunCommit } from "../../../ports/store.ts"
import { RunHistory } from "../../../testing/builders/run-history.ts"
import { FileBlobs } from "../../blobs/files.ts"
import { blobFolder, openSqlite, type SqliteData } from "../open.ts"
import { databaseName } from "../open-database.ts"
import { searchName } from "./search-file.ts"

let folder: string
let data: SqliteData
const open = () => {
  data = openSqlite({ folder, blobs: new FileBlobs(blobFolder(folder)), port: null, readers: 1, clearedMs: 60_000 })
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "waybill-search-"))
  open()
})
afterEach(async () => {
  await data.close()
  rmSync(folder, { recursive: true, force: true })
})

const words = ["acme", "Zürich", "card_declined", "order 7", "42", "pending review", "日本橋", "a-b-c", "true"]

function randomValue(random: Random, depth = 0): Json {
  const pick = () => words[random.below(words.length)]!
  switch (random.below(depth > 2 ? 4 : 6)) {
    case 0:
      return random.below(50)
    case 1:
      return random.chance(0.5)
    case 2:
      return null
    case 3:
      return `${pick()} ${pick()}`
    case 4:
      return [randomValue(random, depth + 1), randomValue(random, depth + 1)]
    default:
      return { customer: pick(), id: random.below(5), more: randomValue(random, depth + 1) }
  }
}

function randomRun(random: Random, index: number, workspaceId = "default"): readonly RunCommit[] {
  const history = new RunHistory(`run_${index}`, 1_000 + index, { workspaceId, correlationId: `corr-${index % 7}` })
  const value = (): Json => ({
    customer: words[random.below(words.length)]!,
    n: random.below(9),
    x: randomValue(random),
  })
  const commits = [history.created({}, { input: { value: value() } }), history.started()]
  history.at += 5
  if (random.chance(0.2)) return commits
  history.add("step.succeeded", { attempt: 1, fence: 1, output: { value: value() } }, "step_a")
  commits.push(history.commit())
  if (random.chance(0.3)) return [...commits, history.failed("card_declined")]
  const isStep = random.chance(0.5)
  history.add("run.completed", {
    counts: {} as never,
    outputSeq: isStep ? 3 : null,
    output: isStep ? null : { value: value() },
  })
  return [...commits, history.commit({ status: "COMPLETED", completedAt: history.at, outputSeq: isStep ? 3 : 4 })]
}

async function store(count: number, seed: number): Promise<readonly string[]> {
  const random = new Random(seed)
  for (let index = 0; index < count; index++)
    expect(await data.store.commit(randomRun(random, index))).toMatchObject({ kind: "durable" })
  return Array.from({ length: count }, (_, index) => `run_${index}`)
}

async function indexAll(): Promise<void> {
  while ((await data.search.advance()).more);
}

async function found(query: string, workspaceId = "default"): Promise<readonly string[]> {
  const parsed = parseRunQuery(query)
  expect(parsed.problems).toEqual([])
  return foundBy(withQuery(noFilter, parsed), workspaceId)
}

async function foundBy(filter: RunFilter, workspaceId = "default"): Promise<readonly string[]> {
  const listed = await data.queries.runs({
    workspaceId,
    now: 2_000,
    filter,
    sort: "createdAt",
    cursor: null,
    limit: 200,
  })
  if (!listed.ok) throw new Error(listed.message)
  const ids = listed.page.items.map((row) => row.runId)
  const counted = await data.queries.countsByStatus({ workspaceId, filter, now: 2_000 })
  expect(Object.values(counted.value).reduce((sum, n) => sum + n, 0)).toBe(ids.length)
  return ids
}

/** By reading every run's events. */
async function naive(query: string, runIds: readonly string[]): Promise<readonly string[]> {
  const filter = resolveFilter(withQuery(noFilter, parseRunQuery(query)), 2_000)
  const ids: string[] = []
  for (const runId of runIds) {
    const events = (await data.queries.events(runId, { after: 0, types: [], limit: 100 })).flatMap((row) => {
      const decoded = decodeEvent(row)
      return decoded.ok ? [decoded.event] : []
    })
    const row = (await data.queries.run(runId))!
    const standing = (await data.remarks.standing(runId))!
    if (matchesFilter(row, standing, filter, runValues(events))) ids.push(runId)
  }
  return ids
}

const queries = [
  "acme",
  "ACME",
  "zurich",
  "Zürich",
  "declined",
  "card_declined",
  '"order 7"',
  '"7 order"',
  "pend*",
  "橋",
  "日本",
  "un_1",
  "corr-3",
  "orders",
  "-acme",
  "acme pending",
  "acme -zurich status:completed",
  "in.customer:acme",
  "in.customer:acme,42",
  "in.customer:a*",
  "in.customer:*e",
  "in.n:3",
  "in.n:>5",
  "in.n:2..4 out.n:<6",
  "in.x.id:4",
  "in.x.more.customer:acme",
  "in.customer:42",
  "-in.customer:acme",
  "out.customer:/^a/",
  "out.n:>=0",
  "in.x:true",
  "in.x:null",
  "in.nothing:1",
  "broke",
]

describe("search in values", () => {
  it("finds by every query the runs that a look at each run's events finds, and counts them", async () => {
    const runIds = await store(150, 5)
    await indexAll()
    let some = 0
    for (const query of queries) {
      const wanted = await naive(query, runIds)
      expect(await found(query), query).toEqual(wanted)
      if (wanted.length > 0) some++
    }
    expect(some).toBeGreaterThan(queries.length - 6)
  })

  it("finds the same when it was filled slice by slice while runs went on, and after it was built again", async () => {
    const random = new Random(9)
    const runs = Array.from({ length: 60 }, (_, index) => randomRun(random, index))
    for (let turn = 0; turn < 4; turn++) {
      for (const commits of runs) {
        const commit = commits[turn]
        if (commit !== undefined) await data.store.commit([commit])
      }
      await data.search.advance()
    }
    await indexAll()
    const runIds = runs.map((_, index) => `run_${index}`)
    const check = async () => {
      for (const query of queries) expect(await found(query), query).toEqual(await naive(query, runIds))
    }
    await check()
    await data.search.restart()
    expect(await found("in.n:3")).toEqual([])
    await indexAll()
    await check()
  })

  it("finds a run by its id before it is in the index, and tells how far behind it is", async () => {
    await store(5, 1)
    expect(await found("un_3")).toEqual(["run_3"])
    await indexAll()
    await data.store.commit(randomRun(new Random(2), 77))
    expect(await found("un_77")).toEqual(["run_77"])
    const progress = await data.search.advance()
    expect(progress).toMatchObject({ position: progress.head, more: false })
  })

  it("finds nothing of another workspace", async () => {
    const random = new Random(3)
    for (let index = 0; index < 20; index++)
      await data.store.commit(randomRun(random, index, index % 2 ? "mine" : "yours"))
    await indexAll()
    for (const query of ["in.n:>=0", "-nowhere", "run_"]) {
      const mine = await found(query, "mine")
      expect(mine).toHaveLength(10)
      expect(mine.every((id) => Number(id.slice(4)) % 2 === 1)).toBe(true)
      expect(await found(query, "nobodys")).toEqual([])
    }
  })

  it.each(["io", "events", "summaries"] as const)("forgets what retention clears away as %s", async (name) => {
    const secret = new RunHistory("run_old", 1_000)
    await data.store.commit([secret.created({}, { input: { value: { word: "xylophone", n: 1 } } }), secret.completed()])
    const kept = new RunHistory("run_new", 9_000)
    await data.store.commit([kept.created({}, { input: { value: { word: "xylophone", n: 1 } } }), kept.completed()])
    await indexAll()
    expect(await found("xylophone")).toEqual(["run_old", "run_new"])
    await data.retention.purge("default", name, 5_000, 10, 10_000)
    await indexAll()
    expect(await found("xylophone")).toEqual(["run_new"])
    expect(await found("in.word:xylophone")).toEqual(["run_new"])
    expect(await found("run_old")).toEqual(name === "summaries" ? [] : ["run_old"])
    expect(postings("xylophone")).toBe(1)
    expect(rowsOf("leaves")).toBe(2 + 1)
    // And not again by building anew.
    await data.search.restart()
    await indexAll()
    expect(await found("xylophone")).toEqual(["run_new"])
  })

  it("forgets no value when only logs are cleared away", async () => {
    const history = new RunHistory("run_old", 1_000)
    await data.store.commit([history.created({}, { input: { value: { word: "xylophone" } } }), history.completed()])
    await indexAll()
    expect(await data.retention.purge("default", "logs", 5_000, 10, 10_000)).toMatchObject({ runs: 1 })
    await indexAll()
    expect(await found("in.word:xylophone")).toEqual(["run_old"])
    expect(await found("xylophone")).toEqual(["run_old"])
  })

  it("forgets a run that sampling took away, and no other", async () => {
    for (const [id, at] of [
      ["run_away", 1_000],
      ["run_kept", 2_000],
    ] as const) {
      const history = new RunHistory(id, at)
      await data.store.commit([history.created({}, { input: { value: { word: "xylophone" } } }), history.completed()])
    }
    await indexAll()
    const bounds = { since: 0, until: 5_000, most: 10, now: 10_000 }
    expect(await data.sampling.sample("default", bounds, ({ runId }) => runId === "run_away")).toMatchObject({
      runs: 1,
    })
    await indexAll()
    expect(await found("xylophone")).toEqual(["run_kept"])
    expect(await found("run_away")).toEqual([])
    expect(postings("xylophone")).toBe(1)
  })

  it("finds what lies in the archive, until the run's own row goes", async () => {
    const history = new RunHistory("run_old", 1_000)
    const created = history.created({}, { input: { value: { word: "xylophone" } } })
    await data.store.commit([created, history.completed()])
    await indexAll()
    const archived = new Database(join(folder, databaseName))
    archived.exec(
      "INSERT INTO retention_progress (workspace_id, class, completed_at, run_key) VALUES ('default', 'archive', 5000, 9)",
    )
    archived.close()
    await data.retention.purge("default", "events", 5_000, 10, 10_000)
    await indexAll()
    expect(await found("in.word:xylophone")).toEqual(["run_old"])
    await data.retention.purge("default", "summaries", 5_000, 10, 10_000)
    await indexAll()
    expect(postings("xylophone")).toBe(0)
  })

  it("is built again when it is damaged, or when the database is another than the one it was made of", async () => {
    await store(10, 4)
    await indexAll()
    const before = await found("in.n:>=0")
    await data.close()
    writeFileSync(join(folder, searchName), "not a database at all, however long it may be".repeat(200))
    open()
    expect(await found("in.n:>=0")).toEqual([])
    await indexAll()
    expect(await found("in.n:>=0")).toEqual(before)
    await data.close()
    withIndex((db) => db.exec("UPDATE place SET hash = 'of another history'; DELETE FROM leaves"))
    open()
    await indexAll()
    expect(await found("in.n:>=0")).toEqual(before)
  })

  it("is built again where only a part of it is damaged, met by the thread that fills it or by a list", async () => {
    await store(40, 4)
    await indexAll()
    const before = await found("acme")
    expect(before.length).toBeGreaterThan(0)
    for (const meets of ["index", "list"]) {
      await data.close()
      withIndex((db) => db.pragma("wal_checkpoint(TRUNCATE)"))
      const bytes = readFileSync(join(folder, searchName))
      writeFileSync(join(folder, searchName), bytes.fill(0x5a, 2 * 4_096))
      open()
      if (meets === "index") await data.store.commit(randomRun(new Random(5), 99))
      else await expect(found("acme")).rejects.toThrow()
      await indexAll()
      expect(await found("acme")).toEqual(expect.arrayContaining([...before]))
    }
  })

  it("is built again where it is damaged under those who have it open", async () => {
    await store(40, 4)
    await indexAll()
    const before = await found("acme")
    await data.close()
    withIndex((db) => db.pragma("wal_checkpoint(TRUNCATE)"))
    open()
    await indexAll()
    const file = openSync(join(folder, searchName), "r+")
    writeSync(file, Buffer.alloc(1 << 16, 0x5a), 0, 1 << 16, 2 * 4_096)
    closeSync(file)
    await expect(found("acme")).rejects.toThrow()
    await indexAll()
    expect(await found("acme")).toEqual(before)
  })

  it("is made anew when somebody takes its file away, and lists look into the new one", async () => {
    await store(10, 4)
    await indexAll()
    const before = await found("acme")
    for (const end of ["", "-wal", "-shm"]) rmSync(join(folder, `${searchName}${end}`), { force: true })
    await indexAll()
    expect(await found("acme")).toEqual(before)
    expect(rowsOf("indexed_runs")).toBe(10)
  })

  it("a NUL in a query is no end of it", async () => {
    const runIds = await store(5, 1)
    await indexAll()
    for (const query of ["run\0_3", "a\0b", "run_3\0"]) expect(await found(query)).toEqual(await naive(query, runIds))
  })

  it("searches only so much of a run, and says how much it left out", async () => {
    const history = new RunHistory("run_long", 1_000)
    const long = "filler ".repeat(2_000)
    await data.store.commit([
      history.created({}, { input: { value: { early: "earlybird", long, late: "latecomer" } } }),
    ])
    await indexAll()
    expect(await found("earlybird")).toEqual(["run_long"])
    expect(await found("latecomer")).toEqual([])
    expect(await found("in.late:latecomer")).toEqual(["run_long"])
    expect((await data.search.advance()).cut).toBeGreaterThan(0)
  })
})

function withIndex<T>(use: (db: Database.Database) => T): T {
  const db = new Database(join(folder, searchName))
  try {
    return use(db)
  } finally {
    db.close()
  }
}

function postings(word: string): number {
  return withIndex((db) => {
    db.exec("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, run_text, row)")
    const row = db.prepare<[string], { doc: number }>("SELECT doc FROM temp.vocabulary WHERE term = ?").get(word)
    return row?.doc ?? 0
  })
}

function rowsOf(table: string): number {
  return withIndex((db) => db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table}`).get()!.n)
}
