/** A database of every older schema, made from the migrations as they were, opened by this build (rule 2). */
import { createHash } from "node:crypto"
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { noFilter } from "../../core/views/run-query.ts"
import { openAdmin } from "../../open-admin.ts"
import type { SealingKeys } from "../../ports/redaction.ts"
import { readableKeys } from "../../testing/builders/redaction.ts"
import { hexSha256, operationsRun, RunHistory } from "../../testing/builders/run-history.ts"
import { FileBlobs } from "../blobs/files.ts"
import { signingMarks } from "../redaction/signing-marks.ts"
import { createJsonSchemas } from "../schemas/index.ts"
import { systemHashing } from "../system/hashing.ts"
import { blobFolder, openSqlite, type SqliteData } from "./open.ts"
import { databaseName, openDatabase, writeMeta } from "./open-database.ts"
import { applicationId, migrations, schemaVersion } from "./schema.ts"
import { Writer } from "./writer.ts"

const made: string[] = []
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "waybill-old-"))
  made.push(folder)
  return folder
}

/** What this build writes: runs that ended, and one that is under way. */
function writeToday(folder: string): void {
  const { db, epoch } = openDatabase(folder)
  const writer = new Writer(db, { epoch, sha256: hexSha256, now: () => 5_000 })
  const open = new RunHistory("run_open", 3_000, { executionNumber: 3 })
  for (const commit of [
    ...operationsRun("run_1", 1_000, 3, { executionNumber: 1 }),
    ...operationsRun("run_2", 2_000, 1, { executionNumber: 2 }),
    open.created(),
    open.started(),
  ])
    if (writer.commit([commit]).kind !== "durable") throw new Error("not stored")
  db.close()
}

/** The tables and columns of an older schema, with what today's database has in them. */
function copyAsOld(today: string, folder: string, version: number): void {
  mkdirSync(folder, { recursive: true })
  const db = new Database(join(folder, databaseName))
  // What is under test begins when it is opened: that this copy is on the disk is worth none of its hundred syncs.
  db.pragma("synchronous = OFF")
  db.pragma("journal_mode = MEMORY")
  for (const { sql } of migrations.filter((migration) => migration.version <= version)) db.exec(sql)
  db.pragma(`user_version = ${version}`)
  db.pragma(`application_id = ${applicationId}`)
  db.prepare("ATTACH ? AS today").run(join(today, databaseName))
  const tables = db
    .prepare<[], { name: string }>(
      "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
    .all()
  for (const { name } of tables) {
    const columns = db.prepare<[], { name: string }>(`SELECT name FROM pragma_table_info('${name}', 'main')`).all()
    const list = columns.map((column) => `"${column.name}"`).join(", ")
    db.exec(`INSERT OR REPLACE INTO main."${name}" (${list}) SELECT ${list} FROM today."${name}"`)
  }
  writeMeta(db, "secret", "ab".repeat(32))
  db.exec("DETACH today")
  db.close()
}

function open(folder: string): SqliteData {
  return openSqlite({ folder, blobs: new FileBlobs(blobFolder(folder)), port: null, now: () => 6_000, readers: 1 })
}

async function runsOf({ queries }: SqliteData) {
  const listed = await queries.runs({
    workspaceId: "default",
    now: 6_000,
    filter: noFilter,
    sort: "-createdAt",
    cursor: null,
    limit: 10,
  })
  if (!listed.ok) throw new Error(listed.message)
  return listed.page.items
}

describe.each(migrations.slice(0, -1).map(({ version }) => version))("a database of schema %i", (version) => {
  let today = ""
  let old = ""
  let first = ""
  let firstOld = ""
  beforeAll(() => {
    ;[first, firstOld] = [mkdtempSync(join(tmpdir(), "waybill-old-")), mkdtempSync(join(tmpdir(), "waybill-old-"))]
    writeToday(first)
    copyAsOld(first, firstOld, version)
  })
  afterAll(() => {
    for (const folder of [first, firstOld]) rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(() => {
    today = newFolder()
    old = newFolder()
    cpSync(first, today, { recursive: true })
    cpSync(firstOld, old, { recursive: true })
  })

  test("is brought forward when it is opened: every run is there as it was, and nothing is wrong with it", async () => {
    const [before, after] = [open(today), open(old)]
    try {
      expect((await runsOf(after)).map((run) => [run.runId, run.status])).toEqual([
        ["run_open", "RUNNING"],
        ["run_2", "COMPLETED"],
        ["run_1", "COMPLETED"],
      ])
      expect(await runsOf(after)).toEqual(await runsOf(before))
      expect(await after.queries.steps("run_1", 0, 10)).toEqual(await before.queries.steps("run_1", 0, 10))
      expect(after.secret).toBe("ab".repeat(32))
      const admin = await openAdmin({
        history: after.history,
        audit: after.audit,
        definitionStore: after.definitions,
        compileSchema: createJsonSchemas().compile,
        hashing: systemHashing,
        now: () => 6_000,
      })
      expect(await admin.fsck()).toMatchObject({ runs: 3, findings: [] })
      expect(await admin.verify({ runId: null, head: null })).toMatchObject({ runs: 3, findings: [] })
    } finally {
      await Promise.all([before.close(), after.close()])
    }
  })

  test("takes what is new beside what is old, and opens again", async () => {
    let data = open(old)
    try {
      for (const commit of operationsRun("run_new", 6_000, 1))
        expect(await data.store.commit([commit])).toMatchObject({ kind: "durable" })
      await data.close()
      data = open(old)
      expect((await runsOf(data)).map((run) => run.runId)).toEqual(["run_new", "run_open", "run_2", "run_1"])
    } finally {
      await data.close()
    }
    const db = new Database(join(old, databaseName), { readonly: true })
    expect(db.pragma("user_version", { simple: true })).toBe(schemaVersion)
    db.close()
  })
})

test("a migration that was released is never edited: what changes comes behind it", () => {
  const released = migrations.filter(({ version }) => version in releasedMigrations)
  expect(Object.fromEntries(released.map(({ version, sql }) => [version, textHash(sql)]))).toEqual(releasedMigrations)
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1))
})

/** Without comments and blanks, which may become better. */
function textHash(sql: string): string {
  const text = sql.replace(/--.*$/gm, "").replace(/\s+/g, " ").trim()
  return createHash("sha256").update(text).digest("hex").slice(0, 16)
}

const releasedMigrations: { readonly [version: number]: string } = {
  1: "4918cddcd3915f2d",
  2: "143a87a5fcf0f111",
  3: "bc33a955af9ca58b",
  4: "15880eb316b57cf4",
  5: "e74770d66841700a",
  6: "9019c6b58b0a3e16",
}

test("what was counted by the hour is there by the day when a database from before comes forward", async () => {
  const [today, old] = [newFolder(), newFolder()]
  writeToday(today)
  const counted = open(today)
  const slice = await counted.measures.slice(0, counted.store.position(), { positions: 100, runs: 100, steps: 100 })
  expect(await counted.measures.add(slice, await counted.measures.cursor())).toBe(true)
  const question = {
    workspaceId: "default",
    workflowId: null,
    environment: null,
    versionNumber: null,
    origins: [],
    from: 0,
    to: 86_400_000,
    bucketStarts: [],
    groupBy: [],
  }
  const [runs, steps] = [await counted.measures.runs(question), await counted.measures.steps(question)]
  expect(runs.cells).toMatchObject([{ completed: 2 }])
  expect(steps.length).toBeGreaterThan(0)
  await counted.close()
  copyAsOld(today, old, 16)
  const after = open(old)
  try {
    expect(await after.measures.runs(question)).toEqual(runs)
    expect(await after.measures.steps(question)).toEqual(steps)
  } finally {
    await after.close()
  }
})

test("how far retention came before there were signatures is signed when the database is brought forward", async () => {
  const [today, old] = [newFolder(), newFolder()]
  writeToday(today)
  copyAsOld(today, old, 28)
  const db = new Database(join(old, databaseName))
  db.exec(`UPDATE workflow_run_events SET payload = NULL, salt = NULL
    WHERE run_key = (SELECT run_key FROM workflow_run_keys WHERE run_id = 'run_1')`)
  db.exec(`INSERT INTO retention_progress (workspace_id, class, completed_at, run_key)
    SELECT workspace_id, 'io', completed_at, run_key FROM workflow_runs WHERE run_id = 'run_1'`)
  db.close()
  const look = async () => {
    const data = openSqlite({
      folder: old,
      blobs: new FileBlobs(blobFolder(old)),
      port: null,
      readers: 1,
      keys: readableKeys,
    })
    const went = [await data.history.valuesWent("run_1"), await data.history.valuesWent("run_2")]
    await data.close()
    return went
  }
  expect(await look()).toEqual([true, false])
  expect(await look()).toEqual([true, false])
})

test("seals that come without signatures a second time are refused, until somebody says that they are a copy's", async () => {
  const [today, old] = [newFolder(), newFolder()]
  writeToday(today)
  const marks = signingMarks(join(newFolder(), "redaction.key"))
  /** As it was before there were signatures, with a seal. */
  const back = (runId: string) => {
    rmSync(old, { recursive: true, force: true })
    copyAsOld(today, old, 21)
    const db = new Database(join(old, databaseName))
    db.exec(`INSERT INTO retention_seals (run_id, run_key, workspace_id, seq, head_hash, class, at)
      SELECT run_id, run_key, workspace_id, seq, head_hash, 'events', 0 FROM workflow_runs WHERE run_id = '${runId}'`)
    db.close()
  }
  const look = async (runId: string) => {
    const blobs = new FileBlobs(blobFolder(old))
    const data = openSqlite({ folder: old, blobs, port: null, readers: 1, keys: readableKeys, marks })
    const left = await data.history.leftOf(runId)
    await data.close()
    return left?.isGenuine
  }
  back("run_1")
  expect(await look("run_1")).toBe(true)
  expect(marks.has("retention seals")).toBe(true)
  back("run_2")
  for (let n = 0; n < 2; n++) await expect(look("run_2")).rejects.toMatchObject({ code: "data_unsigned" })
  rmSync(marks.file)
  expect(await look("run_2")).toBe(true)
})

test("a key that lies where nobody may write signs as well, and it is said that nothing can be marked beside it", async () => {
  const folder = newFolder()
  const marks = signingMarks(join(folder, "not there", "redaction.key"))
  const said: string[] = []
  const log = { write: (level: string, message: string) => void said.push(`${level}: ${message}`) }
  const data = openSqlite({
    folder,
    blobs: new FileBlobs(blobFolder(folder)),
    port: null,
    keys: readableKeys,
    marks,
    log,
  })
  await data.close()
  expect(said).toEqual(["warn: it could not be marked that all seals are signed"])
})

test("seals of before there were signatures are signed when the database is brought forward, and later ones are not", async () => {
  const [today, old] = [newFolder(), newFolder()]
  writeToday(today)
  copyAsOld(today, old, 21)
  const seal = (runId: string) => {
    const db = new Database(join(old, databaseName))
    db.exec(`INSERT INTO retention_seals (run_id, run_key, workspace_id, seq, head_hash, class, at)
      SELECT run_id, run_key, workspace_id, seq, head_hash, 'events', 0 FROM workflow_runs WHERE run_id = '${runId}'`)
    db.close()
  }
  const look = async (runId: string, keys: SealingKeys = readableKeys) => {
    const blobs = new FileBlobs(blobFolder(old))
    const data = openSqlite({ folder: old, blobs, port: null, readers: 1, keys })
    const left = await data.history.leftOf(runId)
    await data.close()
    return left?.isGenuine
  }
  seal("run_1")
  // The process ends in the middle: the next start does it, as if there had been none before.
  const ending: SealingKeys = {
    ...readableKeys,
    sign: () => {
      throw new Error("the process has ended")
    },
  }
  await expect(look("run_1", ending)).rejects.toThrow("the process has ended")
  expect(await look("run_1")).toBe(true)
  seal("run_2")
  expect(await look("run_2")).toBe(false)
})
