import { once } from "node:events"
import { type AddressInfo, connect, type Socket as NetSocket } from "node:net"
import type { ExecutionMessage } from "@waybill/contract"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { WebSocket } from "ws"
import { AT, runRow, stepRow } from "../../testing/rows.ts"
import { shapeDiffers } from "../../testing/shape.ts"
import { keyedAccess, keyOf, type TestServer, testServer } from "../../testing/test-server.ts"
import examples from "./golden/messages.json" with { type: "json" }

let server: TestServer
let port: number
let clients: WebSocket[]

const streams = { heartbeatMs: 15_000, stallMs: 60_000, readersMax: 100, monotonic: () => performance.now() }

async function listen(given: Parameters<typeof testServer>[0] = {}): Promise<void> {
  server = await testServer({ streams, ...given })
  await server.app.listen({ port: 0, host: "127.0.0.1" })
  port = (server.app.server.address() as AddressInfo).port
}

beforeEach(async () => {
  clients = []
  await listen()
})
afterEach(async () => {
  for (const client of clients) client.terminate()
  await server.app.close()
})

interface Client {
  readonly socket: WebSocket
  readonly messages: ExecutionMessage[]
  until(count: number): Promise<ExecutionMessage[]>
}

async function open(path: string, headers: Record<string, string> = {}): Promise<Client> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers })
  clients.push(socket)
  const messages: ExecutionMessage[] = []
  socket.on("message", (data) => messages.push(JSON.parse(String(data)) as ExecutionMessage))
  await once(socket, "open")
  const until = async (count: number) => {
    while (messages.length < count) await once(socket, "message")
    return messages
  }
  return { socket, messages, until }
}

/** The status that the upgrade was refused with, and the problem's code. */
async function refusal(path: string, headers: Record<string, string> = {}): Promise<[number, string]> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers })
  clients.push(socket)
  socket.on("error", () => {})
  const [, response] = await once(socket, "unexpected-response")
  let body = ""
  for await (const chunk of response) body += chunk
  return [response.statusCode, JSON.parse(body).code]
}

const entered = {
  scope: "",
  name: "hello",
  visit: 1,
  type: "operation",
  action: "agent.run",
  branchPath: "",
  index: null,
}

/** A run of one step, to its end. */
function story(runId: string, end: "run.completed" | "run.failed", given = {}): void {
  const { engine } = server
  const step = (type: string, payload: unknown) => engine.commit(runId, type, payload, {}, "step_1")
  engine.commit(runId, "run.created", { input: { value: {} } }, given)
  engine.commit(runId, "run.started", { state: "hello" }, { status: "RUNNING", startedAt: AT })
  engine.steps.set(runId, [stepRow({ runId, firstSeq: 3, startedAt: AT, outputSeq: 5, retries: 1 })])
  step("state.entered", entered)
  step("step.started", { attempt: 1, delivery: 1 })
  if (end === "run.completed") {
    step("step.succeeded", { output: { value: { records: 100 } } })
    step("state.exited", { status: "SUCCEEDED", next: null })
    engine.commit(runId, end, { output: null, outputSeq: 5 }, { status: "COMPLETED" })
    return
  }
  const error = { code: "timeout", class: "transient", detail: "Timeout exceeded" }
  step("step.started", { attempt: 2, delivery: 1 })
  step("state.exited", { status: "FAILED", next: null, error })
  engine.commit(runId, end, { error: { ...error, detail: "Step 'hello' failed" } }, { status: "FAILED" })
}

describe("the socket of a workflow", () => {
  test("tells an execution and its steps as they happen, each message in 002's shape", async () => {
    const client = await open("/ws/workflows/greet")
    story("run_1", "run.completed")
    story("run_2", "run.failed")
    const messages = await client.until(8)
    expect(messages.map(({ event }) => event)).toEqual([
      "workflow_started",
      "step_started",
      "step_completed",
      "workflow_completed",
      "workflow_started",
      "step_started",
      "step_failed",
      "workflow_failed",
    ])
    for (const example of examples) {
      const message = messages.find(({ event }) => event === example.event)
      expect(shapeDiffers(example, message, ["output"])).toEqual([])
    }
    expect(messages[2]).toEqual({
      event: "step_completed",
      data: {
        execution_id: "run_1",
        step_id: "hello",
        step_name: "hello",
        duration_seconds: 0.005,
        output: { records: 100 },
        timestamp: "2026-11-20T09:30:00.130Z",
      },
    })
    expect(messages[6]?.data).toMatchObject({ error: "Timeout exceeded", retry_count: 1 })
    expect(messages[7]?.data).toMatchObject({ error: "Step 'hello' failed" })
  })

  test("tells nothing of other workflows, and of other environments only where none is named", async () => {
    const [all, prod] = [await open("/ws/workflows/greet"), await open("/ws/workflows/greet?env=prod")]
    story("run_1", "run.completed", { workflowId: "other" })
    story("run_2", "run.completed", { environment: "default" })
    story("run_3", "run.completed", { environment: "prod" })
    await Promise.all([all.until(8), prod.until(4)])
    expect(new Set(all.messages.map(({ data }) => data.execution_id))).toEqual(new Set(["run_2", "run_3"]))
    expect(new Set(prod.messages.map(({ data }) => data.execution_id))).toEqual(new Set(["run_3"]))
  })

  test("a run that is cancelled or out of time has failed, with the reason", async () => {
    const client = await open("/ws/workflows/greet")
    server.engine.commit("run_1", "run.cancelled", { cause: { kind: "cancel", reason: "not needed" } })
    server.engine.commit("run_2", "run.timed_out", { error: { detail: "the run took too long" } })
    expect((await client.until(2)).map(({ event, data }) => [event, "error" in data && data.error])).toEqual([
      ["workflow_failed", "not needed"],
      ["workflow_failed", "the run took too long"],
    ])
  })
})

describe("the socket of a step", () => {
  test("tells of that step alone, by its place in the definition, whichever item it is", async () => {
    const { engine } = server
    const place = { place: "each/check", name: "check", isTop: false }
    vi.spyOn(engine.insights, "places").mockResolvedValue([place])
    const client = await open("/ws/workflows/greet/step/each%2Fcheck")
    engine.rows.set("run_1", runRow())
    for (const [seq, stepId, path] of [
      [1, "step_1", "each[0]"],
      [2, "step_2", "each[1]"],
      [3, "step_3", "other"],
    ] as const) {
      const row = stepRow({ stepId, name: "check", branchPath: path, firstSeq: seq + 2 })
      engine.steps.set("run_1", [...(engine.steps.get("run_1") ?? []), row])
      engine.commit("run_1", "state.entered", { ...entered, action: null, name: "check", branchPath: path }, {}, stepId)
    }
    engine.commit("run_1", "run.completed", {})
    engine.commit("run_1", "state.exited", { status: "SUCCEEDED", next: null }, {}, "step_2")
    expect((await client.until(3)).map(({ event, data }) => [event, "step_id" in data && data.step_id])).toEqual([
      ["step_started", "each/check"],
      ["step_started", "each/check"],
      ["step_completed", "each/check"],
    ])
  })
})

describe("who may listen", () => {
  test("nobody without a key, from another site, of another workspace, or to a workflow that is not there", async () => {
    await server.app.close()
    await listen({ authenticate: keyedAccess })
    const key = { authorization: `Bearer ${keyOf("viewer")}` }
    const path = "/ws/workflows/greet"
    expect(await refusal(path)).toEqual([401, "unauthenticated"])
    expect(await refusal(path, { ...key, origin: "http://evil.example" })).toEqual([403, "origin_refused"])
    expect(await refusal(`${path}?workspace_id=other`, key)).toEqual([404, "workspace_not_found"])
    expect(await refusal(path, { ...key, "x-workspace-id": "other" })).toEqual([404, "workspace_not_found"])
    expect(await refusal(`${path}/step/helo`, key)).toEqual([404, "step_not_found"])
    expect(await refusal("/ws/workflows/nowhere", key)).toEqual([404, "workflow_not_found"])
    expect(await refusal(`${path}/step/hello?workspace_slug=other`, key)).toEqual([404, "workspace_not_found"])
    const client = await open(`${path}?workspace_id=default`, { ...key, origin: "http://ui.example" })
    expect(client.socket.readyState).toBe(WebSocket.OPEN)
  })

  test("no more than this server allows, and only who asks for a WebSocket", async () => {
    await server.app.close()
    await listen({ streams: { ...streams, readersMax: 1 } })
    const first = await open("/ws/workflows/greet")
    expect(await refusal("/ws/workflows/greet")).toEqual([503, "overloaded"])
    first.socket.close()
    await once(first.socket, "close")
    const plain = await fetch(`http://127.0.0.1:${port}/ws/workflows/greet`)
    expect([plain.status, ((await plain.json()) as { code: string }).code]).toEqual([426, "upgrade_required"])
  })
})

/** A request as it goes over the wire, and the answers until the server closes or `count` have come. */
async function raw(lines: readonly string[], body = ""): Promise<string> {
  const socket = connect(port, "127.0.0.1")
  let answer = ""
  socket.setEncoding("utf8").on("data", (text: string) => {
    answer += text
  })
  socket.write(`${lines.join("\r\n")}\r\n\r\n${body}`)
  while (!answer.includes("\r\n\r\n")) await once(socket, "data")
  socket.destroy()
  return answer
}

describe("a request that only offers another protocol", () => {
  const offer = ["Host: localhost", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"]

  test("is answered as if it had not", async () => {
    expect(await raw(["GET /healthz HTTP/1.1", ...offer])).toMatch(/^HTTP\/1\.1 200 OK/)
    const body = JSON.stringify({ workflowId: "greet" })
    const json = ["Content-Type: application/json", `Content-Length: ${body.length}`]
    const started = await raw(["POST /api/v1/workflow-runs HTTP/1.1", ...offer, ...json], body)
    expect(started).toMatch(/^HTTP\/1\.1 201 Created/)
  })
})

describe("a socket's life", () => {
  test("is asked now and then whether it is still there, and cut when it does not answer", async () => {
    await server.app.close()
    let now = 0
    await listen({ streams: { ...streams, heartbeatMs: 5, stallMs: 1_000, monotonic: () => now } })
    const client = await open("/ws/workflows/greet")
    await once(client.socket, "ping")
    await once(client.socket, "ping")
    // It reads nothing any more, so it answers nothing.
    const net = (client.socket as unknown as { _socket: NetSocket })._socket
    net.pause()
    const cut = new Promise<void>((resolve) => net.once("close", () => resolve()))
    const steps = setInterval(() => {
      now += 500
    }, 10)
    net.on("error", () => {})
    setTimeout(() => net.resume(), 300)
    await cut
    clearInterval(steps)
    expect(client.socket.readyState).not.toBe(WebSocket.OPEN)
  })

  test("a reader that does not take what it is told is closed with a code, and little is kept for it", async () => {
    const client = await open("/ws/workflows/greet")
    const net = (client.socket as unknown as { _socket: NetSocket })._socket
    const fast = await open("/ws/workflows/greet")
    net.pause()
    const closed = once(client.socket, "close")
    const error = { code: "big", class: "bug", detail: "x".repeat(60_000) }
    // Far more than a connection's own buffers hold.
    for (let i = 0; i < 200; i++) {
      server.engine.commit(`run_${i}`, "run.failed", { error }, { status: "FAILED" })
      if (i % 10 === 9) await fast.until(i + 1)
    }
    net.resume()
    const [code, reason] = await closed
    expect([code, String(reason)]).toEqual([1013, "messages are not taken as fast as they come"])
    expect(client.messages.length).toBeLessThan(200)
    expect(fast.messages.length).toBe(200)
  })

  test("what a client says is not listened to, and may not be long", async () => {
    const client = await open("/ws/workflows/greet")
    client.socket.send("hello")
    story("run_1", "run.completed")
    await client.until(4)
    const closed = once(client.socket, "close")
    client.socket.send("x".repeat(2_000))
    expect((await closed)[0]).toBe(1009)
  })

  test("ends in order when the server goes down, and the server waits for it", async () => {
    const sockets = await Promise.all([open("/ws/workflows/greet"), open("/ws/workflows/greet/step/hello")])
    const closed = Promise.all(sockets.map(({ socket }) => once(socket, "close")))
    await server.app.close()
    for (const [code, reason] of await closed)
      expect([code, String(reason)]).toEqual([1001, "the server is going down"])
  })

  test("while nobody listens, nothing is put together for anybody", async () => {
    const client = await open("/ws/workflows/greet")
    expect(server.engine.listening).toBe(1)
    client.socket.close()
    await once(client.socket, "close")
    while (server.engine.listening > 0) await new Promise((resolve) => setImmediate(resolve))
    story("run_1", "run.completed")
    expect(client.messages).toEqual([])
  })
})
