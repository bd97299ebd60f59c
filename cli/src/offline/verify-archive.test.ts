/** `verify --archive <folder>` over an archive that a stopped server left: by its files alone, and against its store. */
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { defaultArchiverLimits, openArchive } from "@waybill/engine"
import { FolderArchive } from "@waybill/engine/adapters/archive/folder-archive"
import { FileBlobs } from "@waybill/engine/adapters/blobs/files"
import { blobFolder, openSqlite } from "@waybill/engine/adapters/sqlite/open"
import { systemClock } from "@waybill/engine/adapters/system/clock"
import { afterAll, beforeAll, expect, test } from "vitest"
import { runCli } from "../program.ts"
import { fakeTerminal } from "../testing/fake-terminal.ts"

const folder = mkdtempSync(join(tmpdir(), "waybill-verify-archive-"))
const place = join(folder, "kept")
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const waybill = (...args: readonly string[]) => waybillIn({}, ...args)
async function waybillIn(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const terminal = fakeTerminal({ cwd: folder, env })
  const code = await runCli(args, terminal)
  return { code, out: terminal.out(), err: terminal.err() }
}

beforeAll(async () => {
  const period = ["--days", "3", "--until", "2026-11-20T12:00:00Z", "--data-dir", "data"]
  expect(await waybill("seed", "--history", "20", "--seed", "7", ...period)).toMatchObject({ code: 0 })
  const data = openSqlite({
    folder: join(folder, "data"),
    blobs: new FileBlobs(blobFolder(join(folder, "data"))),
    port: null,
    readers: 1,
  })
  const store = new FolderArchive(place)
  const ports = { shelf: data.shelf, room: data.room, store, clock: systemClock(), log: { write: () => {} } }
  const { archiver } = await openArchive(ports, { ...defaultArchiverLimits, runs: 5 })
  expect(await archiver.archive("default", Date.parse("2026-11-20T12:00:00Z"))).toMatchObject({ waits: null })
  await data.close()
}, 30_000)

const batches = () =>
  readdirSync(place, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith("manifest.json"))
    .map((name) => join(place, name, ".."))
    .sort()

test("a whole archive is intact, without a server and with its store, and the command ends with 0", async () => {
  expect(await waybill("verify", "--archive", "kept")).toMatchObject({ code: 0, out: expect.stringMatching(/^intact/) })
  const both = await waybill("verify", "--archive", "kept", "--data-dir", "data", "--json")
  expect([both.code, JSON.parse(both.out)]).toMatchObject([
    0,
    { findings: [], archive: { batches: batches().length, findings: [] } },
  ])
})

test("a batch that is missing as a whole only the store knows, and tells it once", async () => {
  const [batch] = batches()
  renameSync(batch!, join(folder, "away"))
  expect(await waybill("verify", "--archive", "kept")).toMatchObject({ code: 0 })
  const { code, out } = await waybill("verify", "--archive", "kept", "--data-dir", "data")
  expect([code, out.match(/archive_missing/g)?.length, out]).toMatchObject([1, 1, expect.stringContaining("broken")])
  const offline = await waybillIn({ WAYBILL_DATA_DIR: "data" }, "verify", "--offline", "--archive", "kept")
  expect([offline.code, offline.out]).toEqual([code, out])
  renameSync(join(folder, "away"), batch!)
})

test("a file that was altered is found by the files alone, and the command ends with 1", async () => {
  const file = join(batches()[0]!, "events.parquet")
  const bytes = readFileSync(file)
  writeFileSync(file, Buffer.from(bytes).fill(0, 100, 101))
  const { code, out } = await waybill("verify", "--archive", place)
  expect([code, out]).toMatchObject([1, expect.stringContaining("archive_altered")])
  writeFileSync(file, bytes)
})

test("what cannot be asked of files is wrong use, and a folder that is not there is said to be", async () => {
  expect(await waybill("verify", "--archive", "kept", "--run", "run_1")).toMatchObject({ code: 2 })
  expect(await waybill("verify", "--archive", "nowhere")).toMatchObject({
    code: 3,
    err: expect.stringContaining("no_archive"),
  })
  const none = await waybill("verify", "--archive", "--offline", "--data-dir", "data")
  expect(none).toMatchObject({ code: 2, err: expect.stringContaining("WAYBILL_ARCHIVE") })
})
