import { afterAll, beforeAll, expect, test } from "vitest"
import { noRetention } from "../../../server/src/testing/no-retention.ts"
import { type RecordingServer, recordingServer } from "../testing/recording-server.ts"

let server: RecordingServer
const policies: unknown[] = []
beforeAll(async () => {
  server = await recordingServer({
    retention: {
      ...noRetention,
      erase: async (_workspaceId, runId) => {
        if (runId === "run_9") return { kind: "missing" }
        const waits = runId === "run_2" ? "the archive does not answer" : null
        const batchId = waits === null ? "2026-08-01-1-0a1b" : null
        return { kind: "erased", erased: { seq: 9, headHash: "c0ffee", waits, batchId } }
      },
      preview: async () => {
        const sampled = { since: 0, until: 86_400_000, runs: 6, isExact: true }
        return { kind: "done", classes: [], archive: null, sampled }
      },
      put(workspaceId, written, asked, said) {
        policies.push(written)
        return noRetention.put(workspaceId, written, asked, said)
      },
    },
  })
})
afterAll(() => server.close())
const retention = (...args: readonly string[]) => server.waybill(["retention", ...args])

test("what is kept for how long is shown and put", async () => {
  expect((await retention("show")).out).toBe(
    "logs 90 days · values 365 days · events 365 days · summaries 730 days · as Waybill does it unasked\n",
  )
  const put = await retention("put", "--io", "30", "--events", "ever", "--note", "the law")
  expect([put.code, put.err]).toEqual([0, ""])
  expect(put.out).toMatch(/version 1\n$/)
})

test("one run is erased by who means it and says why, and what is not done yet is said and ends with 1", async () => {
  const erase = (...args: readonly string[]) => retention("erase", ...args, "--reason", "asked by the customer")
  expect((await erase("run_1")).code).toBe(2)
  expect((await retention("erase", "run_1", "--yes")).code).toBe(2)
  expect(await erase("run_1", "--yes")).toMatchObject({
    code: 0,
    out: "run_1 is gone; it was taken out of batch 2026-08-01-1-0a1b, which is written anew\nleft is its seal: 9 events that ended with c0ffee\n",
  })
  expect(await erase("run_2", "--yes")).toMatchObject({
    code: 1,
    out: "run_2 is there still, and goes as soon as that can be done: the archive does not answer\n",
  })
  expect((await erase("run_9", "--yes")).err).toContain("run_not_found")
})

test("an archive is asked for, and what lies there is listed", async () => {
  const put = await retention("put", "--archive", "--io", "30")
  expect([put.code, put.err]).toEqual([0, ""])
  expect((await retention("preview", "--no-archive")).code).toBe(0)
  expect((await retention("archived", "--limit", "5")).out).toMatch(/^BATCH +STATE/)
})

test.each([[["put"]], [["put", "--io", "many"]], [["purge"]]])("`retention %j` is wrong use", async (args) => {
  const { code, err } = await retention(...args)
  expect(code, err).toBe(2)
})

test("a preview says what sampling would take, too", async () => {
  const { out } = await retention("preview")
  expect(out).toContain(
    "sampled away before all that: 6 runs of those that ended since 1970-01-01T00:00:00.000Z, up to 1970-01-02T00:00:00.000Z",
  )
})

test("a purge goes through only when it is said twice", async () => {
  expect((await retention("purge")).err).toContain("waybill retention preview")
  expect((await retention("purge", "--yes")).out).toBe(
    "0 log lines are gone, 0 runs are gone (0 events), 0 lost their events (0), 0 what 0 events said\n",
  )
})

test.each([
  [
    ["--sample", "tick_*=100", "--sample", "pay=2", "--sample-after", "6"],
    {
      sampling: {
        afterHours: 6,
        rules: [
          { workflow: "tick_*", keepOneIn: 100 },
          { workflow: "pay", keepOneIn: 2 },
        ],
      },
    },
  ],
  [["--sample", "tick=10"], { sampling: { afterHours: 24, rules: [{ workflow: "tick", keepOneIn: 10 }] } }],
  [["--no-sample", "--logs", "30"], { logs: 30, sampling: null }],
])("`retention put %j` says what is sampled", async (args, policy) => {
  expect((await retention("put", ...args)).code).toBe(0)
  expect(policies.at(-1)).toEqual(policy)
})

test.each([[["--sample", "tick"]], [["--sample-after", "6"]], [["--sample", "tick=5", "--sample-after", "soon"]]])(
  "`retention put %j` is wrong use",
  async (args) => {
    expect((await retention("put", ...args)).code).toBe(2)
  },
)
