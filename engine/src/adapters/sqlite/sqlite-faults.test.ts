import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { hexSha256, operationsRun, RunHistory } from "../../testing/builders/run-history.ts"
import { checkStore } from "../../testing/processes/check-store.ts"
import { startWriter } from "../../testing/processes/start-writer.ts"
import { FileBlobs } from "../blobs/files.ts"
import { type StoreOpenCode, StoreOpenError } from "./errors.ts"
import { blobFolder, openSqlite, type SqliteData } from "./open.ts"
import { databaseName, olderThan, openDatabase, writeMeta } from "./open-database.ts"
import { applicationId, schemaVersion } from "./schema.ts"
import { Writer } from "./writer.ts"

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "waybill-faults-"))
  path = join(folder, databaseName)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const openHere = (): SqliteData =>
  openSqlite({ folder, blobs: new FileBlobs(blobFolder(folder)), port: 7_420, readers: 1 })

function openWriter(at = folder) {
  const { db, epoch } = openDatabase(at)
  return { db, writer: new Writer(db, { epoch, sha256: hexSha256, now: () => 1_000 }) }
}

function codeOf(open: () => { close(): unknown } | { db: { close(): unknown } }): StoreOpenError {
  try {
    const opened = open()
    if ("db" in opened) opened.db.close()
    else opened.close()
  } catch (error) {
    if (error instanceof StoreOpenError) return error
    throw error
  }
  throw new Error("it opened")
}

const expectRefusal = (error: StoreOpenError, code: StoreOpenCode, message: RegExp) => {
  expect(error.code).toBe(code)
  expect(error.message).toMatch(message)
  expect(error.hint.length).toBeGreaterThan(20)
  expect(error.path).toContain(folder)
}

describe("a data directory that cannot be used is refused, with what, where and how to mend it", () => {
  it("written by a newer Waybill", () => {
    openWriter().db.close()
    const db = new Database(path)
    db.pragma(`user_version = ${schemaVersion + 1}`)
    db.close()
    expectRefusal(codeOf(openHere), "data_newer_than_program", /newer Waybill/)
    expect(new Database(path).pragma("user_version", { simple: true })).toBe(schemaVersion + 1)
  })

  it("made by another program", () => {
    const db = new Database(path)
    db.exec("CREATE TABLE theirs (x)")
    db.close()
    expectRefusal(codeOf(openHere), "data_not_waybill", /not made by Waybill/)
  })

  it("with a damaged header", () => {
    writeFileSync(path, Buffer.alloc(8_192, "this is no database"))
    expectRefusal(codeOf(openHere), "data_corrupt", /damaged/)
  })

  it("with a damaged page", () => {
    const { db, writer } = openWriter()
    for (let index = 0; index < 30; index += 1) writer.commit(operationsRun(`run_${index}`, 1_000, 3))
    db.pragma("wal_checkpoint(TRUNCATE)")
    const { rootpage } = db
      .prepare<[], { rootpage: number }>("SELECT rootpage FROM sqlite_schema WHERE name = 'workflow_run_events_by_run'")
      .get()!
    db.close()
    const file = openSync(path, "r+")
    writeSync(file, Buffer.alloc(4_096, 0xa5), 0, 4_096, (rootpage - 1) * 4_096)
    closeSync(file)
    expectRefusal(codeOf(openHere), "data_corrupt", /damaged/)
  })

  it("locked by another program", () => {
    openWriter().db.close()
    const other = new Database(path)
    other.exec("BEGIN EXCLUSIVE")
    try {
      expectRefusal(
        codeOf(() => openDatabase(folder, { busyMs: 30 })),
        "data_locked",
        /locked/,
      )
    } finally {
      other.close()
    }
  })

  it("that may not be written", async () => {
    mkdirSync(join(folder, "data"))
    chmodSync(folder, 0o755)
    chmodSync(join(folder, "data"), 0o555)
    // Root may write everywhere, so the attempt is made by somebody who may not.
    const uid = process.getuid?.() === 0 ? 65_534 : undefined
    const writer = startWriter(join(folder, "data"), "a", uid === undefined ? {} : { uid })
    expect(await writer.ended).toEqual({ code: 3, signal: null })
    expect(writer.lines).toEqual(["cannot open: data_read_only"])
  })

  it("used by another process, which is named, until that process is gone", async () => {
    const other = startWriter(folder, "a")
    try {
      expect(await other.said(2)).toBe(true)
      const error = codeOf(openHere)
      expectRefusal(error, "data_locked", new RegExp(`process ${other.child.pid} on port 7420`))
    } finally {
      other.kill()
    }
    await other.ended
    const data = openHere()
    expect(data.epoch).toBe(2)
    await data.close()
  })

  it("twice in one process", async () => {
    const data = openHere()
    expectRefusal(codeOf(openHere), "data_locked", new RegExp(`process ${process.pid}`))
    await data.close()
    await openHere().close()
  })

  it("by an SQLite that can corrupt its log", () => {
    expect(olderThan("3.51.2", [3, 51, 3])).toBe(true)
    expect(olderThan("3.9.9", [3, 51, 3])).toBe(true)
    expect(olderThan("3.51.3", [3, 51, 3])).toBe(false)
    expect(olderThan("3.51.10", [3, 51, 3])).toBe(false)
    expect(olderThan("4.0.0", [3, 51, 3])).toBe(false)
  })
})

describe("how a commit ends", () => {
  it("is durable only with a sync: the log's mode is full, set behind it, and never checkpointed inside a commit", () => {
    const { db } = openWriter()
    expect(db.pragma("journal_mode", { simple: true })).toBe("wal")
    expect(db.pragma("synchronous", { simple: true })).toBe(2)
    expect(db.pragma("wal_autocheckpoint", { simple: true })).toBe(0)
    expect(db.pragma("mmap_size", { simple: true }) ?? 0).toBe(0)
    db.close()
    const again = openWriter().db
    expect(again.pragma("synchronous", { simple: true })).toBe(2)
    again.close()
  })

  it("is refused as a whole when the disk is full, and succeeds once there is room", () => {
    const { db, writer } = openWriter()
    expect(writer.commit(operationsRun("run_a", 1_000, 1)).kind).toBe("durable")
    db.pragma(`max_page_count = ${(db.pragma("page_count", { simple: true }) as number) + 2}`)
    const batch = Array.from({ length: 20 }, (_, index) => operationsRun(`run_${index}`, 1_000, 3)).flat()
    expect(writer.commit(batch)).toMatchObject({ kind: "refused", code: "disk_full", runId: null })
    expect(writer.position).toBe(operationsRun("run_a", 1_000, 1).flatMap((commit) => commit.events).length)
    db.pragma("max_page_count = 1000000")
    expect(writer.commit(batch)).toMatchObject({ kind: "durable", firstPosition: writer.position - 20 * 21 + 1 })
    db.close()
    expect(checkStore(path)).toMatchObject({ problems: [] })
  })

  it("is refused while another program holds the lock, and nothing of it is stored", () => {
    const { db, writer } = openWriter()
    db.pragma("busy_timeout = 20")
    const other = new Database(path)
    other.exec("BEGIN IMMEDIATE")
    expect(writer.commit(operationsRun("run_a", 1_000, 1))).toMatchObject({ kind: "refused", code: "busy" })
    other.exec("ROLLBACK")
    other.close()
    expect(writer.commit(operationsRun("run_a", 1_000, 1)).kind).toBe("durable")
    db.close()
  })

  it("is refused when another process has taken over the directory", () => {
    const { db, writer } = openWriter()
    const other = openWriter()
    expect(writer.commit(operationsRun("run_a", 1_000, 1))).toMatchObject({ kind: "refused", code: "epoch_lost" })
    expect(other.writer.commit(operationsRun("run_a", 1_000, 1)).kind).toBe("durable")
    db.close()
    other.db.close()
  })

  it("is durable whatever becomes of who hears of it", () => {
    const { db, writer } = openWriter()
    writer.onDurable = () => {
      throw new Error("the log cannot be looked at")
    }
    const runs = ["run_a", "run_b"].map((runId) => operationsRun(runId, 1_000, 1))
    for (const run of runs) expect(writer.commit(run).kind).toBe("durable")
    expect(db.prepare("SELECT run_id FROM workflow_runs ORDER BY run_id").pluck().all()).toEqual(["run_a", "run_b"])
    db.close()
  })

  it("is refused for a value that cannot be stored, by name, and the others of its batch are not hurt", () => {
    const { db, writer } = openWriter()
    const poison = new RunHistory("run_poison", 1_000, { actor: null as never }).created()
    const good = operationsRun("run_good", 1_000, 1)
    expect(writer.commit([...good, poison])).toMatchObject({ kind: "refused", runId: "run_poison", code: "constraint" })
    expect(writer.commit(good).kind).toBe("durable")
    db.close()
  })

  it("is unknown after a write error, and from then on nothing is answered; what was acknowledged is there", async () => {
    const writer = startWriter(folder, "a", { prelude: "trap '' XFSZ; ulimit -f 3000" })
    expect((await writer.ended).code).toBe(70)
    expect(writer.lines.slice(-2)).toEqual(["unknown", "then unknown"])
    const acknowledged = writer.lines.filter((line) => /^\d+$/.test(line))
    expect(acknowledged.length).toBeGreaterThan(5)
    openWriter().db.close()
    const checked = checkStore(path)
    expect(checked.problems).toEqual([])
    for (const batch of acknowledged) expect(checked.runIds).toContain(`run_a_${batch}_0`)
  })
})

describe("after a crash", () => {
  it("everything acknowledged is there, and of each batch all or nothing", async () => {
    const acknowledged: string[] = []
    for (let round = 0; round < 5; round += 1) {
      const writer = startWriter(folder, `r${round}`)
      expect(await writer.said(2 + round * 7)).toBe(true)
      writer.kill()
      expect((await writer.ended).signal).toBe("SIGKILL")
      acknowledged.push(...writer.lines.filter((line) => /^\d+$/.test(line)).map((line) => `r${round}_${line}`))
    }
    const data = openHere()
    expect(data.epoch).toBe(6)
    await data.close()
    const { runIds, problems } = checkStore(path)
    expect(problems).toEqual([])
    const batches = new Map<string, number>()
    for (const runId of runIds) {
      const batch = runId.replace(/^run_/, "").replace(/_\d+$/, "")
      batches.set(batch, (batches.get(batch) ?? 0) + 1)
    }
    expect([...batches.values()].every((runs) => runs === 3)).toBe(true)
    for (const batch of acknowledged) expect(batches.has(batch)).toBe(true)
    expect(acknowledged.length).toBeGreaterThan(60)
  })

  it("a log that was cut or damaged anywhere leaves a whole number of commits, the oldest ones", () => {
    const { db, writer } = openWriter()
    db.pragma("wal_checkpoint(TRUNCATE)")
    const commits = Array.from({ length: 12 }, (_, index) =>
      operationsRun(`run_${String(index).padStart(2, "0")}`, 1_000, 2),
    ).flat()
    for (const commit of commits) expect(writer.commit([commit]).kind).toBe("durable")
    const whole = readFileSync(`${path}-wal`)
    const seen = new Set<number>()
    for (let cut = 0; cut < 24; cut += 1) {
      const copy = join(folder, `copy-${cut}`)
      mkdirSync(copy)
      cpSync(path, join(copy, databaseName))
      cpSync(`${path}-wal`, join(copy, `${databaseName}-wal`))
      const at = Math.floor((whole.length * (cut + 0.37)) / 24)
      if (cut % 2 === 0) truncateSync(join(copy, `${databaseName}-wal`), at)
      else {
        const file = openSync(join(copy, `${databaseName}-wal`), "r+")
        writeSync(file, Buffer.from([whole[at]! ^ 0xff]), 0, 1, at)
        closeSync(file)
      }
      openWriter(copy).db.close()
      const { runIds, events, problems } = checkStore(join(copy, databaseName))
      expect(problems).toEqual([])
      expect(runIds).toEqual(
        commits
          .map((commit) => commit.runId)
          .filter((id, index, all) => all.indexOf(id) === index)
          .slice(0, runIds.length),
      )
      seen.add(events)
    }
    db.close()
    expect(seen.size).toBeGreaterThan(8)
    expect(Math.max(...seen)).toBeGreaterThan(Math.min(...seen))
  })
})

describe("a backup", () => {
  it("is taken while runs go on, starts with dispatch held and a far higher epoch, and goes on from there", async () => {
    const data = openHere()
    const hash = hexSha256("blob")
    const first = new RunHistory("run_first", 1_000)
    await data.store.commit([first.created({ blobs: [{ hash, json: '"large"' }] })])
    for (let index = 0; index < 40; index += 1) await data.store.commit(operationsRun(`run_${index}`, 1_000, 2))
    const file = join(folder, "backup.db")
    const running = data.history.backup(file)
    for (let index = 0; index < 10; index += 1) await data.store.commit(operationsRun(`run_during_${index}`, 1_000, 1))
    const { bytes, position } = await running
    expect(bytes).toBeGreaterThan(statSync(file).size)
    await expect(data.history.backup(file)).rejects.toThrow(/EEXIST/)
    expect(data.dispatchHeld).toBe(false)
    await data.close()

    const restored = join(folder, "restored")
    mkdirSync(restored)
    cpSync(file, join(restored, databaseName))
    cpSync(`${file}.blobs`, blobFolder(restored), { recursive: true })
    const open = () =>
      openSqlite({ folder: restored, blobs: new FileBlobs(blobFolder(restored)), port: null, readers: 1 })
    const again = open()
    expect(again.dispatchHeld).toBe(true)
    expect(again.epoch).toBe(1 + 2 ** 20)
    expect(again.store.position()).toBe(position)
    expect([...(await again.store.blobs([hash]))]).toEqual([[hash, '"large"']])
    expect(await again.store.commit([first.started()])).toMatchObject({ kind: "durable", firstPosition: position + 1 })
    await again.close()
    const third = open()
    expect(third.dispatchHeld).toBe(true)
    expect(await third.history.resumeDispatch()).toBe(true)
    expect(await third.history.resumeDispatch()).toBe(false)
    await third.close()
    const fourth = open()
    expect(fourth.dispatchHeld).toBe(false)
    expect(fourth.epoch).toBe(3 + 2 ** 20)
    await fourth.close()
    expect(checkStore(join(restored, databaseName)).problems).toEqual([])
  })
})

describe("what is kept beside runs", () => {
  it("every row of a run can be lost and written again, but not rows of another seq", async () => {
    const data = openHere()
    const commits = operationsRun("run_a", 1_000, 2, { tags: '["red"]' })
    await data.store.commit(commits)
    const before = (await data.history.rows("run_a"))!
    const raw = new Database(path)
    for (const table of ["workflow_runs", "workflow_run_steps", "workflow_run_tags"]) raw.exec(`DELETE FROM ${table}`)
    raw.close()
    expect(await data.history.rows("run_a")).toBeNull()
    expect(await data.history.runIds(null, 10)).toEqual(["run_a"])
    expect((await data.store.load("run_a", "none"))?.headHash).toBe(before.run.headHash)
    const rows = { ...before, timersSet: [], timersCancelled: [] }
    await expect(data.history.replaceRows("run_a", { ...rows, run: { ...rows.run, seq: 3 } })).rejects.toThrow(
      /stands at seq/,
    )
    await data.history.replaceRows("run_a", rows)
    expect(await data.history.rows("run_a")).toEqual(before)
    await data.close()
  })

  it("seals each finished run into its workspace's chain", async () => {
    const data = openHere()
    for (const id of ["run_a", "run_b", "run_c"]) await data.store.commit(operationsRun(id, 1_000, 1))
    const heads = await data.history.workspaceHeads(null, 10)
    expect(heads.map((head) => [head.number, head.runId])).toEqual([
      [1, "run_a"],
      [2, "run_b"],
      [3, "run_c"],
    ])
    for (const [index, head] of heads.entries()) {
      expect(data.history.workspaceHeadHash(head)).toBe(head.hash)
      if (index > 0) expect(head.prevHash).toBe(heads[index - 1]!.hash)
    }
    expect(await data.history.workspaceHeads({ workspaceId: "default", number: 2 }, 10)).toEqual([heads[2]])
    await data.close()
  })

  it("removes expired keys, and large values that no event names once they are a day old", async () => {
    const day = 24 * 3_600_000
    let now = Date.now()
    const blobs = new FileBlobs(blobFolder(folder))
    const data = openSqlite({ folder, blobs, port: null, readers: 1, now: () => now })
    const [used, unused] = [hexSha256("used"), hexSha256("unused")]
    await blobs.write([{ hash: unused, json: "1" }])
    const answer = { scope: "s", key: "k", bodyHash: "h", runId: "run_a", answer: "{}", expiresAt: now + 1_000 }
    const history = new RunHistory("run_a", 1_000)
    const created = history.created(
      { blobs: [{ hash: used, json: "2" }], answers: [answer] },
      { input: { blob: used, bytes: 70_000 } },
    )
    await data.store.commit([created])
    expect(await data.upkeep.clearKeys()).toBe(0)
    expect(await data.upkeep.sweepBlobs()).toEqual([])
    now += day + 60_000
    expect(await data.upkeep.clearKeys()).toBe(1)
    expect(await data.upkeep.sweepBlobs()).toEqual([unused])
    expect([...(await data.store.blobs([used, unused]))]).toEqual([[used, "2"]])
    await data.close()
  })

  it("sweeps large values once a day, however often the process is another one", async () => {
    const day = 24 * 3_600_000
    let now = Date.now() + 2 * day
    const blobs = new FileBlobs(blobFolder(folder))
    const open = () => openSqlite({ folder, blobs, port: null, readers: 1, now: () => now })
    const unused = hexSha256("unused")
    const write = () => blobs.write([{ hash: unused, json: "1" }])
    const isThere = async () => (await blobs.read([unused])).size === 1
    const afterRestart = async () => {
      const data = open()
      await data.upkeep.hourly()
      await data.close()
      return isThere()
    }
    await write()
    expect(await afterRestart()).toBe(false)
    await write()
    now += day - 1
    expect(await afterRestart()).toBe(true)
    now += 1
    expect(await afterRestart()).toBe(false)
  })

  it("gives 002's two tables as views, with its statuses and seconds", async () => {
    const data = openHere()
    await data.store.commit(operationsRun("run_a", 1_000, 2))
    await data.store.commit([new RunHistory("run_b", 2_000).created()])
    await data.close()
    const db = new Database(path, { readonly: true })
    const [a, b] = db.prepare<[], Record<string, unknown>>("SELECT * FROM workflow_executions ORDER BY id").all()
    expect(a).toMatchObject({
      id: "run_a",
      workflow_id: "orders",
      status: "completed",
      duration: 0.01,
      execution_number: 1,
    })
    expect(a!.started_at).toBe("1970-01-01T00:00:01.000Z")
    expect(JSON.parse(String(a!.input_variables))).toMatchObject({ orderId: "run_a" })
    expect(JSON.parse(String(a!.results))).toMatchObject({ total: 10 })
    expect(b).toMatchObject({ id: "run_b", status: "pending", duration: null, started_at: null, results: null })
    const steps = db.prepare<[], Record<string, unknown>>("SELECT * FROM workflow_step_executions").all()
    expect(steps.map((step) => [step.execution_id, step.step_id, step.status, step.duration])).toEqual([
      ["run_a", "step0", "completed", 0.005],
      ["run_a", "step1", "completed", 0.005],
    ])
    const named = db.prepare<[], { name: string; tbl_name: string }>(
      "SELECT name, tbl_name FROM sqlite_schema WHERE name LIKE 'idx_%' ORDER BY name",
    )
    expect(named.all()).toEqual([
      { name: "idx_workflow_executions_started_at", tbl_name: "workflow_runs" },
      { name: "idx_workflow_executions_workspace_status", tbl_name: "workflow_runs" },
      { name: "idx_workflow_step_executions_execution", tbl_name: "workflow_run_steps" },
    ])
    expect(db.pragma("application_id", { simple: true })).toBe(applicationId)
    db.close()
  })

  it("neither commits nor side writes go on once the epoch is another's", async () => {
    const data = openHere()
    const raw = new Database(path)
    writeMeta(raw, "epoch", "99")
    raw.close()
    expect(await data.store.commit(operationsRun("run_a", 1_000, 1))).toMatchObject({ code: "epoch_lost" })
    await expect(data.store.keepLateResult("run_a", "s", 1, 1, 1, "1")).rejects.toMatchObject({ code: "epoch_lost" })
    await data.close()
    expect(existsSync(path)).toBe(true)
  })
})
