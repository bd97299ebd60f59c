import type { Feed, FeedEvent } from "@waybill/engine"
import { expect, test } from "vitest"
import { FeedTail } from "./feed-tail.ts"

/** A feed as the engine's: live to who listens, and whole in the store. */
class Log implements Feed {
  readonly #events: FeedEvent[] = []
  #listener: ((events: readonly FeedEvent[]) => void) | null = null
  reads = 0

  head = () => this.#events.length
  subscribe = (listener: (events: readonly FeedEvent[]) => void) => {
    this.#listener = listener
    return () => {
      this.#listener = null
    }
  }
  since = async (position: number, limit: number) => {
    this.reads += 1
    return this.#events.slice(position, position + limit)
  }

  commit(...types: readonly string[]): void {
    const events = types.map((type, i) => ({ type, position: this.#events.length + i + 1, payload: "{}" }) as FeedEvent)
    this.#events.push(...events)
    this.#listener?.(events)
  }
}

const open = (log: Log, most = { events: 4, characters: 1_000 }) =>
  new FeedTail(log, { isWanted: (type) => type.startsWith("run."), most, wake: () => {} })

/** Reads until there is nothing more, as the collector does. */
async function readAll(tail: FeedTail, from: number): Promise<{ seen: number[]; at: number }> {
  const seen: number[] = []
  let at = from
  for (;;) {
    const { events, position } = await tail.after(at, 3)
    seen.push(...events.map((event) => event.position))
    if (position === at) return { seen, at }
    at = position
  }
}

test("what is committed while somebody listens is read from memory", async () => {
  const log = new Log()
  const tail = open(log)
  tail.listen(true)
  log.commit("run.started", "step.scheduled", "run.completed")
  expect(await readAll(tail, 0)).toEqual({ seen: [1, 3], at: 3 })
  expect(log.reads).toBe(0)
})

test("what was committed before, and what did not fit into memory, is read from the store: all of it, once, in order", async () => {
  const log = new Log()
  log.commit(...Array.from({ length: 7 }, () => "run.started"))
  const tail = open(log)
  tail.listen(true)
  log.commit("run.completed", "step.started")
  const first = await readAll(tail, 2)
  expect(first).toEqual({ seen: [3, 4, 5, 6, 7, 8], at: 9 })
  for (let i = 0; i < 6; i++) log.commit("run.started", "step.started")
  expect(tail.lag(first.at)).toBe(12)
  const second = await readAll(tail, first.at)
  expect(second).toEqual({ seen: [10, 12, 14, 16, 18, 20], at: 21 })
  expect(tail.lag(second.at)).toBe(0)
})

test("large events are not kept in memory, and are told all the same", async () => {
  const log = new Log()
  const tail = open(log, { events: 100, characters: 3 })
  tail.listen(true)
  log.commit("run.started")
  log.commit("run.completed")
  expect((await readAll(tail, 0)).seen).toEqual([1, 2])
  expect(log.reads).toBeGreaterThan(0)
})

test("events between two reads of the store and the live end are neither lost nor doubled", async () => {
  const log = new Log()
  const seen: number[] = []
  log.commit(...Array.from({ length: 5 }, () => "run.started"))
  const tail = open(log)
  tail.listen(true)
  let at = 0
  for (let round = 0; round < 40; round++) {
    const { events, position } = await tail.after(at, 2)
    seen.push(...events.map((event) => event.position))
    at = position
    for (let i = 0; i < round % 4; i++) log.commit(i % 2 === 0 ? "run.started" : "step.started")
  }
  seen.push(...(await readAll(tail, at)).seen)
  const all = (await log.since(0, 1_000)).filter(({ type }) => type.startsWith("run.")).map((event) => event.position)
  expect(seen).toEqual(all)
})
