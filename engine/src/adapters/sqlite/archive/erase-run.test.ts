/** One run that has to go before its time: out of the store and out of its batch, whatever fails on the way. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import Database from "better-sqlite3"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { type ArchiveStore, ArchiveUnavailable } from "../../../ports/archive-store.ts"
import type { AuditDraft } from "../../../ports/audit-store.ts"
import type { RunEraser } from "../../../ports/run-eraser.ts"
import { hexSha256, operationsRun } from "../../../testing/builders/run-history.ts"
import { verifyHistory } from "../../../usecases/admin/verify-history.ts"
import { openArchive } from "../../../usecases/archive/index.ts"
import { type EraseRunPorts, eraseWhatWaits, goThrough, intendToErase } from "../../../usecases/retention/erase-run.ts"
import { FolderArchive } from "../../archive/folder-archive.ts"
import { FileBlobs } from "../../blobs/files.ts"
import { systemClock } from "../../system/clock.ts"
import { blobFolder, openSqlite, type SqliteData } from "../open.ts"
import { databaseName } from "../open-database.ts"
import { verifyFolder } from "./verify-folder.ts"

const later = 10_000_000
const keyOfRun2 = 3
let folder: string
let place: string
let data: SqliteData

const open = (): SqliteData =>
  openSqlite({ folder, blobs: new FileBlobs(blobFolder(folder)), port: null, readers: 1, clearedPerWrite: 8 })
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "waybill-erasing-"))
  place = join(folder, "archive")
  data = open()
  for (let i = 0; i < 6; i++) await data.store.commit(operationsRun(`run_${i}`, 1_000 + i * 100, 3))
})
afterEach(async () => {
  await data.close()
  rmSync(folder, { recursive: true, force: true })
})

const asked = (runId: string): AuditDraft => ({
  workspaceId: "default",
  at: later,
  actor: "user:ann",
  credential: "none",
  action: "run.erase",
  target: runId,
  door: "",
  address: "",
  outcome: "done",
  status: 200,
  requestId: "",
  detail: null,
})
const archiveIn = (store: ArchiveStore) =>
  openArchive(
    { shelf: data.shelf, room: data.room, store, clock: systemClock(), log: { write: () => {} } },
    { runs: 4, bytes: 1 << 20, attachedBytes: 1 << 20, retryMs: 1_000, retryMsMax: 60_000 },
  )
const portsIn = async (store: ArchiveStore = new FolderArchive(place)) => {
  const archive = await archiveIn(store)
  const forget = (runId: string) => data.room.dropWith(runId)
  const ports = {
    eraser: data.eraser,
    archiver: archive.archiver,
    clock: systemClock(),
    log: { write: () => {} },
    forget,
  }
  return { archive, ports }
}
const eraseRun = async (ports: EraseRunPorts, workspaceId: string, runId: string, audit: AuditDraft) => {
  const intended = await intendToErase(ports, workspaceId, runId, audit)
  if (intended.kind !== "intended") return intended
  const { seq, headHash } = intended.run
  return { kind: "erased", erased: { seq, headHash, ...(await goThrough(ports, intended.erasure)) } }
}
const archiveAll = async () => {
  const { archive } = await portsIn()
  expect(await archive.archiver.archive("default", later)).toMatchObject({ runs: 6, waits: null })
  for (let isDone = false; !isDone; )
    isDone = (await data.retention.purge("default", "events", later, 100, later, true)).isDone
}
const files = () =>
  readdirSync(place, { recursive: true, encoding: "utf8" })
    .filter((name) => name.includes("."))
    .sort()
const verified = async () => (await verifyHistory(data.history, null, hexSha256)({ runId: null, head: null })).findings
/** Nothing but the seal and the manifest, which say that there was a run of that name. */
const isGone = async (runId: string) => {
  expect(await data.queries.run(runId)).toBeNull()
  expect(await data.history.rawEvents(runId, 0, 9)).toEqual([])
  expect(await data.eraser.pending(null)).toEqual([])
  expect(await verified()).toEqual([])
  expect((await verifyFolder(place)).findings).toEqual([])
  expect((await (await portsIn()).archive.verify()).findings).toEqual([])
  const audit = await data.audit.chain("default", 0, 100)
  expect(audit.filter(({ action }) => action === "run.erase").map(({ target }) => target)).toEqual([runId])
}
const events = async (runId: string) => {
  const { archive } = await portsIn()
  return archive.runs.queries(data.queries).events(runId, { after: 0, types: [], limit: 100 })
}

describe("a run that is erased", () => {
  test("from the store is gone with all its rows, under a seal that its chain verifies by", async () => {
    const { seq, headHash } = (await data.queries.run("run_2"))!
    const { ports } = await portsIn()
    const answer = await eraseRun(ports, "default", "run_2", asked("run_2"))
    expect(answer).toEqual({ kind: "erased", erased: { seq, headHash, waits: null, batchId: null } })
    expect(await data.queries.run("run_2")).toBeNull()
    expect(await verified()).toEqual([])
    expect(await data.history.leftOf("run_2")).toMatchObject({ seq, headHash, hasRow: false })
    expect(await eraseRun(ports, "default", "run_2", asked("run_2"))).toEqual({ kind: "missing" })
    expect(await eraseRun(ports, "another", "run_3", asked("run_3"))).toEqual({ kind: "missing" })
    await data.store.commit(operationsRun("run_open", 5_000, 3).slice(0, 1))
    expect(await eraseRun(ports, "default", "run_open", asked("run_open"))).toEqual({ kind: "unfinished" })
  })

  test("leaves none of its words in issues, alerts and bulk actions, and those of others where they are", async () => {
    const raw = new Database(join(folder, databaseName))
    const insert = (table: string, row: { readonly [column: string]: string | number | null }) =>
      raw
        .prepare(`INSERT INTO ${table} (${Object.keys(row)}) VALUES (${Object.keys(row).map(() => "?")})`)
        .run(...Object.values(row))
    const seen = { first_seen_at: 1, first_version: 1, last_seen_at: 1, last_version: 1, state: "open", regressions: 0 }
    const endpoint = {
      kind: "slack",
      url: "",
      description: "",
      events: "[]",
      workflows: "[]",
      headers: "{}",
      secret: "",
    }
    const since = { since_position: 0, created_at: 1, created_by: "", changed_at: 1, changed_by: "" }
    insert("webhook_endpoints", {
      ...{ endpoint_id: "whe_1", workspace_id: "default", ...endpoint, ...since },
      ...{ delivered_count: 0, failed_count: 0 },
    })
    for (const runId of ["run_2", "run_3"]) {
      const sample = `nobody is called Ann of ${runId}`
      const error = { error_class: "bug", error_code: "oops", message: "nobody is called <text>" }
      const issue = { workspace_id: "default", environment: "dev", workflow_id: "orders", ...error, sample, count: 1 }
      insert("issues", {
        ...{ issue_id: `iss_${runId}`, ...issue, ...seen, changed_at: 1 },
        ...{ first_run_id: runId, last_run_id: runId },
      })
      const digest = { endpoint_id: "whe_1", workspace_id: "default", event: "alert.digest", created_at: 1 }
      const tried = { body: sample, state: "delivered", attempts: 1, tries: 1 }
      insert("webhook_deliveries", { delivery_id: `msg_${runId}`, ...digest, ...tried })
      insert("webhook_attempts", { delivery_id: `msg_${runId}`, number: 1, at: 1, ms: 1, answer: "" })
      for (const fresh of [0, 1, 2]) {
        const thread = { endpoint_id: "whe_1", thread_key: `${runId} ${fresh}`, workspace_id: "default" }
        insert("alert_threads", {
          ...thread,
          event: "run.failed",
          run_id: runId,
          fresh,
          total: 2,
          first_at: 1,
          last_at: 1,
        })
      }
      insert("workflow_bulk_items", {
        bulk_id: "bulk_1",
        number: Number(runId.at(-1)),
        run_id: runId,
        state: "refused",
        message: sample,
      })
    }
    const { ports } = await portsIn()
    await eraseRun(ports, "default", "run_2", asked("run_2"))
    const all = (sql: string) => raw.prepare(sql).pluck().all()
    expect(all("SELECT sample FROM issues ORDER BY issue_id")).toEqual([
      "nobody is called <text>",
      "nobody is called Ann of run_3",
    ])
    expect(all("SELECT delivery_id FROM webhook_deliveries")).toEqual(["msg_run_3"])
    expect(all("SELECT delivery_id FROM webhook_attempts")).toEqual(["msg_run_3"])
    // With two that nobody was told of, the other is told yet.
    expect(all("SELECT thread_key FROM alert_threads")).toEqual(["run_2 2", "run_3 0", "run_3 1", "run_3 2"])
    expect(all("SELECT message FROM workflow_bulk_items ORDER BY number")).toEqual([
      null,
      "nobody is called Ann of run_3",
    ])
    raw.close()
  })

  test("from the archive leaves its batch as it was without it, and the manifest says what it replaces", async () => {
    await archiveAll()
    const then = new Map<string, unknown>()
    for (const runId of ["run_0", "run_1", "run_3", "run_5"]) then.set(runId, await events(runId))
    const before = (await data.shelf.kept(null, 9))[0]!
    const { ports } = await portsIn()
    const answer = await eraseRun(ports, "default", "run_2", asked("run_2"))
    expect(answer).toMatchObject({ kind: "erased", erased: { waits: null, batchId: before.batchId } })
    await isGone("run_2")
    const after = (await data.shelf.kept(null, 9))[0]!
    expect([after.runs, after.from, after.to]).toEqual([3, before.from, before.to])
    expect(files().some((name) => name.includes(before.batchId))).toBe(false)
    const manifest = JSON.parse(readFileSync(join(place, after.files.at(-1)!.name), "utf8")) as object
    const sha256 = before.files.find(({ table }) => table === "manifest")!.sha256
    expect(manifest).toMatchObject({
      erased: [{ runId: "run_2", headHash: expect.any(String), at: expect.any(Number) }],
      replaces: { batchId: before.batchId, sha256 },
    })
    for (const [runId, was] of then) expect(await events(runId), runId).toEqual(was)
  })

  test("last of its batch takes the batch along, and its neighbours are read as before", async () => {
    await archiveAll()
    const { ports } = await portsIn()
    for (const runId of ["run_4", "run_5"]) await eraseRun(ports, "default", runId, asked(runId))
    expect((await data.shelf.kept(null, 9)).map(({ runs }) => runs)).toEqual([4])
    expect(files()).toHaveLength(5)
    expect(await events("run_3")).not.toEqual([])
    expect(await verified()).toEqual([])
  })

  test("is gone in the end, once, at whatever step the process ends", async () => {
    let crashes = 0
    await archiveAll()
    for (let step = 1; ; step++) {
      const { ports } = await portsIn(endingAt(step, new FolderArchive(place)))
      const { erased } = (await eraseRun(ports, "default", "run_1", asked("run_1"))) as { erased: { waits: unknown } }
      if (erased.waits === null) break
      crashes += 1
      await data.close()
      data = open()
      // Until it is done it is whole, or gone.
      if ((await data.queries.run("run_1")) === null) break
      expect(await events("run_0")).not.toEqual([])
    }
    expect(crashes).toBeGreaterThan(6)
    const { ports, archive } = await portsIn()
    await eraseWhatWaits(ports, "default")
    await archive.archiver.clear("default")
    await isGone("run_1")
    const kept = await data.shelf.kept(null, 9)
    expect(files()).toEqual(kept.flatMap((batch) => batch.files.map(({ name }) => name)).sort())
    expect(kept.map(({ runs }) => runs)).toEqual([3, 2])
  })

  test("waits while the archive cannot be written, is there until then, and goes once it can", async () => {
    await archiveAll()
    const under = new FolderArchive(place)
    const full: ArchiveStore = {
      place: under.place,
      read: (name, most) => under.read(name, most),
      remove: (name) => under.remove(name),
      write: async () => {
        throw new ArchiveUnavailable("ENOSPC: no space left on device")
      },
    }
    const { ports } = await portsIn(full)
    expect(await eraseRun(ports, "default", "run_2", asked("run_2"))).toMatchObject({
      erased: { waits: expect.stringContaining("ENOSPC") },
    })
    expect(await events("run_2")).not.toEqual([])
    expect((await data.eraser.pending("default")).map(({ runId }) => runId)).toEqual(["run_2"])
    await eraseWhatWaits((await portsIn()).ports, "default")
    await isGone("run_2")
  })

  test("that does not lie in the archive is gone, although others wait to get there", async () => {
    const under = new FolderArchive(place)
    const full: ArchiveStore = {
      place: under.place,
      read: (name, most) => under.read(name, most),
      remove: (name) => under.remove(name),
      write: async () => {
        throw new ArchiveUnavailable("ENOSPC: no space left on device")
      },
    }
    const { archive, ports } = await portsIn(full)
    expect(await archive.archiver.archive("default", later)).toMatchObject({
      waits: expect.stringContaining("ENOSPC"),
    })
    expect(await eraseRun(ports, "default", "run_2", asked("run_2"))).toMatchObject({
      erased: { waits: null, batchId: null },
    })
    expect(await data.queries.run("run_2")).toBeNull()
    expect(await data.eraser.pending("default")).toEqual([])
  })

  test("waits while its batch is not what was written: nothing of it is packed again as if it were", async () => {
    await archiveAll()
    const [batch] = await data.shelf.kept(null, 1)
    const name = join(place, batch!.files.find(({ table }) => table === "events")!.name)
    const bytes = readFileSync(name)
    writeFileSync(name, Buffer.from(bytes).fill(7, 90, 95))
    const { ports } = await portsIn()
    expect(await eraseRun(ports, "default", "run_2", asked("run_2"))).toMatchObject({
      erased: { waits: expect.stringContaining("archive_altered") },
    })
    writeFileSync(name, bytes)
    await eraseWhatWaits(ports, "default")
    await isGone("run_2")
  })

  test("leaves its batch to be opened as before, though what it was lies opened still", async () => {
    await archiveAll()
    const { archive, ports } = await portsIn()
    const queries = archive.runs.queries(data.queries)
    const page = { after: 0, types: [], limit: 100 }
    const then = await queries.events("run_1", page)
    const [before] = await data.shelf.kept(null, 9)
    await eraseRun({ ...ports, forget: async () => {} }, "default", "run_2", asked("run_2"))
    expect(data.room.holds(before!.batchId)).toBe(true)
    expect(await queries.events("run_1", page)).toEqual(then)
    expect(data.room.holds(before!.batchId)).toBe(false)
    expect(inRoom(keyOfRun2)).toBe(0)
  })

  test("is in no opened batch when it is gone, though it took more than one attempt", async () => {
    await archiveAll()
    const { archive, ports } = await portsIn()
    expect(await archive.runs.queries(data.queries).events("run_2", { after: 0, types: [], limit: 9 })).not.toEqual([])
    const eraser: RunEraser = {
      find: (...args) => data.eraser.find(...args),
      intend: (...args) => data.eraser.intend(...args),
      pending: (...args) => data.eraser.pending(...args),
      clear: async () => {
        throw new Error("the disk is full")
      },
    }
    expect(inRoom(keyOfRun2)).toBeGreaterThan(0)
    expect(await eraseRun({ ...ports, eraser }, "default", "run_2", asked("run_2"))).toMatchObject({
      erased: { waits: "the disk is full" },
    })
    await eraseWhatWaits(ports, "default")
    await isGone("run_2")
    expect(inRoom(keyOfRun2)).toBe(0)
  })

  test("is in no opened batch, though that was on its way from the archive when it went", async () => {
    await archiveAll()
    const under = new FolderArchive(place)
    const [isRead, goesOn] = [gate(), gate()]
    const slow: ArchiveStore = {
      place: under.place,
      write: (name, bytes) => under.write(name, bytes),
      remove: (name) => under.remove(name),
      async read(name, most) {
        const bytes = await under.read(name, most)
        if (!name.endsWith("manifest.json")) return bytes
        isRead.open()
        await goesOn.passed
        return bytes
      },
    }
    const reading = (await archiveIn(slow)).runs.queries(data.queries)
    const late = reading.events("run_1", { after: 0, types: [], limit: 9 }).catch((error: unknown) => error)
    await isRead.passed
    await eraseRun((await portsIn()).ports, "default", "run_2", asked("run_2"))
    goesOn.open()
    expect(await late).toBeInstanceOf(ArchiveUnavailable)
    expect(inRoom(keyOfRun2)).toBe(0)
    expect(await events("run_1")).not.toEqual([])
    await isGone("run_2")
  })

  test.each(["erased", "left by a policy that archives nothing any more"])(
    "leaves no file of a batch that a crash left half written, when it is %s",
    async (how) => {
      const { archive } = await portsIn(endingAt(5, new FolderArchive(place)))
      expect(await archive.archiver.archive("default", later)).toMatchObject({ runs: 0 })
      expect(files()).not.toEqual([])
      expect(await data.shelf.unfinished("default")).toMatchObject([{ state: "writing" }])
      const { ports } = await portsIn()
      if (how === "erased") {
        // It is in no file of that batch, and waits for no archive.
        const away = (await portsIn({ place: "file:///hung", write: hung, remove: hung, read: hung })).ports
        expect(await eraseRun(away, "default", "run_5", asked("run_5"))).toMatchObject({ erased: { waits: null } })
        expect(await eraseRun(away, "default", "run_1", asked("run_1"))).toMatchObject({
          erased: { waits: expect.stringContaining("30 s") },
        })
        await eraseWhatWaits(ports, "default")
        expect(await data.queries.run("run_1")).toBeNull()
      } else {
        await ports.archiver.clear("default")
        expect(files()).not.toEqual([])
        await ports.archiver.clear("default", true)
      }
      expect(files()).toEqual([])
      expect(await data.shelf.unfinished("default")).toEqual([])
    },
  )

  test("asks an archive that does not answer once a purge, and goes on behind a batch that is not there", async () => {
    await archiveAll()
    let reads = 0
    const silent: ArchiveStore = {
      ...{ place: "file:///hung", write: hung, remove: hung },
      read: () => {
        reads += 1
        return hung()
      },
    }
    const { ports } = await portsIn(silent)
    for (const runId of ["run_0", "run_1", "run_4"])
      await intendToErase(ports, "default", runId, { ...asked(runId), at: later })
    await eraseWhatWaits(ports, "default")
    expect(reads).toBe(1)
    const [first] = await data.shelf.kept(null, 1)
    const batch = dirname(join(place, first!.files[0]!.name))
    renameSync(batch, join(folder, "away"))
    await eraseWhatWaits((await portsIn()).ports, "default")
    expect((await data.eraser.pending("default")).map(({ runId }) => runId)).toEqual(["run_0", "run_1"])
    renameSync(join(folder, "away"), batch)
    await eraseWhatWaits((await portsIn()).ports, "default")
    expect(await data.eraser.pending("default")).toEqual([])
    expect(await verified()).toEqual([])
  })

  test("is reached behind a thousand others that wait", async () => {
    const db = new Database(join(folder, databaseName), { timeout: 5_000 })
    db.prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
       INSERT INTO run_erasures SELECT printf('run_gone_%04d', i), 'default', 1, ? FROM n`,
    ).run(JSON.stringify(asked("run_gone")))
    db.close()
    await data.eraser.intend({ runId: "run_0", workspaceId: "default", at: later, audit: asked("run_0") })
    // Asked for once more it is still the first, though a thousand others are in front of it.
    const again = await intendToErase((await portsIn()).ports, "default", "run_0", {
      ...asked("run_0"),
      actor: "user:bob",
    })
    expect(again).toMatchObject({ kind: "intended", erasure: { at: later, audit: { actor: "user:ann" } } })
    for (const workspaceId of ["default", null]) {
      const page = await data.eraser.pending(workspaceId)
      expect(page).toHaveLength(1_000)
      const next = await data.eraser.pending(workspaceId, page.at(-1))
      expect(next.map(({ runId }) => runId)).toEqual(["run_0"])
      expect(await data.eraser.pending(workspaceId, next[0])).toEqual([])
    }
    await eraseWhatWaits((await portsIn()).ports, "default")
    expect(await data.queries.run("run_0")).toBeNull()
  })

  test("goes from the store when its archive is lost and was begun anew", async () => {
    await archiveAll()
    renameSync(place, join(folder, "lost"))
    mkdirSync(place)
    const { ports } = await portsIn()
    expect(await eraseRun(ports, "default", "run_2", asked("run_2"))).toMatchObject({
      erased: { waits: expect.stringContaining("does not hold the batch") },
    })
    writeFileSync(join(place, "begun-anew.txt"), "")
    await eraseWhatWaits(ports, "default")
    expect(await data.queries.run("run_2")).toBeNull()
    expect(await data.eraser.pending("default")).toEqual([])
    // Of the others it is still said that they are not there.
    await expect(events("run_1")).rejects.toThrow("does not hold the batch")
  })

  test("is in no file of a folder that may not be written to, once it may", async () => {
    await archiveAll()
    const month = join(place, "workspace=default", readdirSync(join(place, "workspace=default"))[0]!)
    chmodSync(month, 0o555)
    const { ports } = await portsIn()
    const { erased } = (await eraseRun(ports, "default", "run_0", asked("run_0"))) as {
      erased: { waits: string | null }
    }
    // Who is root may write anywhere.
    if (process.getuid?.() !== 0) expect(erased.waits).toContain("EACCES")
    chmodSync(month, 0o755)
    await eraseWhatWaits(ports, "default")
    await isGone("run_0")
    expect(existsSync(month)).toBe(true)
  })
})

const hung = async (): Promise<never> => {
  throw new ArchiveUnavailable("it did not answer within 30 s")
}

function gate() {
  let open = () => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, passed }
}

/** Events of the run of that key in the room, where nobody may look at them any more. */
function inRoom(runKey: number): number {
  const names = readdirSync(join(folder, "archive-room")).filter((name) => name.endsWith(".db"))
  const counts = names.map((name) => {
    const db = new Database(join(folder, "archive-room", name), { readonly: true })
    const events = db.prepare<[number], { n: number }>(
      "SELECT count(*) AS n FROM workflow_run_events WHERE run_key = ?",
    )
    const { n } = events.get(runKey)!
    db.close()
    return n
  })
  return counts.reduce((sum, n) => sum + n, 0)
}

/** The process ends at the so-manieth thing that is asked of the archive: before it is done, or, every other time, after. */
function endingAt(step: number, under: ArchiveStore): ArchiveStore {
  let count = 0
  const within = async <T>(work: () => Promise<T>): Promise<T> => {
    count += 1
    if (count > step || (count === step && step % 2 === 0)) throw new ArchiveUnavailable("the process has ended")
    const answer = await work()
    if (count === step) throw new ArchiveUnavailable("the process has ended")
    return answer
  }
  return {
    place: under.place,
    write: (name, bytes) => within(() => under.write(name, bytes)),
    read: (name, bytesMax) => within(() => under.read(name, bytesMax)),
    remove: (name) => within(() => under.remove(name)),
  }
}
