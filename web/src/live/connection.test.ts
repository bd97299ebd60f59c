import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { type LiveBatch, LiveConnection, type LiveOptions, type StreamItem } from "./connection.ts"

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** One connection to the made-up server: what it sends is in the test's hand. */
class Line {
  readonly after: number
  readonly sign: () => void
  private readonly items: StreamItem[] = []
  private wake: () => void = () => {}
  private over: { readonly error: Error | null } | null = null
  constructor(after: number, signal: AbortSignal, sign: () => void) {
    this.after = after
    this.sign = sign
    signal.addEventListener("abort", () => this.end(null))
  }
  send(position: number, runId = "run_1") {
    this.sign()
    this.items.push({ id: String(position), event: "state.entered", data: { position, runId, type: "state.entered" } })
    this.wake()
  }
  reset(position: number) {
    this.items.push({ id: String(position), event: "reset", data: { head: position, asked: 99 } })
    this.wake()
  }
  end(error: Error | null) {
    this.over ??= { error }
    this.wake()
  }
  async *[Symbol.asyncIterator](): AsyncGenerator<StreamItem> {
    for (;;) {
      const item = this.items.shift()
      if (item !== undefined) yield item
      else if (this.over !== null) {
        if (this.over.error !== null) throw this.over.error
        return
      } else {
        await new Promise<void>((resolve) => {
          this.wake = resolve
        })
      }
    }
  }
}

const forbidden = new Error("unauthenticated")

function scene(cursor: number | null = 10, options: Partial<LiveOptions> = {}) {
  const lines: Line[] = []
  const batches: LiveBatch[] = []
  const server = { head: 10, answers: true, polls: 0, refuses: null as Error | null }
  const connection = new LiveConnection(
    {
      connect(after, signal, onSign) {
        const line = new Line(after, signal, onSign)
        lines.push(line)
        if (server.refuses !== null) line.end(server.refuses)
        else if (server.answers) onSign()
        else line.end(new Error("unreachable"))
        return line
      },
      position: async () => {
        if (!server.answers) throw new Error("unreachable")
        return server.head
      },
      poll: async () => {
        server.polls++
        return server.answers
      },
      isFinal: (error) => error === forbidden,
      now: () => Date.now(),
      setTimer: (run, ms) => setTimeout(run, ms),
      clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
    },
    cursor,
    options,
  )
  connection.subscribe((batch) => batches.push(batch))
  const line = () => lines.at(-1)!
  const positions = () => batches.flatMap(({ messages }) => messages.map(({ position }) => position))
  return { connection, lines, line, batches, positions, server }
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

test("it begins where the page was written, and hands messages on in batches", async () => {
  const { connection, lines, line, batches } = scene(10)
  connection.start()
  await pass(0)
  expect(connection.status().state).toBe("live")
  expect(lines.map(({ after }) => after)).toEqual([10])
  line().send(11)
  line().send(12)
  await pass(99)
  expect(batches).toEqual([])
  await pass(1)
  expect(batches.map(({ messages, everything }) => [messages.length, everything])).toEqual([[2, false]])
})

test("without a position it asks for the newest, and for everything once", async () => {
  const { connection, lines, batches } = scene(null)
  connection.start()
  await pass(100)
  expect(lines.map(({ after }) => after)).toEqual([10])
  expect(batches).toEqual([{ messages: [], everything: true }])
})

test("a broken connection comes back behind its last message, without gap and without double", async () => {
  const { connection, lines, line, positions, server } = scene(10)
  connection.start()
  await pass(0)
  line().send(11)
  await pass(0)
  line().end(new Error("broken"))
  await pass(0)
  expect(connection.status().state).toBe("reconnecting")
  server.head = 13
  await pass(250)
  expect(connection.status().state).toBe("live")
  expect(lines.map(({ after }) => after)).toEqual([10, 11])
  line().send(12)
  line().send(13)
  await pass(100)
  expect(positions()).toEqual([11, 12, 13])
})

test("while the server is away, polling takes over and the data's age is known; each pause is longer, up to a bound", async () => {
  const { connection, lines, line, server } = scene(10)
  connection.start()
  await pass(1_000)
  line().sign()
  const fresh = Date.now()
  server.answers = false
  line().end(null)
  await pass(5_000)
  expect(connection.status()).toEqual({ state: "stale", freshAt: fresh })
  expect(server.polls).toBe(1)
  await pass(60_000)
  expect(connection.status()).toEqual({ state: "stale", freshAt: fresh })
  expect(server.polls).toBeGreaterThan(8)
  expect(lines).toHaveLength(1)

  server.answers = true
  await pass(8_000)
  expect(connection.status().state).toBe("live")
  const { polls } = server
  await pass(30_000)
  expect(server.polls).toBe(polls)
})

test("when only the stream is refused, polling keeps the data fresh", async () => {
  const { connection, server } = scene(10)
  server.refuses = new Error("overloaded")
  connection.start()
  await pass(15_001)
  expect(connection.status().state).toBe("stale")
  expect(Date.now() - connection.status().freshAt).toBeLessThanOrEqual(5_001)
})

test("a connection that says nothing at all, not even that nothing happens, is taken for broken", async () => {
  const { connection, lines } = scene(10)
  connection.start()
  await pass(31_999)
  expect(lines).toHaveLength(1)
  await pass(300)
  expect(lines).toHaveLength(2)
})

test("a hidden tab lets go; when it is seen again it catches up once from where it was", async () => {
  const { connection, lines, line, server } = scene(10)
  connection.start()
  await pass(0)
  line().send(11)
  await pass(100)
  connection.pause()
  expect(connection.status().state).toBe("paused")
  await pass(3_600_000)
  expect(lines).toHaveLength(1)
  expect(server.polls).toBe(0)
  server.head = 500
  connection.resume()
  await pass(0)
  expect(lines.map(({ after }) => after)).toEqual([10, 11])
})

test("what was missed is not replayed when it is too much: everything is asked for, once", async () => {
  const { connection, lines, batches, server } = scene(10, { replayMax: 100 })
  connection.start()
  await pass(100)
  connection.pause()
  server.head = 111
  connection.resume()
  await pass(100)
  expect(lines.map(({ after }) => after)).toEqual([10, 111])
  expect(batches).toEqual([{ messages: [], everything: true }])
})

test("after a restore nothing that was seen is believed", async () => {
  const { connection, line, batches, lines } = scene(10)
  connection.start()
  await pass(0)
  line().reset(4)
  await pass(100)
  expect(batches).toEqual([{ messages: [], everything: true }])
  line().end(null)
  await pass(250)
  expect(lines.map(({ after }) => after)).toEqual([10, 4])
})

test("a key that is not known ends it, and one that is entered begins it again", async () => {
  const { connection, server, lines } = scene(10)
  server.refuses = forbidden
  connection.start()
  await pass(60_000)
  expect(connection.status().state).toBe("closed")
  expect(lines).toHaveLength(1)
  server.refuses = null
  connection.retry()
  await pass(0)
  expect(connection.status().state).toBe("live")
})
