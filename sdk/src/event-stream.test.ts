import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, expect, test, vi } from "vitest"
import { createClient } from "./client.ts"
import { ProblemError, UnreachableError } from "./connection.ts"

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const open = new Set<() => void>()
afterEach(() => {
  vi.useRealTimers()
  for (const close of open) close()
  open.clear()
})

/** Answers one request after the other, the last answer again and again. */
async function server(...answers: Answer[]) {
  const asked: { readonly path: string; readonly lastEventId: string | undefined }[] = []
  const http = createServer((request, response) => {
    asked.push({ path: request.url ?? "", lastEventId: request.headers["last-event-id"] as string | undefined })
    answers[Math.min(asked.length, answers.length) - 1]!(request, response)
  })
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve))
  open.add(() => {
    http.closeAllConnections()
    http.close()
  })
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, asked }
}

const frame = (seq: number, type = "state.entered") => `id: ${seq}\nevent: ${type}\ndata: {"seq":${seq}}\n\n`
const stream =
  (...texts: string[]): Answer =>
  (_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" })
    response.end(texts.join(""))
  }
/** Sends and then breaks the connection. */
const broken =
  (...texts: string[]): Answer =>
  (_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" })
    response.write(texts.join(""), () => response.destroy())
  }

async function read(url: string, after?: number) {
  const ids: string[] = []
  const client = createClient({ url })
  for await (const { id } of client.runs.stream("run_1", { ...(after !== undefined && { after }) })) ids.push(id)
  return ids
}

test("a stream that breaks goes on behind the last event, without gap and without double", async () => {
  const { url, asked } = await server(
    broken(frame(1), frame(2)),
    broken(frame(3), "id: 4\nevent: sta"),
    stream(frame(4), frame(5, "run.completed")),
  )
  expect(await read(url)).toEqual(["1", "2", "3", "4", "5"])
  expect(asked.map(({ lastEventId }) => lastEventId)).toEqual([undefined, "2", "3"])
})

test("it ends with the run's last event, or when the server has nothing more to say", async () => {
  const done = await server(stream(frame(7, "run.failed"), frame(8)))
  expect(await read(done.url, 6)).toEqual(["7"])
  expect(done.asked).toEqual([{ path: "/api/v1/workflow-runs/run_1/stream", lastEventId: "6" }])
  const nothing = await server((_request, response) => response.writeHead(204).end())
  expect(await read(nothing.url)).toEqual([])
})

test("heartbeats and frames in pieces are read as they should be", async () => {
  const { url } = await server((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" })
    const whole = `: heartbeat\n\n${frame(1)}: heartbeat\n\n${frame(2, "run.completed")}`
    for (const character of whole) response.write(character)
    response.end()
  })
  expect(await read(url)).toEqual(["1", "2"])
})

test("a server that refuses is not asked again", async () => {
  const problem = { code: "run_not_found", detail: "there is no run run_1", status: 404 }
  const { url, asked } = await server((_request, response) =>
    response.writeHead(404, { "content-type": "application/problem+json" }).end(JSON.stringify(problem)),
  )
  await expect(read(url)).rejects.toThrow(ProblemError)
  expect(asked).toHaveLength(1)
})

test("a server that never says anything is given up after eight tries, with a pause between them", async () => {
  // Its own fetch: the real one has timers of its own, which must not be made to hurry.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] })
  const askedAt: number[] = []
  const silent: typeof fetch = async () => {
    askedAt.push(Date.now())
    return new Response("", { headers: { "content-type": "text/event-stream" } })
  }
  const client = createClient({ url: "http://127.0.0.1:7420", fetch: silent })
  const given = client.runs
    .stream("run_1")
    .next()
    .then(String, (error: unknown) => error)
  // As long as it takes, in steps that nothing waits for.
  while (askedAt.length < 8) await vi.advanceTimersByTimeAsync(1_000)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await given).toBeInstanceOf(UnreachableError)
  expect(askedAt).toHaveLength(8)
  const pauses = askedAt.slice(1).map((at, index) => at - askedAt[index]!)
  expect(Math.min(...pauses)).toBeGreaterThan(0)
  expect(pauses.at(-1)!).toBeGreaterThan(pauses[0]!)
})

test("the reader may stop at any time", async () => {
  const { url } = await server((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" })
    response.write(frame(1))
  })
  const aborted = new AbortController()
  const ids: string[] = []
  for await (const { id } of createClient({ url }).runs.stream("run_1", { signal: aborted.signal })) {
    ids.push(id)
    aborted.abort()
  }
  expect(ids).toEqual(["1"])
})

test("the list's stream is one connection, with a sign of life for every heartbeat, and says where it broke off", async () => {
  const { url, asked } = await server(broken(frame(5, "run.completed"), ": heartbeat\n\n", frame(9)), stream(frame(10)))
  const client = createClient({ url })
  let signs = 0
  const ids: string[] = []
  const read = async (after: number) => {
    for await (const { id } of client.runs.follow({ env: "prod" }, { after, onSign: () => signs++ })) ids.push(id)
  }
  await expect(read(4)).rejects.toThrow()
  expect(signs).toBeGreaterThanOrEqual(2)
  await read(9)
  expect(ids).toEqual(["5", "9", "10"])
  expect(asked).toEqual([
    { path: "/api/v1/workflow-runs/stream?env=prod", lastEventId: "4" },
    { path: "/api/v1/workflow-runs/stream?env=prod", lastEventId: "9" },
  ])
})
