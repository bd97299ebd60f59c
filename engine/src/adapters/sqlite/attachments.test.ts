import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import type { NewAttachment } from "../../ports/attachments.ts"
import { operationsRun } from "../../testing/builders/run-history.ts"
import { DurableFiles } from "../blobs/durable-files.ts"
import { FileBlobs } from "../blobs/files.ts"
import { blobFolder, contentFolder, openSqlite, type SqliteData } from "./open.ts"
import { databaseName } from "./open-database.ts"

const later = 10_000_000
const bounds = { countMax: 3, bytesMax: 100 }
let folder: string
let now: number
let data: SqliteData
let made = 0

const file = (digit: number) => String(digit).repeat(32)
const attachment = (given: Partial<NewAttachment> = {}): NewAttachment => {
  made += 1
  const about = { attachmentId: `att_${made}`, runId: "run_a", at: 5, actor: "user:ada", stepId: null, attempt: null }
  const content = { contentType: "text/plain", bytes: 10, sha256: `sha${made}`, redacted: false, file: file(made) }
  return { ...about, name: `${made}.txt`, ...content, ...given }
}
const add = (given: Partial<NewAttachment> = {}) => data.attachments.add(attachment(given), bounds, null)
const purge = (name: "io" | "events" | "summaries") => data.retention.purge("default", name, later, 20, later)

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "waybill-attachments-"))
  now = Date.now()
  made = 0
  const blobs = new FileBlobs(blobFolder(folder))
  const contents = new DurableFiles(contentFolder(folder))
  data = openSqlite({ folder, blobs, contents, port: null, readers: 1, clearedMs: 60_000, now: () => now })
  await data.store.commit(operationsRun("run_a", 1_000, 2))
})
afterEach(async () => {
  await data.close()
  rmSync(folder, { recursive: true, force: true })
})

describe("attachments in the store", () => {
  test("are numbered in their run, up to so many and so many bytes, and only of runs that are there", async () => {
    expect(await add()).toEqual({ kind: "durable", number: 1 })
    expect(await add({ bytes: 91 })).toEqual({ kind: "full" })
    expect(await add({ bytes: 90 })).toEqual({ kind: "durable", number: 2 })
    expect(await add({ bytes: 0 })).toEqual({ kind: "durable", number: 3 })
    expect(await add({ bytes: 0 })).toEqual({ kind: "full" })
    expect(await add({ runId: "run_b" })).toEqual({ kind: "missing" })
    expect((await data.attachments.list("run_a", 1, 5)).map(({ number }) => number)).toEqual([2, 3])
  })

  test("are one where a delivery is repeated, and two where an attempt says something else", async () => {
    const of = { stepId: "step_1", attempt: 1, name: "r.csv", sha256: "same" }
    expect(await add(of)).toEqual({ kind: "durable", number: 1 })
    expect(await add(of)).toEqual({ kind: "known", attachmentId: "att_1" })
    expect(await add({ ...of, attempt: 2 })).toEqual({ kind: "durable", number: 2 })
    expect(await add({ ...of, sha256: "other" })).toEqual({ kind: "durable", number: 3 })
  })

  test("are added once for a key", async () => {
    const answer = (number: number) => ({
      ...{ scope: "s", key: "k", bodyHash: "b", runId: "run_a" },
      answer: String(number),
      expiresAt: now + 1_000,
    })
    expect(await data.attachments.add(attachment(), bounds, answer)).toEqual({ kind: "durable", number: 1 })
    expect(await data.attachments.add(attachment(), bounds, answer)).toEqual({ kind: "duplicate_key" })
    expect(await data.attachments.list("run_a", 0, 5)).toHaveLength(1)
  })

  test("are never changed by hand, but for what retention takes", async () => {
    await add()
    const db = new Database(join(folder, databaseName))
    const set = (what: string) => () => db.exec(`UPDATE workflow_run_attachments SET ${what}`)
    for (const what of ["name = 'x'", "sha256 = 'x'", "step_id = 'x'", `file = '${file(9)}'`, "run_key = 77"])
      expect(set(what)).toThrow("an attachment is never changed")
    expect(set("file = NULL")).not.toThrow()
    expect(set(`file = '${file(1)}'`)).toThrow("an attachment is never changed")
    db.close()
  })
})

describe("retention", () => {
  test.each(["io", "events", "summaries"] as const)("of %s takes their contents from the disk", async (name) => {
    await data.contents.write(file(1), Uint8Array.of(1))
    await add()
    expect(await data.contents.has(file(1))).toBe(true)
    await purge(name)
    expect(await data.contents.has(file(1))).toBe(false)
    const left = await data.attachments.list("run_a", 0, 5)
    expect(left.map((row) => [row.name, row.file])).toEqual(name === "summaries" ? [] : [["1.txt", null]])
    expect(await data.attachments.get("att_1")).toEqual(left[0] ?? null)
  })

  test("of a run that is sampled away takes what its agents attached; one that a person attached to is kept", async () => {
    await data.store.commit(operationsRun("run_mine", 2_000, 2))
    for (const digit of [1, 2]) await data.contents.write(file(digit), Uint8Array.of(digit))
    await add({ stepId: "step_1", attempt: 1 })
    await add({ runId: "run_mine" })
    const window = { since: 0, until: later, most: 20, now: later }
    expect(await data.sampling.sample("default", window, () => true)).toMatchObject({ runs: 1, isDone: true })
    expect([await data.contents.has(file(1)), await data.contents.has(file(2))]).toEqual([false, true])
    expect([await data.attachments.get("att_1"), (await data.attachments.get("att_2"))?.runId]).toEqual([
      null,
      "run_mine",
    ])
  })

  test("lets nothing be added to a run behind it", async () => {
    await purge("io")
    expect(await add()).toEqual({ kind: "expired" })
    await data.store.commit(operationsRun("run_new", later * 2, 2))
    expect(await add({ runId: "run_new" })).toEqual({ kind: "durable", number: 1 })
  })
})

test("a content that a crash left without a row is swept once it is a day old; the others stay", async () => {
  await data.contents.write(file(1), Uint8Array.of(1))
  await add()
  await data.contents.write(file(8), Uint8Array.of(8))
  expect(await data.upkeep.sweepContents()).toEqual([])
  now += 86_400_000 + 1_000
  expect(await data.upkeep.sweepContents()).toEqual([file(8)])
  expect([await data.contents.has(file(1)), await data.contents.has(file(8))]).toEqual([true, false])
})
