import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { noFilter } from "@waybill/engine"
import { FileBlobs } from "@waybill/engine/adapters/blobs/files"
import { blobFolder, openSqlite } from "@waybill/engine/adapters/sqlite/open"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { openUpkeep } from "./open-upkeep.ts"
import { type SeededHistory, SeedRefused, seedStore } from "./seed-history.ts"

const until = Date.UTC(2026, 10, 21, 12)
const from = until - 30 * 86_400_000
const runs = 320

let folder: string
let seeded: SeededHistory
const progress: number[] = []
const seedInto = (name: string, seed: number, count = runs) =>
  seedStore({ dataDir: join(folder, name), runs: count, seed, from, until }, (done) => progress.push(done))

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "waybill-history-"))
  seeded = await seedInto("first", 7)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What a store says of itself. */
async function look<T>(name: string, at: (data: ReturnType<typeof openSqlite>) => Promise<T>): Promise<T> {
  const dataDir = join(folder, name)
  const data = openSqlite({ folder: dataDir, blobs: new FileBlobs(blobFolder(dataDir)), port: null })
  try {
    return await at(data)
  } finally {
    await data.close()
  }
}

const lastHead = (name: string) =>
  look(name, async ({ history }) => (await history.workspaceHeads(null, 10_000)).at(-1)?.hash)

describe("a made-up history", () => {
  test("is whole: its chains verify, its rows are what its events say, and nothing would be rebuilt", async () => {
    const upkeep = await openUpkeep(join(folder, "first"))
    try {
      expect(await upkeep.verify({ runId: null, head: null })).toMatchObject({ runs, findings: [] })
      expect(await upkeep.fsck()).toMatchObject({ runs, findings: [], skipped: [] })
      expect(await upkeep.rebuild({ runId: null })).toMatchObject({ runs, changed: 0, skipped: [] })
    } finally {
      await upkeep.close()
    }
  })

  test("has what real ones have: ends of every kind, retries, decisions, versions, environments, tags, re-runs", async () => {
    expect(seeded.runs).toBe(runs)
    expect(progress.at(-1)).toBe(runs)
    const rows = await look("first", async ({ queries }) => {
      const question = { workspaceId: "default", filter: noFilter, now: until, sort: "-startedAt", limit: 200 } as const
      const first = await queries.runs({ ...question, cursor: null })
      const second = first.ok ? await queries.runs({ ...question, cursor: first.page.nextCursor }) : first
      return [first, second].flatMap((listed) => (listed.ok ? listed.page.items : []))
    })
    expect(rows.length).toBe(runs)
    const values = (of: (row: (typeof rows)[number]) => unknown) => new Set(rows.map(of))
    expect(values(({ status }) => status).size).toBeGreaterThanOrEqual(4)
    expect(values(({ errorClass }) => errorClass).size).toBeGreaterThanOrEqual(4)
    expect(values(({ workflowId }) => workflowId).size).toBe(6)
    expect(values(({ environment }) => environment)).toEqual(new Set(["prod", "stage", "dev"]))
    expect([...values(({ hitl }) => hitl)]).toEqual(expect.arrayContaining([null, "approved", "rejected"]))
    expect(values(({ versionNumber }) => versionNumber).size).toBeGreaterThanOrEqual(3)
    expect(values(({ triggerKind }) => triggerKind).size).toBeGreaterThanOrEqual(4)
    for (const some of ["retryCount", "tokens", "rerunOf", "businessEventId", "effectiveness"] as const)
      expect(rows.filter((row) => row[some] !== null && row[some] !== 0).length, some).toBeGreaterThan(3)
    expect(rows.filter(({ tags }) => tags !== "[]").length).toBeGreaterThan(runs / 2)
    for (const row of rows) {
      expect(row.createdAt).toBeGreaterThanOrEqual(from)
      expect(row.completedAt ?? until).toBeLessThanOrEqual(until)
    }
  })

  test("counts executions without a hole, one definition at a time", async () => {
    const numbers = await look("first", async ({ insights }) => {
      const asked = { workspaceId: "default", workflowId: "invoice_extraction", environment: "prod" }
      const page = await insights.workflowPage({ ...asked, statuses: [], skip: 0, limit: 1_000 })
      return page.items.map(({ executionNumber }) => executionNumber).sort((a, b) => a - b)
    })
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => index + 1))
  })

  test("is the same for the same seed, to the last hash, and another for another", async () => {
    expect(await seedInto("second", 7)).toEqual(seeded)
    await seedInto("third", 8)
    const [first, second, third] = [await lastHead("first"), await lastHead("second"), await lastHead("third")]
    expect(second).toBe(first)
    expect(third).not.toBe(first)
  })

  test("is refused where it is already, and another comes beside it without new versions", async () => {
    await expect(seedInto("second", 7)).rejects.toThrow(SeedRefused)
    await seedInto("second", 9, 50)
    const { versions, numbers } = await look("second", async ({ definitions, store }) => ({
      versions: await definitions.versions(
        { workspaceId: "default", environment: "prod", workflowId: "invoice_extraction" },
        10,
        null,
      ),
      numbers: await store.executionNumbers(),
    }))
    expect(versions.map(({ version }) => version)).toEqual(["1.8.3", "1.8.0", "1.7.0"])
    expect([...numbers.values()].reduce((sum, next) => sum + next - 1, 0)).toBe(runs + 50)
  })
})
