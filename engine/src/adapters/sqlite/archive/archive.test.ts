/** The way of finished runs into an archive and back, over real files, with everything that may fail on it failing. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import Database from "better-sqlite3"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import type { ArchiveBatch, BatchContents } from "../../../ports/archive-shelf.ts"
import { ArchiveDamaged, type ArchiveStore, ArchiveUnavailable } from "../../../ports/archive-store.ts"
import { hexSha256, operationsRun } from "../../../testing/builders/run-history.ts"
import { openArchive } from "../../../usecases/archive/index.ts"
import { FolderArchive } from "../../archive/folder-archive.ts"
import { FileBlobs } from "../../blobs/files.ts"
import { systemClock } from "../../system/clock.ts"
import { blobFolder, openSqlite, type SqliteData } from "../open.ts"
import { databaseName } from "../open-database.ts"
import { verifyFolder } from "./verify-folder.ts"

const later = 10_000_000
const limits = { runs: 4, bytes: 1 << 20, attachedBytes: 1 << 20, retryMs: 1_000, retryMsMax: 60_000 }
let folder: string
let place: string
let data: SqliteData
let blobs: FileBlobs

const open = (): SqliteData => openSqlite({ folder, blobs, port: null, readers: 1, clearedMs: 60_000 })
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "waybill-archiving-"))
  place = join(folder, "archive")
  blobs = new FileBlobs(blobFolder(folder))
  data = open()
})
afterEach(async () => {
  await data.close()
  rmSync(folder, { recursive: true, force: true })
})

const add = async (runId: string, at: number, steps: number): Promise<number> => {
  const commits = operationsRun(runId, at, steps)
  await data.store.commit(commits)
  return commits[commits.length - 1]!.run.seq
}
const addTen = async () => {
  let events = 0
  for (let i = 0; i < 10; i++) events += await add(`run_${i}`, 1_000 + i * 100, 3)
  return events
}
const archiveIn = (store: ArchiveStore | null, changed: Partial<typeof limits> = {}) =>
  openArchive(
    { shelf: data.shelf, room: data.room, store, clock: systemClock(), log: { write: () => {} } },
    { ...limits, ...changed },
  )
const folderArchive = () => new FolderArchive(place)
const files = () =>
  readdirSync(place, { recursive: true, encoding: "utf8" })
    .filter((name) => name.includes("."))
    .sort()
const batches = () => data.shelf.kept(null, 100)
/** All of it: a purge takes as much at once as it has time for. */
const clear = async (name: "io" | "events" | "summaries" = "events", until = later) => {
  for (let runs = 0; ; ) {
    const purged = await data.retention.purge("default", name, until, 100, later, true)
    runs += purged.runs
    if (purged.isDone) return { ...purged, runs }
  }
}
const eventsOf = (runId: string, from = data.queries as Pick<SqliteData["queries"], "events">) =>
  from.events(runId, { after: 0, types: [], limit: 100 })
const contentsOf = (batch: ArchiveBatch): BatchContents =>
  new Map(batch.files.map(({ table, name }) => [table, readFileSync(join(place, name))]))

describe("a batch", () => {
  test("is the same one with the same files when it is packed again", async () => {
    await addTen()
    const [one, two] = [
      await data.shelf.pack("default", later, limits),
      await data.shelf.pack("default", later, limits),
    ]
    expect(one?.batch.runs).toBe(4)
    expect(two).toEqual(one)
    expect(one?.batch.files.map(({ table, rows }) => [table, rows])).toEqual([
      ["runs", 4],
      ["steps", 12],
      ["events", one?.batch.events],
      ["logs", 0],
      ["manifest", 4],
    ])
  })

  test("has no more than it may, and one run alone however long it is", async () => {
    await addTen()
    await add("run_long", 1_050, 300)
    const sizes: number[] = []
    const archive = await archiveIn(folderArchive(), { runs: 100, bytes: 20_000 })
    await archive.archiver.archive("default", later)
    for (const batch of await batches()) sizes.push(batch.runs)
    expect(sizes.reduce((sum, runs) => sum + runs, 0)).toBe(11)
    expect(sizes).toContain(1)
    expect(sizes.length).toBeGreaterThan(2)
  })

  test("says in a manifest what it holds, with the head of every chain", async () => {
    await addTen()
    await (await archiveIn(folderArchive())).archiver.archive("default", later)
    const name = files().find((one) => one.endsWith("manifest.json"))!
    const manifest = JSON.parse(readFileSync(join(place, name), "utf8")) as {
      runs: { runId: string; headHash: string }[]
    }
    const row = await data.queries.run("run_0")
    expect(manifest.runs[0]).toMatchObject({ runId: "run_0", seq: row?.seq, headHash: row?.headHash, whole: true })
  })

  test.each<[string, (file: string) => void, string]>([
    ["of which a bit fell over", (file) => writeFileSync(file, flipped(readFileSync(file))), "archive_altered"],
    ["that is cut off", (file) => truncateSync(file, 100), "archive_altered"],
    ["that is gone", (file) => rmSync(file), "archive_missing"],
  ])("with a file %s is found, and nothing of it is shown", async (_what, harm, what) => {
    await addTen()
    const archive = await archiveIn(folderArchive())
    await archive.archiver.archive("default", later)
    await clear()
    expect(await archive.verify()).toMatchObject({ batches: 3, runs: 10, findings: [] })
    const [batch] = await batches()
    harm(join(place, batch!.files.find(({ table }) => table === "events")!.name))
    expect((await archive.verify()).findings).toEqual([{ batchId: batch!.batchId, runId: "", seq: 0, what }])
    await expect(eventsOf("run_0", archive.runs.queries(data.queries))).rejects.toThrow(ArchiveDamaged)
    expect(await eventsOf("run_9", archive.runs.queries(data.queries))).not.toEqual([])
  })

  test.each<[string, (batch: ArchiveBatch) => void]>([
    ["of which nothing lies there", ({ files }) => rmSync(dirname(join(place, files[0]!.name)), { recursive: true })],
    ["whose whole place is away, as a disk is that is not mounted", () => renameSync(place, `${place}.away`)],
  ])("%s cannot be opened for now, which is not damage, and is told once a batch", async (_what, harm) => {
    await addTen()
    const archive = await archiveIn(folderArchive())
    await archive.archiver.archive("default", later)
    await clear()
    const [batch] = await batches()
    harm(batch!)
    const queries = archive.runs.queries(data.queries)
    await expect(eventsOf("run_0", queries)).rejects.toThrow(ArchiveUnavailable)
    await expect(eventsOf("run_0", queries)).rejects.toThrow(`does not hold the batch ${batch!.batchId}`)
    if (existsSync(place)) expect(await eventsOf("run_9", queries)).not.toEqual([])
    const { findings } = await archive.verify()
    expect(findings.filter(({ batchId }) => batchId === batch!.batchId)).toEqual([
      { batchId: batch!.batchId, runId: "", seq: 0, what: "archive_missing" },
    ])
  })

  test.each<[string, (batch: string) => void, readonly string[]]>([
    ["whole", () => {}, []],
    ["of which a bit fell over", (batch) => spoil(join(batch, "steps.parquet")), ["archive_altered"]],
    ["of which a file is gone", (batch) => rmSync(join(batch, "runs.parquet")), ["archive_missing"]],
    [
      "whose manifest says otherwise than its name",
      (batch) => spoil(join(batch, "manifest.json")),
      ["archive_altered"],
    ],
    ["that a crash left half written", (batch) => rmSync(join(batch, "manifest.json")), ["archive_unfinished"]],
  ])("%s is told from its files alone", async (_what, harm, findings) => {
    await addTen()
    await (await archiveIn(folderArchive())).archiver.archive("default", later)
    const { batchId, files: of } = (await batches())[0]!
    harm(dirname(join(place, of[0]!.name)))
    const report = await verifyFolder(place)
    expect(report.findings).toEqual(findings.map((what) => ({ batchId, runId: "", seq: 0, what })))
    expect([report.batches, report.runs]).toEqual([3, findings.length === 0 ? 10 : 6])
  })

  test("with another chain than the store knows is found, even if its files agree with each other", async () => {
    await addTen()
    const archive = await archiveIn(folderArchive())
    await archive.archiver.archive("default", later)
    const db = new Database(join(folder, databaseName), { timeout: 5_000 })
    db.prepare("UPDATE workflow_runs SET head_hash = 'another' WHERE run_id = 'run_2'").run()
    db.close()
    expect((await archive.verify()).findings).toMatchObject([{ runId: "run_2", what: "archive_chain" }])
  })

  test("takes a run whose events somebody altered as it is: it holds up nobody, and says so", async () => {
    await addTen()
    const db = new Database(join(folder, databaseName), { timeout: 5_000 })
    const key = "(SELECT run_key FROM workflow_run_keys WHERE run_id = 'run_1')"
    db.prepare(`UPDATE workflow_run_events SET payload = '{}' WHERE seq = 2 AND run_key = ${key}`).run()
    db.close()
    const archive = await archiveIn(folderArchive())
    expect(await archive.archiver.archive("default", later)).toMatchObject({ runs: 10, waits: null })
    const manifest = readFileSync(join(place, files().find((one) => one.endsWith("manifest.json"))!), "utf8")
    expect((JSON.parse(manifest) as { runs: { whole: boolean }[] }).runs.map(({ whole }) => whole)).toEqual([
      true,
      false,
      true,
      true,
    ])
  })
})

describe("what is due", () => {
  test("leaves the store only as far as it is archived", async () => {
    await addTen()
    expect(await clear("io")).toMatchObject({ runs: 0, isDone: true })
    await (await archiveIn(folderArchive())).archiver.archive("default", 1_350)
    expect((await batches()).map(({ runs }) => runs)).toEqual([4])
    expect(await clear("io")).toMatchObject({ runs: 4, isDone: true })
    expect(await clear()).toMatchObject({ runs: 4, isDone: true })
  })

  test("stays where it is while the place is another one than before, as a disk is that is not mounted", async () => {
    await addTen()
    await (await archiveIn(folderArchive())).archiver.archive("default", 1_350)
    renameSync(place, `${place}.away`)
    const { archiver } = await archiveIn(folderArchive())
    const { runs, waits } = await archiver.archive("default", later)
    expect([runs, waits]).toEqual([0, expect.stringContaining("does not hold what was archived before")])
    expect(existsSync(place)).toBe(false)
    renameSync(`${place}.away`, place)
    expect((await archiver.archive("default", 1_650)).waits).toBeNull()
    renameSync(place, `${place}.lost`)
    mkdirSync(place)
    writeFileSync(join(place, "begun-anew.txt"), "")
    expect(await archiver.archive("default", later)).toMatchObject({
      runs: expect.toSatisfy((n) => n > 0),
      waits: null,
    })
  })

  test("stays where it is while there is no archive, and it is said why and when it is tried again", async () => {
    await addTen()
    const { archiver } = await archiveIn(null)
    expect(await archiver.archive("default", later)).toMatchObject({
      runs: 0,
      waits: expect.stringContaining("WAYBILL_ARCHIVE"),
    })
    const first = archiver.waits("default")!
    expect(archiver.nextTry()).toBe(first.nextTry)
    await archiver.archive("default", later)
    const second = archiver.waits("default")!
    expect(second.since).toBe(first.since)
    expect(second.nextTry - Date.now()).toBeGreaterThan(limits.retryMs)
    expect(await clear()).toMatchObject({ runs: 0 })
    archiver.waitsNoMore("default")
    expect([archiver.waits("default"), archiver.nextTry()]).toEqual([null, null])
  })

  test("is neither lost nor there twice when the process ends at any step of it", async () => {
    const events = await addTen()
    const told = new Map<string, unknown>()
    for (let i = 0; i < 10; i++) told.set(`run_${i}`, await eventsOf(`run_${i}`))
    let crashes = 0
    for (let step = 1; ; step++) {
      const { archiver } = await archiveIn(endingAt(step, folderArchive()))
      // More of it is due at each start, as it is when time goes on.
      const { waits } = await archiver.archive("default", 1_000 + crashes * 60)
      await clear()
      for (const [runId, then] of told) expect(await everywhere(runId), `${runId} after ${crashes}`).toEqual(then)
      if (waits === null && 1_000 + crashes * 60 > 2_000) break
      crashes += 1
      if (crashes % 5 > 0) continue
      await data.close()
      data = open()
    }
    expect(crashes).toBeGreaterThan(12)
    const kept = await batches()
    expect(kept.reduce((sum, batch) => sum + batch.runs, 0)).toBe(10)
    expect(kept.reduce((sum, batch) => sum + batch.events, 0)).toBe(events)
    expect(files()).toEqual(kept.flatMap((batch) => batch.files.map(({ name }) => name)).sort())
    expect(await data.shelf.unfinished("default")).toEqual([])
  })

  test("that goes into an archive which gives something else back does not leave the store", async () => {
    await addTen()
    const under = folderArchive()
    const lying: ArchiveStore = {
      place: under.place,
      write: (name, bytes) => under.write(name, bytes),
      remove: (name) => under.remove(name),
      async read(name, bytesMax) {
        const bytes = await under.read(name, bytesMax)
        return bytes === null ? null : flipped(bytes)
      },
    }
    const { archiver } = await archiveIn(lying)
    expect(await archiver.archive("default", later)).toMatchObject({
      runs: 0,
      waits: expect.stringContaining("archive_altered"),
    })
    expect(await clear()).toMatchObject({ runs: 0 })
  })
})

describe("an archived run", () => {
  test("brings its large values back, though the store has swept them", async () => {
    const text = JSON.stringify("x".repeat(100_000))
    const hash = hexSha256(text)
    const [created, ...rest] = operationsRun("run_large", 1_000, 1)
    const named = { ...created!, blobs: [{ hash, json: text }] }
    await data.store.commit([named, ...rest])
    const db = new Database(join(folder, databaseName), { timeout: 5_000 })
    // As if a result had been that large: whole chains are another test's.
    db.prepare("UPDATE workflow_run_events SET payload = ? WHERE seq = 3").run(JSON.stringify({ blob: hash, bytes: 1 }))
    db.close()
    const archive = await archiveIn(folderArchive())
    await archive.archiver.archive("default", later)
    await clear()
    expect(await blobs.sweep(() => false, later * later)).toEqual([hash])
    expect((await data.store.blobs([hash])).size).toBe(0)
    await eventsOf("run_large", archive.runs.queries(data.queries))
    expect((await data.store.blobs([hash])).get(hash)).toBe(text)
  })

  test("brings along what its agents logged, as long as that was kept until then, and what was said and attached", async () => {
    await addTen()
    const line = (runId: string, message: string) =>
      ({ runId, at: 1, stepId: "step", attempt: 1, level: "warn", message, fields: null }) as const
    await data.logs.add([line("run_0", "gone before"), line("run_3", "the till is closed"), line("run_3", "again")], 9)
    // Up to run_1 logs have gone by a policy that kept them shorter.
    await data.retention.purge("default", "logs", 1_150, 100, later)
    const archive = await archiveIn(folderArchive())
    expect(await archive.archiver.archive("default", later)).toMatchObject({ runs: 10, waits: null })
    const tables = (await batches()).map(({ runs, files: of }) => [runs, of.some(({ table }) => table === "logs")])
    expect(tables[0]).toEqual([expect.any(Number), false])
    expect(tables.slice(1).every(([, has]) => has)).toBe(true)
    const all = { after: 0, level: "debug", stepId: null, attempt: null, limit: 9 } as const
    const before = await data.logs.page("run_3", all)
    await data.retention.purge("default", "logs", later, 100, later, true)
    await clear()
    expect((await data.logs.page("run_3", all)).lines).toEqual([])
    const logs = archive.runs.logs(data.logs)
    expect(before.lines).toHaveLength(2)
    expect(await logs.page("run_3", all)).toEqual(before)
    expect((await logs.page("run_0", all)).lines).toEqual([])
    expect((await logs.page("run_9", all)).lines).toEqual([])
    expect((await archive.verify()).findings).toEqual([])
  })

  test("leaves its logs where they are while the archive waits for it, if they go with its values", async () => {
    await addTen()
    expect(await data.retention.purge("default", "logs", later, 100, later, true)).toMatchObject({ runs: 0 })
    await (await archiveIn(folderArchive())).archiver.archive("default", 1_350)
    expect(await data.retention.purge("default", "logs", later, 100, later, true)).toMatchObject({ runs: 4 })
  })

  test("is looked at in a room of bounded size, and comes back when it was put away", async () => {
    await addTen()
    await data.close()
    data = openSqlite({ folder, blobs, port: null, readers: 1, clearedMs: 60_000, archiveRoomBytes: 1 })
    const archive = await archiveIn(folderArchive())
    await archive.archiver.archive("default", later)
    await clear()
    const queries = archive.runs.queries(data.queries)
    const [first, , last] = await batches()
    for (const runId of ["run_0", "run_9", "run_0"]) expect(await eventsOf(runId, queries)).not.toEqual([])
    expect([data.room.holds(first!.batchId), data.room.holds(last!.batchId)]).toEqual([true, false])
  })

  test("is fetched once for all who ask at the same time", async () => {
    await addTen()
    const counted = new Map<string, number>()
    const under = folderArchive()
    const counting: ArchiveStore = {
      place: under.place,
      write: (name, bytes) => under.write(name, bytes),
      remove: (name) => under.remove(name),
      read(name, bytesMax) {
        counted.set(name, (counted.get(name) ?? 0) + 1)
        return under.read(name, bytesMax)
      },
    }
    await (await archiveIn(folderArchive())).archiver.archive("default", later)
    await clear()
    const archive = await archiveIn(counting)
    const queries = archive.runs.queries(data.queries)
    await Promise.all(["run_0", "run_1", "run_2", "run_0"].map((runId) => eventsOf(runId, queries)))
    expect([...counted.values()]).toEqual([1, 1, 1, 1, 1])
  })

  test("is not there while no archive is configured, and everything else is", async () => {
    await addTen()
    await (await archiveIn(folderArchive())).archiver.archive("default", 1_350)
    await clear()
    const queries = (await archiveIn(null)).runs.queries(data.queries)
    await expect(eventsOf("run_0", queries)).rejects.toThrow(ArchiveUnavailable)
    expect(await queries.run("run_0")).toMatchObject({ runId: "run_0" })
    expect(await eventsOf("run_9", queries)).not.toEqual([])
  })

  test("of which the row goes takes its batch along, once the last of its batch goes", async () => {
    await addTen()
    const archive = await archiveIn(folderArchive())
    await archive.archiver.archive("default", later)
    await clear("summaries", 1_150)
    await archive.archiver.clear("default")
    expect(await batches()).toHaveLength(3)
    await clear("summaries", 1_500)
    await archive.archiver.clear("default")
    expect(await batches()).toHaveLength(2)
    expect(contentsOf((await batches())[0]!).size).toBe(5)
    expect(files()).toHaveLength(10)
  })
})

function spoil(file: string): void {
  writeFileSync(file, flipped(readFileSync(file)))
}

function flipped(bytes: Uint8Array): Uint8Array {
  const other = Uint8Array.from(bytes)
  other[Math.floor(other.length / 2)]! ^= 1
  return other
}

/** The process ends at the so-manieth thing that is asked of the archive: before it is done, or, every other time, after. */
function endingAt(step: number, under: ArchiveStore): ArchiveStore {
  let asked = 0
  const ended = () => new ArchiveUnavailable("the process has ended")
  const within = async <T>(work: () => Promise<T>): Promise<T> => {
    asked += 1
    if (asked > step || (asked === step && step % 2 === 0)) throw ended()
    const answer = await work()
    if (asked === step) throw ended()
    return answer
  }
  return {
    place: under.place,
    write: (name, bytes) => within(() => under.write(name, bytes)),
    read: (name, bytesMax) => within(() => under.read(name, bytesMax)),
    remove: (name) => within(() => under.remove(name)),
  }
}

/** In the store as long as they are there, else from the archive. */
async function everywhere(runId: string): Promise<unknown> {
  const archive = await archiveIn(folderArchive())
  return eventsOf(runId, archive.runs.queries(data.queries))
}
