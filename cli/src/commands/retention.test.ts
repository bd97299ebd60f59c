import { afterAll, beforeAll, expect, test } from "vitest"
import { type RecordingServer, recordingServer } from "../testing/recording-server.ts"

let server: RecordingServer
beforeAll(async () => {
  server = await recordingServer()
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

test("a purge goes through only when it is said twice", async () => {
  expect((await retention("purge")).err).toContain("waybill retention preview")
  expect((await retention("purge", "--yes")).out).toBe(
    "0 log lines are gone, 0 runs lost what 0 events said, 0 their events (0), 0 are gone\n",
  )
})
