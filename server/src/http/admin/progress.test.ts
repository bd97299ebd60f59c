import { connect } from "node:net"
import type { Progress } from "@waybill/engine"
import { afterEach, beforeEach, expect, test } from "vitest"
import { type TestServer, testServer } from "../../testing/test-server.ts"

let server: TestServer
let url: string
let told: (at: Progress) => void = () => {}
let end: { report(): void; fail(): void }

beforeEach(async () => {
  server = await testServer()
  // A walk that goes on until the test ends it.
  const walking = new Promise<void>((resolve, reject) => {
    end = { report: resolve, fail: () => reject(new Error("the disk is gone")) }
  })
  Object.assign(server.engine.admin, {
    fsck: async (progress: (at: Progress) => void) => {
      told = progress
      await walking
      return { runs: 7, findings: [], skipped: [] }
    },
  })
  url = await server.app.listen({ port: 0, host: "127.0.0.1" })
})
afterEach(() => server.app.close())

async function* lines(): AsyncGenerator<Record<string, unknown>> {
  const headers = { accept: "application/x-ndjson", "content-type": "application/json" }
  const response = await fetch(`${url}/api/v1/admin/fsck`, { method: "POST", body: "{}", headers })
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/x-ndjson"])
  let rest = ""
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    const whole = (rest + part).split("\n")
    rest = whole.pop()!
    for (const line of whole) yield JSON.parse(line)
  }
}

test("says at once that it works, then how far it is, and ends with the report", async () => {
  const answer = lines()
  expect((await answer.next()).value).toEqual({ progress: { runs: 0, events: 0 } })
  told({ runs: 3, events: 40 })
  expect((await answer.next()).value).toEqual({ progress: { runs: 3, events: 40 } })
  end.report()
  expect((await answer.next()).value).toEqual({ report: { runs: 7, findings: [], skipped: [] } })
  expect((await answer.next()).done).toBe(true)
})

test("ends with a problem when it cannot go on, and the log has why", async () => {
  const answer = lines()
  await answer.next()
  end.fail()
  expect((await answer.next()).value).toMatchObject({
    problem: { code: "internal_error", instance: "/api/v1/admin/fsck", requestId: expect.stringContaining("req_") },
  })
  expect(server.logged.join("")).toContain("the disk is gone")
})

test("ends the walk when the client has gone", async () => {
  const socket = connect(Number(new URL(url).port), "127.0.0.1")
  const head = [
    "POST /api/v1/admin/fsck HTTP/1.1",
    "host: 127.0.0.1",
    "accept: application/x-ndjson",
    "content-length: 0",
  ]
  socket.write(`${head.join("\r\n")}\r\n\r\n`)
  await new Promise((heard) => socket.once("data", heard))
  expect(isStopped()).toBe(false)
  socket.destroy()
  await expect.poll(() => isStopped(), { timeout: 10_000 }).toBe(true)
  end.report()
})

function isStopped(): boolean {
  try {
    told({ runs: 4, events: 50 })
    return false
  } catch {
    return true
  }
}

test("is one document for whoever asks for JSON", async () => {
  end.report()
  const response = await fetch(`${url}/api/v1/admin/fsck`, { method: "POST" })
  expect(await response.json()).toEqual({ runs: 7, findings: [], skipped: [] })
})
