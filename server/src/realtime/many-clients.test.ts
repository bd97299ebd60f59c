/** A thousand clients at once, of which a hundred never read: what the server keeps for them is bounded, and nobody else waits. */
import { type AddressInfo, connect, type Socket } from "node:net"
import { setTimeout as pause } from "node:timers/promises"
import { afterEach, expect, test } from "vitest"
import { WebSocket } from "ws"
import { AT, definitionSummary, definitionVersion } from "../testing/rows.ts"
import { type TestServer, testServer } from "../testing/test-server.ts"

const clients = 1_000
const slow = 100
const allSockets = 300
const stuckSockets = 30
const stallMs = 10_000
/** What a response may hold that its socket does not take: a chunk, and what one write brings. */
const heldMax = 128 << 10

let server: TestServer
let port: number
let now: number
let sockets: Set<Socket>
let open: Reader[]
let watchers: WebSocket[]

interface Reader {
  /** Of the events, as they came. */
  readonly ids: number[]
  readonly codes: number[]
  isOver: boolean
  readonly socket: Socket
}

async function listen(): Promise<void> {
  now = 0
  open = []
  watchers = []
  server = await testServer({
    streams: { heartbeatMs: 15, stallMs, readersMax: clients, monotonic: () => now },
  })
  sockets = new Set()
  server.app.server.on("connection", (socket) => sockets.add(socket))
  await server.app.listen({ port: 0, host: "127.0.0.1" })
  port = (server.app.server.address() as AddressInfo).port
}
afterEach(async () => {
  for (const { socket } of open) socket.destroy()
  for (const socket of watchers) socket.terminate()
  await server.app.close()
})

/** So many that the clients themselves cost little: only the ids are looked at. */
function read(path: string, lastId: number | null): Promise<Reader> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1")
    const reader: Reader = { ids: [], codes: [], isOver: false, socket }
    open.push(reader)
    let rest = ""
    let isOpen = false
    const headers = `host: 127.0.0.1\r\n${lastId === null ? "" : `last-event-id: ${lastId}\r\n`}`
    socket.setEncoding("latin1").on("data", (text: string) => {
      if (!isOpen) reader.codes.push(Number(text.slice(9, 12)))
      const all = rest + text
      // An event counts once all of it is there.
      const end = all.lastIndexOf("\n\n")
      rest = end === -1 ? all : all.slice(end)
      if (end !== -1)
        for (const [, id] of all.slice(0, end).matchAll(/(?:^|\n)id: (\d+)\n/g)) reader.ids.push(Number(id))
      if (!isOpen) resolve(reader)
      isOpen = true
    })
    socket.on("close", () => {
      reader.isOver = true
    })
    socket.on("error", reject)
    socket.write(`GET /api/v1/workflow-runs${path} HTTP/1.1\r\n${headers}\r\n`)
  })
}
async function readAll(count: number, path: string): Promise<Reader[]> {
  const readers: Reader[] = []
  for (let from = 0; from < count; from += 50)
    readers.push(...(await Promise.all(Array.from({ length: Math.min(50, count - from) }, () => read(path, null)))))
  return readers
}
const held = () => [...sockets].reduce((sum, socket) => sum + (socket.destroyed ? 0 : socket.writableLength), 0)
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const until = async (isTrue: () => boolean) => {
  while (!isTrue()) await pause(5)
}

test("a thousand streams, of which a hundred are never read: little is kept, these are dropped, and resume without a gap", async () => {
  await listen()
  const { engine } = server
  engine.commit("run_big", "run.created", {})
  const stuck = await readAll(slow, "/run_big/stream")
  for (const { socket } of stuck) socket.pause()
  const lists = await readAll(clients - slow, "/stream")
  const first = engine.feed.head()
  const oneMore = await read("/stream", null)
  expect(oneMore.codes).toEqual([503])
  oneMore.socket.destroy()
  const payload = "x".repeat(16_000)
  const total = 600
  let mostHeld = 0
  for (let i = 2; i <= total; i++) {
    engine.commit("run_big", "state.entered", { payload })
    if (i % 25 > 0) continue
    await until(() => lists.every(({ ids }) => (ids.at(-1) ?? 0) >= engine.feed.head()))
    mostHeld = Math.max(mostHeld, held())
  }
  expect(mostHeld).toBeGreaterThan(slow * 1_000)
  expect(mostHeld).toBeLessThan(slow * heldMax)
  for (const { ids } of lists) expect(ids).toEqual(upTo(first + 1, engine.feed.head()))
  // They stand still for too long.
  now = stallMs + 1
  await until(() => [...sockets].filter(({ destroyed }) => !destroyed).length === clients - slow)
  expect(lists.every(({ isOver }) => !isOver)).toBe(true)
  engine.commit("run_big", "run.completed", {}, { status: "COMPLETED", completedAt: AT })
  const back = stuck.slice(0, 10)
  for (const { socket } of back) socket.resume()
  await until(() => back.every(({ isOver }) => isOver))
  for (const { ids } of back) {
    const again = await read("/run_big/stream", ids.at(-1)!)
    await until(() => again.ids.at(-1) === total + 1)
    expect([...ids, ...again.ids]).toEqual(upTo(1, total + 1))
    expect(ids.length).toBeLessThan(total)
  }
}, 30_000)

interface Watcher {
  readonly socket: WebSocket
  told: number
  code: number | null
}
function watch(workflowId: string): Promise<Watcher> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/workflows/${workflowId}`)
    const watcher: Watcher = { socket, told: 0, code: null }
    watchers.push(socket)
    socket.on("message", () => {
      watcher.told += 1
    })
    socket.on("close", (code) => {
      watcher.code = code
    })
    socket.on("open", () => resolve(watcher))
    socket.on("error", reject)
  })
}
async function watchAll(count: number, workflowId: string): Promise<Watcher[]> {
  const all: Watcher[] = []
  for (let from = 0; from < count; from += 50)
    all.push(...(await Promise.all(Array.from({ length: Math.min(50, count - from) }, () => watch(workflowId)))))
  return all
}

test("hundreds of sockets, of which some are never read: little is kept for them, they are closed, the others hear all", async () => {
  await listen()
  const { engine } = server
  engine.workflows.push(definitionSummary({ workflowId: "big" }))
  engine.versions.push(definitionVersion({ workflowId: "big" }))
  const stuck = await watchAll(stuckSockets, "big")
  const nets = stuck.map(({ socket }) => (socket as unknown as { _socket: Socket })._socket)
  for (const net of nets) net.pause()
  const others = await watchAll(allSockets - stuckSockets, "greet")
  const error = { code: "big", class: "bug", detail: "x".repeat(60_000) }
  let mostHeld = 0
  const rounds = 150
  for (let i = 1; i <= rounds; i++) {
    engine.commit(`run_big_${i}`, "run.failed", { error }, { status: "FAILED", workflowId: "big" })
    engine.commit(`run_${i}`, "run.failed", { error: { ...error, detail: "short" } }, { status: "FAILED" })
    if (i % 10 > 0) continue
    await until(() => others.every(({ told }) => told === i))
    mostHeld = Math.max(mostHeld, held())
  }
  expect(mostHeld).toBeGreaterThan(stuckSockets * 100_000)
  // Its part of what all may have waiting, and the message that came on top.
  expect(mostHeld).toBeLessThan(stuckSockets * ((64 << 20) / allSockets + 70_000))
  for (const net of nets) net.resume()
  await until(() => stuck.every(({ code }) => code !== null))
  // With a code, or cut where that was not taken either.
  for (const { code } of stuck) expect([1013, 1006]).toContain(code)
  expect(others.every(({ code, told }) => code === null && told === rounds)).toBe(true)
}, 30_000)
