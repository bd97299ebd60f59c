import type { AddressInfo, Socket } from "node:net"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { AT, runRow } from "../../testing/rows.ts"
import { openStream, type SseClient } from "../../testing/sse-client.ts"
import { type TestServer, testServer } from "../../testing/test-server.ts"
import { RING_SIZE } from "./ring.ts"

let server: TestServer
let port: number
let clients: SseClient[]
/** The server's ends of its connections. */
let sockets: Set<Socket>

async function listen(given: Parameters<typeof testServer>[0] = {}) {
  server = await testServer(given)
  sockets = new Set()
  server.app.server.on("connection", (socket) => sockets.add(socket))
  await server.app.listen({ port: 0, host: "127.0.0.1" })
  port = (server.app.server.address() as AddressInfo).port
}

beforeEach(async () => {
  clients = []
  await listen()
})
afterEach(async () => {
  for (const client of clients) client.close()
  await server.app.close()
})

async function open(path: string, headers: Record<string, string> = {}): Promise<SseClient> {
  const client = await openStream(port, `/api/v1/workflow-runs${path}`, headers)
  clients.push(client)
  return client
}

const ids = (client: SseClient) => client.messages.map((message) => message.id)
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

/** A run of `events` events; the last ends it when `ends`. */
function story(runId: string, events: number, ends: boolean): void {
  for (let i = 1; i <= events; i++) step(runId, i, ends && i === events)
}

function step(runId: string, i: number, ends = false, payload: unknown = { i }): void {
  if (ends) server.engine.commit(runId, "run.completed", payload, { status: "COMPLETED", completedAt: AT + i })
  else server.engine.commit(runId, i === 1 ? "run.created" : "state.entered", payload)
}

/** Lets everything that is already under way happen. */
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe("the stream of a run", () => {
  test("begins with the first event, carries what happens, and ends after the terminal event", async () => {
    story("run_1", 3, false)
    const client = await open("/run_1/stream")
    await client.until(3)
    step("run_1", 4)
    step("run_1", 5, true)
    await client.ended()
    expect(client.status).toBe(200)
    expect(client.headers["content-type"]).toContain("text/event-stream")
    expect(ids(client)).toEqual([1, 2, 3, 4, 5])
    expect(client.messages[4]).toEqual({
      id: 5,
      event: "run.completed",
      data: {
        seq: 5,
        type: "run.completed",
        at: expect.any(String),
        actor: "user:local",
        stepId: null,
        payload: { i: 5 },
        hash: "e".repeat(64),
      },
    })
  })

  test("resumes at every id without gap and without double while events go on arriving", async () => {
    const total = 40
    for (let last = 0; last < total; last++) {
      const runId = `run_${last}`
      const before = Math.ceil(total / 2)
      story(runId, before, false)
      // The store answers only after further events have been committed: the seam between reading and listening.
      server.engine.beforeRead = async () => {
        server.engine.beforeRead = null
        for (let i = before + 1; i <= before + 5; i++) step(runId, i)
        await turn()
      }
      const client = await open(`/${runId}/stream`, last <= before ? { "last-event-id": String(last) } : {})
      for (let i = before + 6; i <= total; i++) {
        if (i % 3 === 0) await turn()
        while ((server.engine.rows.get(runId)?.seq ?? 0) < i - 1) await turn()
        step(runId, i, i === total)
      }
      await client.ended()
      expect(ids(client)).toEqual(upTo(last <= before ? last + 1 : 1, total))
    }
  })

  test("an event that was committed before the ring was attached and is not read yet is not skipped", async () => {
    story("run_1", 2, false)
    const { queries } = server.engine
    const events = queries.events
    let first = true
    // A reader of the store that is one commit behind, once.
    queries.events = async (...args) => {
      const rows = await events(...args)
      if (!first) return rows
      first = false
      step("run_1", 3)
      return rows.filter((row) => row.seq < 2)
    }
    const client = await open("/run_1/stream")
    await client.until(3)
    expect(ids(client)).toEqual([1, 2, 3])
  })

  test("a reconnect at or after the end is told that there is nothing more", async () => {
    story("run_1", 3, true)
    for (const last of ["3", "9"]) expect((await open("/run_1/stream", { "last-event-id": last })).status).toBe(204)
    expect((await open("/run_1/stream?after=3")).status).toBe(204)
    const rest = await open("/run_1/stream?after=1")
    await rest.ended()
    expect(ids(rest)).toEqual([2, 3])
  })

  test("an id beyond the newest event means that time was turned back: reset, then all from the beginning", async () => {
    story("run_1", 2, false)
    const client = await open("/run_1/stream", { "last-event-id": "7" })
    await client.until(3)
    expect(client.messages[0]).toEqual({ id: 0, event: "reset", data: { head: 2, asked: 7 } })
    expect(ids(client).slice(1)).toEqual([1, 2])
  })

  test("an id that is none is refused", async () => {
    story("run_1", 1, false)
    expect((await open("/run_1/stream", { "last-event-id": "abc" })).status).toBe(400)
  })

  test("a reader that stops reading costs no memory, and gets everything once it reads again", async () => {
    story("run_1", 1, false)
    const client = await open("/run_1/stream")
    await client.until(1)
    client.pause()
    // Far more than sockets hold, and four times the ring.
    const payload = "x".repeat(16_000)
    const total = RING_SIZE * 4
    for (let i = 2; i < total; i++) {
      step("run_1", i, false, payload)
      if (i % 50 === 0) await turn()
    }
    const buffered = [...sockets].map((socket) => socket.writableLength)
    expect(Math.max(...buffered)).toBeLessThan(1024 * 1024)
    step("run_1", total, true)
    client.resume()
    await client.ended()
    expect(ids(client)).toEqual(upTo(1, total))
  })

  test("a reader that stands still for too long is closed", async () => {
    await server.app.close()
    let now = 0
    await listen({ streams: { heartbeatMs: 3, stallMs: 1_000, readersMax: 10, monotonic: () => now } })
    story("run_1", 1, false)
    const client = await open("/run_1/stream")
    await client.until(1)
    client.pause()
    for (let i = 2; i < 1_000; i++) {
      step("run_1", i, false, "x".repeat(16_000))
      if (i % 50 === 0) await turn()
    }
    const socket = [...sockets][0]
    const closed = new Promise((resolve) => socket?.once("close", resolve))
    now = 2_000
    await closed
    expect(socket?.destroyed).toBe(true)
  })

  test("fifty readers get the same, and each event is encoded once", async () => {
    story("run_1", 1, false)
    const readers = await Promise.all(Array.from({ length: 50 }, () => open("/run_1/stream")))
    await Promise.all(readers.map((reader) => reader.until(1)))
    const readsBefore = server.engine.reads
    for (let i = 2; i <= 200; i++) {
      step("run_1", i, i === 200)
      if (i % 20 === 0) await turn()
    }
    await Promise.all(readers.map((reader) => reader.ended()))
    for (const reader of readers) expect(ids(reader)).toEqual(upTo(1, 200))
    expect(server.engine.reads).toBe(readsBefore)
  })

  test("a comment keeps a quiet connection alive", async () => {
    await server.app.close()
    await listen({ streams: { heartbeatMs: 5, stallMs: 60_000, readersMax: 10, monotonic: () => performance.now() } })
    story("run_1", 1, false)
    const client = await open("/run_1/stream")
    await client.untilComment()
    expect(client.comments()).toBeGreaterThan(0)
    expect(ids(client)).toEqual([1])
  })

  test("more readers than allowed are sent away with a time to come back", async () => {
    await server.app.close()
    await listen({
      streams: { heartbeatMs: 15_000, stallMs: 60_000, readersMax: 2, monotonic: () => performance.now() },
    })
    story("run_1", 1, false)
    await Promise.all([open("/run_1/stream"), open("/run_1/stream")])
    const third = await open("/run_1/stream")
    expect([third.status, third.headers["retry-after"]]).toEqual([503, "1"])
  })

  test("closing the server ends every stream", async () => {
    story("run_1", 1, false)
    const client = await open("/run_1/stream")
    await client.until(1)
    await server.app.close()
    await client.ended()
    expect(ids(client)).toEqual([1])
  })
})

describe("the stream of all runs", () => {
  const created = (runId: string, workflowId: string) => {
    server.engine.rows.set(runId, runRow({ runId, workflowId, seq: 0, status: "PENDING" }))
    server.engine.commit(runId, "run.created", {})
  }
  const becomes = (runId: string, status: "RUNNING" | "COMPLETED" | "FAILED") =>
    server.engine.commit(runId, `run.${status.toLowerCase()}`, { secret: "not in lists" }, { status })

  test("is live from now, by the feed's position, without payloads", async () => {
    created("run_1", "greet")
    const client = await open("/stream")
    becomes("run_1", "RUNNING")
    await client.until(1)
    expect(client.messages).toEqual([
      {
        id: 2,
        event: "run.running",
        data: {
          position: 2,
          runId: "run_1",
          seq: 2,
          type: "run.running",
          at: expect.any(String),
          actor: "user:local",
          stepId: null,
          workflowId: "greet",
          environment: "default",
          status: "RUNNING",
          matches: true,
        },
      },
    ])
  })

  test("goes on after an id, over more than the ring holds", async () => {
    created("run_1", "greet")
    for (let i = 2; i <= RING_SIZE * 3; i++) becomes("run_1", "RUNNING")
    const client = await open("/stream?after=10")
    becomes("run_1", "COMPLETED")
    await client.until(RING_SIZE * 3 + 1 - 10)
    expect(ids(client)).toEqual(upTo(11, RING_SIZE * 3 + 1))
  })

  test("resumes at every position while events go on arriving", async () => {
    for (let i = 1; i <= 10; i++) created(`run_${i}`, "greet")
    for (let last = 0; last <= 10; last++) {
      const head = server.engine.log.length
      server.engine.beforeRead = async () => {
        server.engine.beforeRead = null
        becomes("run_1", "RUNNING")
        await turn()
      }
      const client = await open("/stream", { "last-event-id": String(last) })
      while (server.engine.log.length === head) await turn()
      becomes("run_2", "RUNNING")
      await client.until(head + 2 - last)
      expect(ids(client)).toEqual(upTo(last + 1, head + 2))
      client.close()
    }
  })

  test("shows only what matches, and tells once when a run leaves the filter", async () => {
    const client = await open("/stream?workflowId=greet&status=RUNNING,PENDING")
    created("run_1", "greet")
    created("run_2", "other")
    becomes("run_1", "RUNNING")
    becomes("run_2", "RUNNING")
    becomes("run_1", "FAILED")
    becomes("run_1", "FAILED")
    becomes("run_1", "RUNNING")
    await client.until(4)
    expect(client.messages.map((message) => [message.id, (message.data as { matches: boolean }).matches])).toEqual([
      [1, true],
      [3, true],
      [5, false],
      [7, true],
    ])
  })

  test("filters by what only the run's row knows", async () => {
    const client = await open("/stream?tag=a&actor=user:ada")
    for (const [runId, tags, actor] of [
      ["run_1", '["a"]', "user:ada"],
      ["run_2", '["a"]', "user:bob"],
      ["run_3", '["b"]', "user:ada"],
    ] as const) {
      server.engine.rows.set(runId, runRow({ runId, seq: 0, tags, actor }))
      server.engine.commit(runId, "run.created", {})
    }
    server.engine.commit("run_1", "run.started", {})
    await client.until(2)
    expect(ids(client)).toEqual([1, 4])
  })

  test("means by a query what the list means, and by an id in full only its runs", async () => {
    const failed = await open(`/stream?query=${encodeURIComponent("status:failed -tag:test wf:gre*")}`)
    server.engine.rows.set("run_1", runRow({ runId: "run_1", seq: 0 }))
    const pasted = await open("/stream?query=run_1")
    for (const [runId, tags] of [
      ["run_1", "[]"],
      ["run_12", "[]"],
      ["run_2", '["test"]'],
    ] as const) {
      server.engine.rows.set(runId, runRow({ runId, seq: 0, tags, correlationId: runId }))
      server.engine.commit(runId, "run.created", {})
      becomes(runId, "FAILED")
    }
    await Promise.all([failed.until(2), pasted.until(2)])
    expect(failed.messages.map(({ id, data }) => [id, (data as { runId: string }).runId])).toEqual([
      [2, "run_1"],
      [4, "run_12"],
    ])
    expect(ids(pasted)).toEqual([1, 2])
  })

  const ofCustomer = (runId: string, customer: number) => {
    server.engine.rows.set(runId, runRow({ runId, seq: 0, status: "PENDING" }))
    server.engine.commit(runId, "run.created", { input: { value: { customer } }, trigger: { kind: "api" } })
  }

  test("by values and by issue it is judged by what is near, and waits for no archive", async () => {
    server.engine.beforeFarRead = () => Promise.reject(new Error("the archive is away"))
    const client = await open(`/stream?query=${encodeURIComponent("in.customer:42 -issue:iss_1")}`)
    ofCustomer("run_1", 42)
    ofCustomer("run_2", 43)
    becomes("run_1", "FAILED")
    await client.until(2)
    expect(ids(client)).toEqual([1, 3])
  })

  test("where a run cannot be read, what happened in front of it is told, and who comes back misses nothing", async () => {
    const query = `query=${encodeURIComponent("in.customer:42")}`
    const client = await open(`/stream?${query}`, { connection: "close" })
    server.engine.beforeRead = async (runId) => {
      if (runId === "run_2") throw new Error("the disk does not answer")
    }
    for (const runId of ["run_1", "run_2", "run_3"]) ofCustomer(runId, 42)
    await client.ended()
    expect(ids(client)).toEqual([1])
    server.engine.beforeRead = null
    const back = await open(`/stream?${query}`, { "last-event-id": "1" })
    await back.until(2)
    expect(ids(back)).toEqual([2, 3])
  })

  test("a position beyond the head is a reset, then live", async () => {
    created("run_1", "greet")
    const client = await open("/stream?after=99")
    becomes("run_1", "RUNNING")
    await client.until(2)
    expect(client.messages.map((message) => [message.event, message.id])).toEqual([
      ["reset", 1],
      ["run.running", 2],
    ])
  })

  test("filters that it cannot answer are refused", async () => {
    expect((await open("/stream?query=stauts:failed")).status).toBe(400)
    expect((await open("/stream?status=nonsense")).status).toBe(400)
  })
})
