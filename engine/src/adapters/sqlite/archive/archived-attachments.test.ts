/** What was attached to runs, on its way into an archive and back: nothing is lost, whatever ends or fails. */
import { createHash } from "node:crypto"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { ArchiveDamaged, type ArchiveStore, ArchiveUnavailable } from "../../../ports/archive-store.ts"
import { operationsRun } from "../../../testing/builders/run-history.ts"
import { openArchive } from "../../../usecases/archive/index.ts"
import { eraseWhatWaits, goThrough, intendToErase } from "../../../usecases/retention/erase-run.ts"
import { FolderArchive } from "../../archive/folder-archive.ts"
import { DurableFiles } from "../../blobs/durable-files.ts"
import { FileBlobs } from "../../blobs/files.ts"
import { systemClock } from "../../system/clock.ts"
import { blobFolder, contentFolder, openSqlite, type SqliteData } from "../open.ts"
import { verifyFolder } from "./verify-folder.ts"

const later = 10_000_000
const limits = { runs: 4, bytes: 1 << 20, attachedBytes: 1 << 20, retryMs: 1_000, retryMsMax: 60_000 }
const bounds = { countMax: 10, bytesMax: 10 << 20 }
let folder: string
let place: string
let files: DurableFiles
let data: SqliteData
let said: unknown[]

const open = (archiveRoomBytes = 1 << 20): SqliteData =>
  openSqlite({
    ...{ folder, blobs: new FileBlobs(blobFolder(folder)), contents: files, port: null, readers: 1 },
    archiveRoomBytes,
  })
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "waybill-attached-"))
  place = join(folder, "archive")
  files = new DurableFiles(contentFolder(folder))
  said = []
  data = open()
  for (let i = 0; i < 10; i++) await data.store.commit(operationsRun(`run_${i}`, 1_000 + i * 100, 3))
})
afterEach(async () => {
  await data.close()
  rmSync(folder, { recursive: true, force: true })
})

const sumOf = (content: string) => createHash("sha256").update(content).digest("hex")
let made = 0
async function attach(runId: string, content: string) {
  made += 1
  const file = made.toString().padStart(32, "0")
  await files.write(file, Buffer.from(content))
  const about = { attachmentId: `att_${made}`, runId, at: 1, actor: "user:ann", stepId: null, attempt: null }
  const says = { name: `${made}.txt`, contentType: "text/plain", bytes: Buffer.byteLength(content), redacted: false }
  const { kind } = await data.attachments.add({ ...about, ...says, sha256: sumOf(content), file }, bounds, null)
  return { kind, file, path: join(contentFolder(folder), file.slice(0, 2), file) }
}
const archiveIn = (store: ArchiveStore | null = new FolderArchive(place), changed: Partial<typeof limits> = {}) =>
  openArchive(
    {
      ...{ shelf: data.shelf, room: data.room, store, clock: systemClock() },
      log: { write: (...line) => said.push(line) },
    },
    { ...limits, ...changed },
  )
/** All of it: a purge takes as much at once as it has time for. */
const clear = async (name: "io" | "events" | "summaries" = "events", until = later) => {
  for (let isDone = false; !isDone; )
    isDone = (await data.retention.purge("default", name, until, 100, later, true)).isDone
}
/** Contents of a run as somebody gets them who downloads all. Null: it is not kept. */
async function contentsOf(runId: string, store?: ArchiveStore | null) {
  const { contents } = await archiveIn(store)
  const found: (string | null)[] = []
  for (const row of await data.attachments.list(runId, 0, 100)) {
    const pieces = (row.file === null ? null : await files.open(row.file)) ?? (await contents.open(row))
    found.push(pieces === null ? null : await textOf(pieces))
  }
  return found
}
async function textOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all).toString()
}
const inFolder = (at: string, part: string) =>
  existsSync(at)
    ? readdirSync(at, { recursive: true, encoding: "utf8" })
        .filter((name) => name.includes(part) && /^[0-9a-f]{32,}$/.test(basename(name)))
        .map((name) => basename(name))
        .sort()
    : []
/** By their sums. */
const archived = () => inFolder(place, "attachments")
const onDisk = () => inFolder(contentFolder(folder), "")
const pathOf = (content: string) => {
  const sum = sumOf(content)
  return join(place, "workspace=default", "attachments", sum.slice(0, 2), sum)
}
const harmed = (path: string) => {
  const bytes = readFileSync(path)
  writeFileSync(
    path,
    bytes.map((byte, i) => (i === 1 ? byte ^ 1 : byte)),
  )
}

describe("what was attached to a run", () => {
  test("goes into the archive before it leaves the store, equal contents once, and is handed out from there", async () => {
    for (const [runId, content] of [
      ["run_0", "a report"],
      ["run_0", "alike"],
      ["run_7", "alike"],
    ] as const)
      await attach(runId, content)
    const { archiver, verify } = await archiveIn()
    const { bytes } = await data.shelf.preview("default", later, 100)
    await attach("run_3", "x".repeat(5_000))
    expect((await data.shelf.preview("default", later, 100)).bytes - bytes).toBe(5_000)
    expect(await archiver.archive("default", later)).toMatchObject({ runs: 10, waits: null })
    expect(onDisk()).toHaveLength(4)
    await clear()
    expect(onDisk()).toEqual([])
    expect(archived()).toEqual([sumOf("a report"), sumOf("alike"), sumOf("x".repeat(5_000))].sort())
    expect(await contentsOf("run_0")).toEqual(["a report", "alike"])
    expect(await contentsOf("run_7")).toEqual(["alike"])
    const rows = await data.attachments.list("run_0", 0, 9)
    expect(rows.map(({ file, archived: isArchived }) => [file, isArchived])).toEqual([
      [null, true],
      [null, true],
    ])
    expect((await verify()).findings).toEqual([])
    expect((await verifyFolder(place)).findings).toEqual([])
  })

  test("is neither lost nor left over when the process ends at any step of it", async () => {
    const then = new Map<string, readonly string[]>()
    for (let i = 0; i < 10; i += 2) {
      const contents = [`only of ${i}`, "alike", `of a few ${i % 4}`]
      for (const content of contents) await attach(`run_${i}`, content)
      then.set(`run_${i}`, contents)
    }
    let crashes = 0
    for (let step = 1; ; step++) {
      const { archiver } = await archiveIn(endingAt(step))
      const until = 1_000 + crashes * 40
      const { waits } = await archiver.archive("default", until)
      await clear("io")
      await clear()
      for (const [runId, contents] of then) expect(await contentsOf(runId), `${runId} ${crashes}`).toEqual(contents)
      if (waits === null && until > 2_000) break
      crashes += 1
      if (crashes % 7 > 0) continue
      await data.close()
      data = open()
    }
    expect(crashes).toBeGreaterThan(20)
    expect(onDisk()).toEqual([])
    expect(archived()).toEqual([...new Set([...then.values()].flat().map(sumOf))].sort())
    expect((await (await archiveIn()).verify()).findings).toEqual([])
    expect(await data.shelf.unfinished("default")).toEqual([])
  })

  test("while its batch is on its way goes along", async () => {
    await attach("run_1", "before")
    let isFirst = true
    const meanwhile: ArchiveStore = {
      ...methodsOf(new FolderArchive(place)),
      async write(name, bytes) {
        if (isFirst) expect((await attach("run_1", "meanwhile")).kind).toBe("durable")
        isFirst = false
        return new FolderArchive(place).write(name, bytes)
      },
    }
    expect(await (await archiveIn(meanwhile)).archiver.archive("default", later)).toMatchObject({
      runs: 10,
      waits: null,
    })
    expect((await attach("run_1", "too late")).kind).toBe("expired")
    await clear("io")
    expect(await contentsOf("run_1")).toEqual(["before", "meanwhile"])
    expect(await data.shelf.unfinished("default")).toEqual([])
  })

  test.each<[string, (path: string) => void]>([
    ["altered on the disk", harmed],
    ["gone from the disk", (path) => rmSync(path)],
  ])("and was %s holds up nobody: it is said, and is in no archive", async (_what, harm) => {
    const { path } = await attach("run_1", "a report")
    await attach("run_1", "another")
    harm(path)
    expect(await (await archiveIn()).archiver.archive("default", later)).toMatchObject({ runs: 10, waits: null })
    expect(said).toMatchObject([["warn", expect.stringContaining("not archived"), { count: 1 }]])
    await clear()
    expect(await contentsOf("run_1")).toEqual([null, "another"])
    expect((await data.attachments.list("run_1", 0, 9)).map((row) => row.archived)).toEqual([false, true])
  })

  test("bounds its batch: what is large comes in several, and one run alone however large it is", async () => {
    for (let i = 0; i < 4; i++) await attach(`run_${i}`, `${i}`.repeat(600))
    await attach("run_1", "x".repeat(3_000))
    const { archiver } = await archiveIn(undefined, { attachedBytes: 1_300 })
    await archiver.archive("default", later)
    const batches = await data.shelf.kept(null, 100)
    expect(batches.reduce((sum, { runs }) => sum + runs, 0)).toBe(10)
    expect(batches.slice(0, 3).map(({ runs }) => runs)).toEqual([1, 1, 4])
  })

  test.each<[string, (path: string) => void, typeof ArchiveDamaged | typeof ArchiveUnavailable]>([
    ["of which a bit fell over", harmed, ArchiveDamaged],
    ["that is gone", (path) => rmSync(path), ArchiveUnavailable],
    ["that is longer than it was", (path) => writeFileSync(path, "a report and more"), ArchiveDamaged],
  ])("%s in the archive is not handed out, and found by `verify`", async (_what, harm, error) => {
    await attach("run_0", "a report")
    await attach("run_8", "another")
    const archive = await archiveIn()
    await archive.archiver.archive("default", later)
    await clear()
    harm(pathOf("a report"))
    await expect(contentsOf("run_0")).rejects.toThrow(error)
    expect(await contentsOf("run_8")).toEqual(["another"])
    const [batch] = await data.shelf.kept(null, 1)
    const findings = [{ batchId: batch!.batchId, runId: "", seq: 0, what: "archive_attachment" }]
    expect((await archive.verify()).findings).toEqual(findings)
    expect((await verifyFolder(place)).findings).toEqual(findings)
  })

  test("is looked at in a room of bounded size, and fetched once for all who ask", async () => {
    for (const i of [0, 1, 2]) await attach(`run_${i}`, `${i}`.repeat(1_000))
    await (await archiveIn()).archiver.archive("default", later)
    await clear()
    await data.close()
    data = open(2_500)
    const reads: string[] = []
    const counting: ArchiveStore = {
      ...methodsOf(new FolderArchive(place)),
      read: (name, most) => {
        reads.push(name)
        return new FolderArchive(place).read(name, most)
      },
    }
    const { contents } = await archiveIn(counting)
    const ask = async (i: number) =>
      textOf((await contents.open({ runId: `run_${i}`, sha256: sumOf(`${i}`.repeat(1_000)) }))!)
    await Promise.all([ask(0), ask(0), ask(0), ask(1)])
    expect(reads).toHaveLength(2)
    for (const i of [2, 0, 1, 2]) expect(await ask(i)).toBe(`${i}`.repeat(1_000))
    expect(reads.length).toBeGreaterThan(3)
    expect(inFolder(join(folder, "archive-room"), "attachments").length).toBeLessThanOrEqual(2)
    expect(await contents.open({ runId: "run_5", sha256: sumOf("0".repeat(1_000)) })).toBeNull()
  })

  test.each<[string, (room: string) => Promise<void>]>([
    ["somebody clears the folder of the room", async (room) => rmSync(room, { recursive: true })],
    ["what is equal elsewhere is erased", async () => data.room.contents.drop(sumOf("a report"))],
  ])("is fetched anew when %s", async (_what, harm) => {
    await attach("run_0", "a report")
    await (await archiveIn()).archiver.archive("default", later)
    await clear()
    const { contents } = await archiveIn()
    const of = { runId: "run_0", sha256: sumOf("a report") }
    expect(await textOf((await contents.open(of))!)).toBe("a report")
    await harm(join(folder, "archive-room"))
    expect(await textOf((await contents.open(of))!)).toBe("a report")
    const { fill } = data.room.contents
    let isFirst = true
    data.room.contents.fill = async (sha256, bytes) => {
      await fill.call(data.room.contents, sha256, bytes)
      if (isFirst) await harm(join(folder, "archive-room"))
      isFirst = false
    }
    await data.room.contents.drop(of.sha256)
    expect(await textOf((await contents.open(of))!)).toBe("a report")
    expect(isFirst).toBe(false)
  })

  test("goes with the last batch that names it", async () => {
    for (const runId of ["run_0", "run_9"]) await attach(runId, "alike")
    await attach("run_0", "its own")
    const { archiver } = await archiveIn()
    await archiver.archive("default", later)
    await clear()
    await clear("summaries", 1_500)
    await archiver.clear("default")
    expect(archived()).toEqual([sumOf("alike")])
    expect(await contentsOf("run_9")).toEqual(["alike"])
    await clear("summaries")
    await archiver.clear("default")
    expect([archived(), readdirSync(place)]).toEqual([[], []])
  })
})

describe("what was attached to a run that is erased", () => {
  const audit = {
    workspaceId: "default",
    at: later,
    actor: "user:ann",
    credential: "none",
    action: "run.erase",
  } as const
  const rest = {
    target: "run_1",
    door: "",
    address: "",
    outcome: "done",
    status: 200,
    requestId: "",
    detail: null,
  } as const
  const portsIn = async (store?: ArchiveStore) => ({
    ...{ eraser: data.eraser, archiver: (await archiveIn(store)).archiver, clock: systemClock() },
    ...{ log: { write: () => {} }, forget: (runId: string) => data.room.dropWith(runId) },
  })
  const erase = async (store?: ArchiveStore) => {
    const ports = await portsIn(store)
    const intended = await intendToErase(ports, "default", "run_1", { ...audit, ...rest })
    return intended.kind === "intended" ? goThrough(ports, intended.erasure) : intended
  }

  test("leaves the archive and the room, and what others have alike stays, at whatever step the process ends", async () => {
    for (const content of ["of run 1", "alike", "in its batch"]) await attach("run_1", content)
    for (const [runId, content] of [
      ["run_2", "in its batch"],
      ["run_2", "own"],
      ["run_8", "alike"],
    ] as const)
      await attach(runId, content)
    await (await archiveIn()).archiver.archive("default", later)
    await clear()
    expect(await contentsOf("run_1")).toEqual(["of run 1", "alike", "in its batch"])
    expect(inFolder(join(folder, "archive-room"), "attachments")).toHaveLength(3)
    let crashes = 0
    for (let step = 1; ; step++) {
      const answer = await erase(endingAt(step))
      if (!("waits" in answer) || answer.waits === null) break
      crashes += 1
      if (crashes % 4 > 0) continue
      await data.close()
      data = open()
    }
    expect(crashes).toBeGreaterThan(6)
    await eraseWhatWaits(await portsIn(), "default")
    await (await archiveIn()).archiver.clear("default")
    expect(archived()).toEqual([sumOf("alike"), sumOf("in its batch"), sumOf("own")].sort())
    expect(inFolder(join(folder, "archive-room"), "attachments")).not.toContain(sumOf("of run 1"))
    expect(await contentsOf("run_1")).toEqual([])
    expect(await contentsOf("run_2")).toEqual(["in its batch", "own"])
    expect(await contentsOf("run_8")).toEqual(["alike"])
    expect((await (await archiveIn()).verify()).findings).toEqual([])
    expect((await verifyFolder(place)).findings).toEqual([])
  })

  test("while `verify` looks at its batch is no finding: the batch left, and was checked as it was written anew", async () => {
    await attach("run_1", "of run 1")
    await (await archiveIn()).archiver.archive("default", later)
    await clear()
    let isErased = false
    const meanwhile: ArchiveStore = {
      ...methodsOf(new FolderArchive(place)),
      async read(name, most) {
        if (name.includes("/attachments/") && !isErased) {
          isErased = true
          expect(await erase()).toMatchObject({ waits: null })
        }
        return new FolderArchive(place).read(name, most)
      },
    }
    expect((await (await archiveIn(meanwhile)).verify()).findings).toEqual([])
    expect([isErased, archived()]).toEqual([true, []])
    expect((await (await archiveIn()).verify()).findings).toEqual([])
  })

  test("is in no room, though it was on its way from the archive when it went", async () => {
    await attach("run_1", "of run 1")
    await (await archiveIn()).archiver.archive("default", later)
    await clear()
    const slow: ArchiveStore = {
      ...methodsOf(new FolderArchive(place)),
      async read(name, most) {
        const bytes = await new FolderArchive(place).read(name, most)
        await erase()
        return bytes
      },
    }
    const { contents } = await archiveIn(slow)
    expect(await contents.open({ runId: "run_1", sha256: sumOf("of run 1") })).toBeNull()
    expect([archived(), inFolder(join(folder, "archive-room"), "attachments")]).toEqual([[], []])
  })
})

function methodsOf(under: ArchiveStore): ArchiveStore {
  return {
    place: under.place,
    write: (name, bytes) => under.write(name, bytes),
    read: (name, bytesMax) => under.read(name, bytesMax),
    remove: (name) => under.remove(name),
  }
}

/** The process ends at the so-manieth thing that is asked of the archive: before it is done, or, every other time, after. */
function endingAt(step: number): ArchiveStore {
  const under = new FolderArchive(place)
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
