import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { describe, expect, test } from "vitest"
import { ApiError, createFrameReader, openApi } from "./api.mjs"
import { readFlags } from "./flags.mjs"
import { createStory } from "./story.mjs"

describe("the flags of npm start", () => {
  const plain = { port: "7420", approve: false, once: false, help: false, isOwnData: false }

  test("without any, the usual port and folder", () => {
    expect(readFlags([], {}, "/here")).toEqual({ ...plain, data: "/here/.waybill" })
  })

  test("a flag comes before a variable, a variable before the usual", () => {
    const env = { WAYBILL_PORT: "8000", WAYBILL_DATA_DIR: "/data" }
    expect(readFlags(["--port", "0"], env, "/here")).toEqual({ ...plain, port: "0", data: "/data", isOwnData: true })
    expect(readFlags(["--data", "x"], env, "/here")).toMatchObject({ port: "8000", data: "/here/x" })
  })

  test("a wrong one is refused with what was wrong", () => {
    expect(() => readFlags(["--prot", "1"], {})).toThrow(/--prot/)
    expect(() => readFlags(["--port", "70000"], {})).toThrow("--port takes 0 to 65535, not 70000")
  })
})

describe("the stream of events", () => {
  const text =
    ': heartbeat\n\nid: 1\nevent: run.created\ndata: {"seq":1,\ndata: "type":"run.created"}\n\nid: 2\r\ndata: {"seq":2}\r\n\r\n'
  const events = [{ seq: 1, type: "run.created" }, { seq: 2 }]

  test("is read in one piece", () => {
    expect(createFrameReader()(text)).toEqual(events)
  })

  test("is read the same wherever it is cut", () => {
    for (let at = 0; at <= text.length; at++) {
      const read = createFrameReader()
      expect([...read(text.slice(0, at)), ...read(text.slice(at))]).toEqual(events)
    }
  })
})

describe("following a run", () => {
  /** Answers each connection with the next of the given lists, then closes it; asks are the ids it was resumed at. */
  async function serving<T>(
    answers: readonly (readonly number[] | 204 | 404)[],
    use: (url: string, asks: string[]) => Promise<T>,
  ) {
    const left = [...answers]
    const asks: string[] = []
    const server = createServer((request, response) => {
      asks.push(String(request.headers["last-event-id"] ?? "none"))
      const answer = left.shift() ?? 204
      if (typeof answer === "number") return response.writeHead(answer).end()
      response.writeHead(200, { "content-type": "text/event-stream" })
      for (const seq of answer) response.write(`id: ${seq}\nevent: x\ndata: {"seq":${seq}}\n\n`)
      return response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    try {
      return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, asks)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  }

  async function follow(url: string) {
    const seen: number[] = []
    for await (const { seq } of openApi(url, undefined).events("run_1", new AbortController().signal)) seen.push(seq)
    return seen
  }

  test("a connection that breaks is resumed without gap or double, until the server says there is no more", async () => {
    await serving([[1, 2], [2, 3], [], [4], 204], async (url, asks) => {
      expect(await follow(url)).toEqual([1, 2, 3, 4])
      expect(asks).toEqual(["none", "2", "3", "3", "4"])
    })
  })

  test("an answer that is no stream ends the following with an error", async () => {
    await serving([404], async (url) => {
      await expect(follow(url)).rejects.toThrow(ApiError)
    })
  })
})

describe("the story of a run", () => {
  const at = (ms: number) => new Date(1_700_000_000_000 + ms).toISOString()
  const event = (type: string, ms: number, payload: object = {}, stepId: string | null = null) => ({
    seq: 1,
    type,
    at: at(ms),
    stepId,
    payload,
  })

  test("names the steps by their place and says what came of them", () => {
    const story = createStory()
    const lines = [
      event("run.created", 0, { executionNumber: 3, workflowId: "incident-triage" }),
      event(
        "state.entered",
        2,
        { name: "check_pods", branchPath: "diagnostics/pods", type: "operation", action: "agent.run" },
        "step_1",
      ),
      event("context.written", 3),
      event("step.started", 4, { attempt: 1, delivery: 1 }, "step_1"),
      event("step.failed", 5, { error: { code: "x", detail: "connection refused" } }, "step_1"),
      event("step.started", 1004, { attempt: 2, delivery: 1 }, "step_1"),
      event(
        "step.succeeded",
        1020,
        { output: { value: { error_rate: 0.123456, pods: [1], status: "degraded" } } },
        "step_1",
      ),
      event("run.completed", 65_004),
    ].map(story)
    expect(lines.filter((line) => line !== undefined)).toEqual([
      "    0.000  ●                                  created, execution 3 of incident-triage",
      "    0.004  ▸ diagnostics/pods/check_pods      started",
      "    0.005  ✗ diagnostics/pods/check_pods      failed: connection refused",
      "    1.004  ▸ diagnostics/pods/check_pods      attempt 2 started",
      "    1.020  ✓ diagnostics/pods/check_pods      succeeded  error_rate 0.1235, status degraded",
      " 1:05.004  ●                                  completed",
    ])
  })
})
