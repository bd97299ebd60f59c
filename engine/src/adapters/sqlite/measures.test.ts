/** What was counted is what a naive look at every run counts, however the counting was cut up and wherever it ended. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterEach, beforeEach, expect, test } from "vitest"
import {
  countRun,
  countStep,
  dayMs,
  emptyRunTally,
  emptyStepTally,
  hourMs,
  hourOf,
  namedOrigins,
} from "../../core/measures/rollup.ts"
import { encodeSketch } from "../../core/measures/sketch.ts"
import { Random } from "../../core/random.ts"
import type { ResolutionState } from "../../core/remarks/remark.ts"
import { applyRemark } from "../../core/remarks/standing.ts"
import type { RunRow } from "../../core/views/rows.ts"
import { parseRunQuery, withQuery } from "../../core/views/run-language/index.ts"
import { noFilter } from "../../core/views/run-query.ts"
import type { MeasureQuestion, SliceBounds } from "../../ports/measure-store.ts"
import type { RunCommit } from "../../ports/store.ts"
import { readableKeys } from "../../testing/builders/redaction.ts"
import { operationsRun, RunHistory } from "../../testing/builders/run-history.ts"
import { FileBlobs } from "../blobs/files.ts"
import { blobFolder, openSqlite, type SqliteData } from "./open.ts"
import { databaseName } from "./open-database.ts"
import { durationMs } from "./rows.ts"

let folder: string
let data: SqliteData
const options = () => ({ folder, blobs: new FileBlobs(blobFolder(folder)), port: null, readers: 1 })
const open = () => {
  data = openSqlite(options())
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "waybill-measures-"))
  open()
})
afterEach(async () => {
  await data.close()
  rmSync(folder, { recursive: true, force: true })
})

const start = Date.parse("2026-03-01T00:00:00Z")

const everything: MeasureQuestion = {
  workspaceId: "default",
  workflowId: null,
  environment: null,
  versionNumber: null,
  origins: [],
  from: start,
  to: start + 48 * hourMs,
  bucketStarts: [],
  groupBy: ["workflowId", "version", "environment", "origin"],
}

/** Runs of some workflows, versions and origins over a day and a half; some go on. */
function randomRun(random: Random, index: number): readonly RunCommit[] {
  const pick = <T>(values: readonly T[]) => values[random.below(values.length)]!
  const at = start + random.below(36 * hourMs)
  const row = {
    workflowId: pick(["orders", "refunds", "mail"]),
    environment: pick(["default", "prod"]),
    versionNumber: random.between(1, 2),
    triggerKind: pick(["api", "schedule"]),
    businessEventId: random.chance(0.5) ? `order-${random.below(20)}` : null,
    retryCount: random.below(3),
    costUsd: random.below(100) / 8,
    effectiveness: random.chance(0.3) ? JSON.stringify({ accuracy: random.below(8) / 8, throughputDelta: 1 }) : null,
    rerunOf: random.chance(0.1) ? "run_before" : null,
  }
  if (random.chance(0.6)) return operationsRun(`run_${index}`, at, random.between(1, 3), row)
  const history = new RunHistory(`run_${index}`, at, row)
  const commits = [history.created(), history.started()]
  if (random.chance(0.2)) return commits
  history.at += random.below(3 * hourMs)
  return [...commits, random.chance(0.5) ? history.failed(pick(["bug", "card_declined"])) : history.completed()]
}

async function store(runs: readonly (readonly RunCommit[])[]): Promise<void> {
  for (const commits of runs) expect(await data.store.commit(commits)).toMatchObject({ kind: "durable" })
}

async function countAll(bounds: SliceBounds): Promise<number> {
  let slices = 0
  for (;;) {
    const cursor = await data.measures.cursor()
    if (cursor.position >= data.store.position()) return slices
    const slice = await data.measures.slice(cursor.position, data.store.position(), bounds)
    expect(await data.measures.add(slice, cursor)).toBe(true)
    slices++
  }
}

/** By the same key as the question's groups, from the runs' last rows. */
function naive(runs: readonly (readonly RunCommit[])[]) {
  const tallies = new Map<string, ReturnType<typeof emptyRunTally>>()
  const ended = runs.map((commits) => commits[commits.length - 1]!.run).filter((run) => run.completedAt !== null)
  for (const run of ended) {
    const key = [run.workflowId, run.versionNumber, run.environment, run.triggerKind].join("/")
    const tally = tallies.get(key) ?? emptyRunTally()
    tallies.set(key, tally)
    countRun(tally, { ...run, durationMs: durationMs(run) })
  }
  return new Map(
    [...tallies].map(([key, { sums, durations, cutShort }]) => [
      key,
      { ...sums, durations: encodeSketch(durations), cutShort: encodeSketch(cutShort) },
    ]),
  )
}

async function counted() {
  const { cells } = await data.measures.runs(everything)
  return new Map(
    cells.map(({ workflowId, versionNumber, environment, origin, version, bucket, ...sums }) => {
      expect([version, bucket]).toEqual(["1.0", start])
      return [[workflowId, versionNumber, environment, origin].join("/"), sums]
    }),
  )
}

test.each([1, 2])(
  "rollups are what a naive count of every run says, however the feed is cut (seed %i)",
  async (seed) => {
    const random = new Random(seed)
    const runs = Array.from({ length: 120 }, (_, index) => randomRun(random, index))
    await store(runs)
    await countAll({ positions: random.between(5, 60), runs: random.between(2, 12), steps: random.between(1, 30) })
    expect(await counted()).toEqual(naive(runs))
    const scanned = await data.measures.scan(everything, noFilter, start)
    expect(scanned.complete).toBe(true)
    expect(new Map(scanned.cells.map((cell) => [JSON.stringify(cell), 1])).size).toBe(scanned.cells.length)
    const strip = (cells: readonly object[]) => cells.map((cell) => JSON.stringify(cell)).sort()
    expect(strip(scanned.cells)).toEqual(strip((await data.measures.runs(everything)).cells))
  },
)

test.each([
  { positions: 17, runs: 4, steps: 50 },
  { positions: 32_768, runs: 2_000, steps: 20_000 },
])(
  "steps are counted by their names in the hour in which their run ended (at most $positions positions at once)",
  async (cut) => {
    const random = new Random(9)
    const runs = Array.from({ length: 60 }, (_, index) => randomRun(random, index))
    await store(runs)
    await countAll(cut)
    const question = { ...everything, workflowId: "orders", groupBy: [] }
    const expected = new Map<string, ReturnType<typeof emptyStepTally>>()
    for (const commits of runs) {
      const { run } = commits[commits.length - 1]!
      if (run.workflowId !== "orders" || run.completedAt === null) continue
      const rows = new Map(commits.flatMap((commit) => commit.steps.map((step) => [step.stepId, step] as const)))
      for (const step of rows.values()) {
        const tally = expected.get(step.name) ?? emptyStepTally()
        expected.set(step.name, tally)
        countStep(tally, step)
      }
    }
    const cells = await data.measures.steps(question)
    expect(cells.length).toBe(expected.size)
    for (const cell of cells) {
      const { sums, durations } = expected.get(cell.step)!
      expect(cell).toMatchObject({ ...sums, durations: encodeSketch(durations) })
    }
  },
)

test("a slice that was written and is written again, or is of an older round, changes nothing", async () => {
  await store([operationsRun("run_1", start, 1), operationsRun("run_2", start, 1)])
  const cursor = await data.measures.cursor()
  const bounds = { positions: 100, runs: 100, steps: 100 }
  const slice = await data.measures.slice(0, data.store.position(), bounds)
  expect(slice.runs).toBe(2)
  expect(await data.measures.add(slice, cursor)).toBe(true)
  expect(await data.measures.add(slice, cursor)).toBe(false)
  expect(await data.measures.restart()).toBe(true)
  expect(await data.measures.add(slice, await data.measures.cursor())).toBe(true)
  expect(await data.measures.add(slice, { position: 0, round: cursor.round })).toBe(false)
  const { cells } = await data.measures.runs({ ...everything, groupBy: [] })
  expect(cells).toMatchObject([{ completed: 2, failed: 0 }])
})

test("a crash between reading and writing, or between two slices, loses nothing and counts nothing twice", async () => {
  const random = new Random(21)
  const runs = Array.from({ length: 30 }, (_, index) => randomRun(random, index))
  await store(runs)
  const bounds = { positions: 40, runs: 3, steps: 9 }
  for (;;) {
    const cursor = await data.measures.cursor()
    if (cursor.position >= data.store.position()) break
    const slice = await data.measures.slice(cursor.position, data.store.position(), bounds)
    const dies = random.below(3)
    if (dies > 0) await data.measures.add(slice, cursor)
    if (dies < 2) {
      await data.close()
      open()
    }
  }
  expect(await counted()).toEqual(naive(runs))
}, 30_000)

test("of the runs of one business event all but the last are set apart, in whatever order they end", async () => {
  const run = (id: string, at: number, ms: number) => {
    const history = new RunHistory(id, start + at, { businessEventId: "order-1" })
    const begun = [history.created(), history.started()]
    const end = () => {
      history.at += ms
      return id === "run_b" ? history.completed() : history.failed("bug")
    }
    return { begun, end }
  }
  const [a, b, c] = [run("run_a", 0, 900), run("run_b", 100, 100), run("run_c", 50, 20)]
  await store([a.begun, b.begun, c.begun, [c.end()], [b.end()], [a.end()]])
  await countAll({ positions: 2, runs: 1, steps: 1 })
  const { cells, folded } = await data.measures.runs({ ...everything, groupBy: [] })
  expect(cells).toMatchObject([{ completed: 1, failed: 2 }])
  expect(folded).toMatchObject([{ completed: 0, failed: 2 }])
})

test("a replay with the same business event leaves the run of production in the service level", async () => {
  const run = (id: string, at: number, began: "api" | "rerun" | "replay", isGood: boolean) => {
    const set = began === "replay" ? { triggerKind: "rerun", origin: began } : { triggerKind: began }
    const history = new RunHistory(id, start + at, { businessEventId: "order-1", ...set })
    return [history.created(), history.started(), isGood ? history.completed() : history.failed("bug")]
  }
  await store([run("run_a", 0, "api", false), run("run_b", 1_000, "replay", true)])
  await countAll({ positions: 100, runs: 100, steps: 100 })
  const asked = { ...everything, groupBy: [] }
  expect((await data.measures.runs(asked)).folded).toEqual([])
  await store([run("run_c", 2_000, "rerun", true), run("run_d", 3_000, "replay", false)])
  await countAll({ positions: 100, runs: 100, steps: 100 })
  // The re-run stands for the first run, the second replay for the first replay.
  expect((await data.measures.runs({ ...asked, origins: ["api", "rerun"] })).folded).toMatchObject([
    { completed: 0, failed: 1 },
  ])
  expect((await data.measures.runs({ ...asked, origins: ["replay"] })).folded).toMatchObject([
    { completed: 1, failed: 0 },
  ])
})

test("what fails beside production counts in none of its numbers, and is nobody's issue", async () => {
  const failing = (id: string, origin: "live" | "backfill" | "replay") => {
    const history = new RunHistory(id, start, { origin })
    return [history.created(), history.started(), history.failed("bug")]
  }
  await store([failing("run_a", "live"), failing("run_b", "backfill"), failing("run_c", "replay")])
  const slice = await data.measures.slice(0, 1_000, { positions: 1_000, runs: 100, steps: 100 })
  expect(slice!.failures.map(({ runId }) => runId)).toEqual(["run_a"])
  await countAll({ positions: 100, runs: 100, steps: 100 })
  const failed = async (origins: readonly string[]) =>
    (await data.measures.runs({ ...everything, origins: namedOrigins(origins), groupBy: [] })).cells[0]?.failed
  expect([await failed([]), await failed(["live"]), await failed(["backfill", "replay"])]).toEqual([1, 1, 2])
  expect(await failed(["live", "backfill", "replay"])).toBe(3)
})

test("a workflow's rate of success is what was counted of thirty days, also of runs whose rows have gone", async () => {
  const now = start + 40 * dayMs
  const ended = (id: string, at: number, fails: boolean, row: Partial<RunRow> = {}) => {
    const history = new RunHistory(id, at, row)
    return [history.created(), history.started(), fails ? history.failed("boom") : history.completed()]
  }
  await store([
    ended("run_1", now - dayMs, false),
    ended("run_2", now - dayMs, false),
    ended("run_3", now - 20 * dayMs, false),
    ended("run_4", now - 2 * dayMs, true),
    ended("run_5", now - 33 * dayMs, true),
    ended("run_6", now - dayMs, true, { environment: "prod" }),
    ended("run_7", now - dayMs, true, { origin: "backfill" }),
  ])
  const { environment, workflowId } = new RunHistory("run_0", now).row
  const rate = async () => {
    return (await data.definitions.stats("default", environment, [workflowId], now)).get(workflowId)!.successRate30d
  }
  expect(await rate()).toBe(3 / 4)
  await countAll({ positions: 100, runs: 100, steps: 100 })
  expect(await rate()).toBe(3 / 4)
  const db = new Database(join(folder, databaseName))
  db.exec("DELETE FROM workflow_runs WHERE run_id IN ('run_1', 'run_2')")
  db.close()
  expect(await rate()).toBe(3 / 4)
})

test("a bucket has the hours it begins, and deltas that were put together are still what they were", async () => {
  const runs = Array.from({ length: 40 }, (_, index) => operationsRun(`run_${index}`, start + (index % 2) * hourMs, 1))
  await store(runs)
  expect(await countAll({ positions: 3, runs: 1, steps: 1 })).toBeGreaterThan(20)
  const question = { ...everything, groupBy: [], bucketStarts: [start, hourOf(start + hourMs)] }
  const { cells } = await data.measures.runs(question)
  expect(cells.map(({ bucket, completed }) => [bucket, completed])).toEqual([
    [start, 20],
    [start + hourMs, 20],
  ])
})

test("by day, by hour and by no time at all, a week's numbers are those of a look at every run", async () => {
  const random = new Random(5)
  const runs = Array.from({ length: 150 }, (_, index) => randomRun(random, index))
  // The same over a week: each of the days has some.
  const later = runs.map((commits, index) => commits.map((commit) => inDays(commit, index % 7)))
  await store(later)
  await countAll({ positions: 40, runs: 9, steps: 30 })
  const to = start + 9 * dayMs
  const plain = (cells: readonly object[]) => cells.map((cell) => JSON.stringify(cell)).sort()
  for (const [from, end] of [
    [start, to],
    [start + 7 * hourMs, start + 6 * dayMs + 5 * hourMs],
    [start + dayMs + hourMs, start + 2 * dayMs - hourMs],
  ] as const)
    for (const bucketStarts of [[], starts(from, end, dayMs), starts(from, end, hourMs)])
      for (const groupBy of [[], ["environment"], ["workflowId"], ["version", "origin"]] as const) {
        const question = { ...everything, from, to: end, bucketStarts, groupBy }
        const scanned = await data.measures.scan(question, noFilter, end)
        expect(scanned.runs).toBeGreaterThan(5)
        const { cells } = await data.measures.runs(question)
        expect(plain(cells.map(noLabel))).toEqual(plain(scanned.cells.map(noLabel)))
        const told = await data.measures.told(question)
        expect(told.total.runs).toBe(scanned.runs)
        expect(told.groups.flatMap(({ buckets }) => buckets).length).toBe(cells.length)
        expect(told.groups.reduce((sum, { total }) => sum + total.runs, 0)).toBe(scanned.runs)
      }
})

test("of all workflows together there is a row a day and environment, also in a store that had none", async () => {
  const random = new Random(6)
  const runs = Array.from({ length: 90 }, (_, index) => {
    const commits = randomRun(random, index)
    return commits.map((commit) =>
      inDays({ ...commit, run: { ...commit.run, workflowId: `flow_${index % 30}` } }, index % 3),
    )
  })
  await store(runs)
  await countAll({ positions: 4_000, runs: 900, steps: 3_000 })
  const days = starts(start, start + 5 * dayMs, dayMs)
  const question = { ...everything, to: start + 5 * dayMs, bucketStarts: days, groupBy: ["environment"] as const }
  const before = await data.measures.told(question)
  expect(before.total.runs).toBeGreaterThan(40)
  const rows = (table: string) =>
    inDatabase((db) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number)
  expect(rows("run_rollups_of_all_by_day")).toBeLessThan(rows("run_rollups_by_day") / 4)
  await data.close()
  inDatabase((db) => db.exec("DROP TABLE run_rollups_of_all_by_day; PRAGMA user_version = 31"))
  open()
  expect(await data.measures.told(question)).toEqual(before)
  expect(rows("run_rollups_of_all_by_day")).toBeLessThan(rows("run_rollups_by_day") / 4)
})

function inDatabase<T>(work: (db: Database.Database) => T): T {
  const db = new Database(join(folder, databaseName))
  try {
    return work(db)
  } finally {
    db.close()
  }
}

function starts(from: number, end: number, size: number): readonly number[] {
  const all: number[] = []
  for (let at = Math.floor(from / size) * size; at < end; at += size) all.push(Math.max(at, from))
  return all
}

/** A version's label is told of a group by version only. */
function noLabel<Cell extends { readonly version: string | null }>({ version, ...cell }: Cell) {
  return cell
}

function inDays(commit: RunCommit, days: number): RunCommit {
  const run = {
    ...commit.run,
    completedAt: commit.run.completedAt === null ? null : commit.run.completedAt + days * dayMs,
  }
  return { ...commit, run }
}

test("the time to repair is from the end of a failure to its repair, in the bucket of the repair, and of failures alone", async () => {
  const run = (id: string, end: "failed" | "cancelled", more: Partial<RunCommit["run"]> = {}) => {
    const history = new RunHistory(id, start, more)
    const begun = [history.created(), history.started()]
    history.at += 1_000
    const ended =
      end === "failed"
        ? history.failed("bug")
        : history.commit({ status: "CANCELLED", completedAt: history.at, errorCode: null })
    return [...begun, ended]
  }
  await store([
    run("run_a", "failed"),
    run("run_b", "failed", { workflowId: "refunds" }),
    run("run_c", "cancelled"),
    run("run_d", "failed", { origin: "replay" }),
    run("run_e", "failed"),
    run("run_f", "failed"),
  ])
  const say = async (runId: string, at: number, state: ResolutionState) => {
    const standing = (await data.remarks.standing(runId))!
    const body = { kind: "resolution.set", state, reason: "done", runId: null } as const
    const origin = { door: "api", address: null } as const
    const remark = {
      remarkId: `rmk_${runId}_${at}`,
      runId,
      number: standing.number + 1,
      at,
      actor: "user:ann",
      origin,
      body,
    }
    const written = { runId, remark, standing: applyRemark(standing, remark), answer: null }
    expect(await data.remarks.append(written)).toBe("durable")
  }
  await say("run_a", start + 11_000, "resolved")
  await say("run_b", start + hourMs + 31_000, "superseded")
  await say("run_c", start + 12_000, "resolved")
  await say("run_d", start + 13_000, "resolved")
  await say("run_e", start + 14_000, "wont_fix")
  await say("run_f", start + 49 * hourMs, "resolved")
  const question = {
    ...everything,
    origins: namedOrigins([]),
    groupBy: [],
    bucketStarts: [start, start + hourMs],
  }
  expect(await data.measures.repairs(question, null, start)).toEqual({
    buckets: expect.arrayContaining([
      { bucket: start, count: 1, sumMs: 10_000 },
      { bucket: start + hourMs, count: 1, sumMs: hourMs + 30_000 },
    ]),
    exact: true,
  })
  const asked = async (more: object, query = "") => {
    const filter = query === "" ? null : withQuery(noFilter, parseRunQuery(query))
    const { buckets } = await data.measures.repairs({ ...question, bucketStarts: [], ...more }, filter, start)
    return buckets.map(({ count, sumMs }) => [count, sumMs])
  }
  expect(await asked({ workflowId: "refunds" })).toEqual([[1, hourMs + 30_000]])
  expect(await asked({ origins: ["replay"] })).toEqual([[1, 12_000]])
  expect(await asked({}, "wf:refunds")).toEqual([[1, hourMs + 30_000]])
  expect(await asked({}, "-wf:refunds resolution:resolved")).toEqual([[1, 10_000]])
  expect(await asked({ from: start + hourMs })).toEqual([[1, hourMs + 30_000]])
})

test("what people said is added up, and a business event takes until its last run that completed, in production", async () => {
  const run = (
    id: string,
    event: string,
    at: number,
    end: "completed" | "failed",
    more: Partial<RunCommit["run"]> = {},
  ) => {
    const history = new RunHistory(id, start + at, { businessEventId: event, ...more })
    const commits = [history.created(), history.started()]
    history.at += 10
    return [...commits, end === "completed" ? history.completed() : history.failed("bug")]
  }
  await store([
    run("run_a", "order-1", 90, "completed"),
    run("run_b", "order-1", 990, "completed"),
    run("run_c", "order-1", 5_000, "failed"),
    run("run_d", "order-1", 6_000, "completed", { origin: "replay" }),
    run("run_e", "order-2", 2_990, "completed", { workflowId: "refunds" }),
    run("run_f", "order-3", 2_990, "failed"),
  ])
  const said = { workspaceId: "default", by: "user:ann", occurredAt: null, experienceIndex: null, minutesSaved: null }
  const outcomes = [
    { businessEventId: "order-1", occurredAt: start, experienceIndex: 4 },
    { businessEventId: "order-2", occurredAt: start, experienceIndex: 9, minutesSaved: 5 },
    { businessEventId: "order-3", occurredAt: start, minutesSaved: 2.5 },
    { businessEventId: "order-4", experienceIndex: 5 },
  ]
  for (const [index, one] of outcomes.entries())
    await data.outcomes.addOutcome(
      { ...said, accuracy: null, note: null, outcomeId: `out_${index}`, at: start + index, ...one },
      10,
    )
  const question = { ...everything, origins: namedOrigins([]) }
  const asked = (more: object, query = "") =>
    data.outcomes.experience(
      { ...question, ...more },
      query === "" ? null : withQuery(noFilter, parseRunQuery(query)),
      start,
    )
  expect(await asked({})).toEqual({
    experienceCount: 3,
    experienceMean: 6,
    minutesSavedCount: 2,
    minutesSaved: 7.5,
    // 1,000 ms of the first and 3,000 of the second; the third never completed.
    timeToFeatureCount: 2,
    timeToFeatureMeanMs: 2_000,
    exact: true,
  })
  expect(await asked({ workflowId: "refunds" })).toMatchObject({ experienceCount: 1, timeToFeatureMeanMs: 3_000 })
  expect(await asked({}, "event:order-1")).toMatchObject({ experienceMean: 4, timeToFeatureMeanMs: 1_000 })
  expect(await asked({ origins: ["replay"] })).toMatchObject({ experienceCount: 1, timeToFeatureMeanMs: 6_010 })
  expect(await asked({ from: start + 1 })).toMatchObject({ experienceCount: 2, minutesSaved: 7.5 })
})

test("the evidence of runs is whole, missing, or cleared away and sealed, and only what is missing counts against it", async () => {
  const ended = (id: string, at: number, workspaceId = "default") => {
    const history = new RunHistory(id, start + at, { workspaceId })
    return [history.created(), history.started(), history.completed()]
  }
  await store([
    ...["run_a", "run_b", "run_c", "run_d"].map((id, index) => ended(id, index)),
    ended("run_other", 0, "other"),
    ended("run_later", 10_000),
  ])
  const asked = async (to = start + 5_000) =>
    (await data.measures.service({ workspaceId: "default", from: start, to, now: start })).evidence
  expect(await asked()).toEqual({ runs: 4, expired: 0, missing: 0, share: 1, exact: true })
  const db = new Database(join(folder, databaseName))
  const key = "(SELECT run_key FROM workflow_run_keys WHERE run_id = ?)"
  for (const [runId, seq] of [
    ["run_b", 2],
    ["run_c", 1],
  ] as const)
    db.prepare(`DELETE FROM workflow_run_events WHERE run_key = ${key} AND seq = ?`).run(runId, seq)
  db.prepare(
    `INSERT INTO retention_seals (run_id, run_key, workspace_id, seq, head_hash, class, at)
     VALUES ('run_c', (SELECT run_key FROM workflow_run_keys WHERE run_id = 'run_c'), 'default', 3, 'h', 'events', 1)`,
  ).run()
  db.close()
  expect(await asked()).toEqual({ runs: 4, expired: 1, missing: 1, share: 1 - 1 / 3, exact: true })
  expect(await asked(start)).toEqual({ runs: 0, expired: 0, missing: 0, share: null, exact: true })
  // Where seals are signed, one without a signature is nobody's.
  await data.close()
  data = openSqlite({ ...options(), keys: readableKeys })
  expect(await asked()).toEqual({ runs: 4, expired: 0, missing: 2, share: 1 / 2, exact: true })
})

test("events are told in time within five seconds of what they tell; what is tried still is not judged before", async () => {
  const history = new RunHistory("run_a", start)
  await store([[history.created(), history.started(), history.completed()]])
  const db = new Database(join(folder, databaseName))
  const at = db.prepare("SELECT position, at FROM workflow_run_events ORDER BY position").all() as {
    position: number
    at: number
  }[]
  const owed = db.prepare(
    `INSERT INTO webhook_deliveries (delivery_id, endpoint_id, workspace_id, event, position, created_at, body, state, attempts, tries, completed_at)
     VALUES (?, 'whe_1', ?, 'run.completed', ?, ?, '{}', ?, 1, 1, ?)`,
  )
  const { position, at: told } = at[0]!
  // Made late: what counts is when it happened.
  owed.run("a", "default", position, told + 3_000, "delivered", told + 5_000)
  owed.run("b", "default", position, told + 3_000, "delivered", told + 5_001)
  owed.run("c", "default", position, told, "dead", told + 100)
  owed.run("d", "default", position, told, "pending", null)
  // Its event has been cleared away; a test; another workspace's; another time's.
  owed.run("e", "default", 999, told + 1_000, "delivered", told + 6_000)
  owed.run("f", "default", null, told, "delivered", told + 60_000)
  owed.run("g", "other", position, told, "dead", null)
  owed.run("h", "default", position, told - hourMs, "dead", null)
  db.close()
  const asked = async (now: number) =>
    (await data.measures.service({ workspaceId: "default", from: start, to: start + hourMs, now })).delivery
  const counted = { owed: 5, delivered: 3, deliveredInTime: 2, dead: 1, exact: true }
  expect(await asked(told + 4_999)).toEqual({ ...counted, share: 2 / 4 })
  expect(await asked(told + 5_000)).toEqual({ ...counted, share: 2 / 5 })
})
