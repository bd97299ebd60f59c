import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { getPriority, tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { FileBlobs } from "../blobs/files.ts"
import { blobFolder, openSqlite, type SqliteData } from "./open.ts"

let folder: string
let data: SqliteData

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "waybill-background-"))
  data = openSqlite({ folder, blobs: new FileBlobs(blobFolder(folder)), port: null, readers: 1 })
})
afterEach(async () => {
  await data.close()
  rmSync(folder, { recursive: true, force: true })
})

const priorities = () => {
  const usual = getPriority()
  return readdirSync("/proc/self/task").map((thread) => getPriority(Number(thread)) - usual)
}

describe("beside the commits", () => {
  test.runIf(process.platform === "linux")("the index over values works with what the others leave", async () => {
    await data.search.advance()
    await expect
      .poll(() => priorities().filter((step) => step > 0), { timeout: 10_000 })
      .toEqual([Math.min(10, 19 - getPriority())])
  })

  test("the write-ahead log is brought in also where no run commits", async () => {
    const note = "x".repeat(900_000)
    const put = (version: number) =>
      data.retention.put({ workspaceId: "default", version, policy: note, note, at: version, by: "test" }, audit)
    for (let version = 1; version <= 80; version++) expect(await put(version)).toBe(true)
    expect(data.numbers().walBytes).toBeGreaterThan(128 << 20)
    // From there on it begins anew, with what is written next.
    let version = 80
    const grown = async () => {
      await put(++version)
      return data.numbers().walBytes
    }
    await expect.poll(grown, { timeout: 10_000, interval: 200 }).toBeLessThan(64 << 20)
  })
})

const audit = {
  workspaceId: "default",
  at: 0,
  actor: "test",
  credential: "none",
  action: "redaction.put",
  target: "",
  door: "",
  address: "",
  outcome: "done",
  status: 200,
  requestId: "",
  detail: null,
} as const
