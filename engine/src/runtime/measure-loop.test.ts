import { expect, test } from "vitest"
import type { MeasureCursor, MeasureSlice } from "../ports/measure-store.ts"
import { defaultMeasureLimits, MeasureLoop } from "./measure-loop.ts"

/** A feed in which each tenth event ends a run, and a place in it that is kept as a store keeps it. */
function world(head: number) {
  let cursor: MeasureCursor = { position: 0, round: 1 }
  let wake: (() => void) | null = null
  const seen = { counted: 0, writes: 0, delays: [] as number[], errors: 0 }
  const now = { head, fails: false }
  const slice = (after: number, to: number): MeasureSlice => {
    const runs = Math.floor(to / 10) - Math.floor(after / 10)
    return { from: after, to, runs, rollups: [], stepRollups: [], failures: [] }
  }
  const loop = new MeasureLoop(
    {
      store: {
        cursor: async () => cursor,
        slice: async (after, to, bounds) => slice(after, Math.min(to, after + bounds.positions)),
        async add(one, from) {
          if (now.fails) throw new Error("the disk is full")
          if (from.position !== cursor.position || from.round !== cursor.round) return false
          cursor = { ...cursor, position: one.to }
          seen.counted += one.runs
          seen.writes += 1
          return true
        },
      },
      clock: {
        now: () => 0,
        monotonic: () => 0,
        setTimer(delayMs, next) {
          seen.delays.push(delayMs)
          wake = next
          return () => {}
        },
      },
      log: { write: () => {} },
      head: () => now.head,
      onError: () => {
        seen.errors += 1
      },
    },
    { ...defaultMeasureLimits, slice: { positions: 40, runs: 100, steps: 100 }, idlePositions: 1_000 },
  )
  loop.start()
  return {
    loop,
    seen,
    now,
    restart() {
      cursor = { position: 0, round: cursor.round + 1 }
      seen.counted = 0
    },
    async turn() {
      wake!()
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

test("the feed is counted slice by slice until nothing is left, then looked at once a second", async () => {
  const { loop, seen, turn } = world(100)
  expect(loop.behind()).toBe(100)
  for (let i = 0; i < 4; i++) await turn()
  expect([seen.counted, seen.writes, loop.behind()]).toEqual([10, 3, 0])
  expect(seen.delays).toEqual([0, 20, 20, 1_000, 1_000])
})

test("where nothing ended nothing is written, and nothing is behind", async () => {
  const { loop, seen, now, turn } = world(10)
  await turn()
  now.head = 19
  await turn()
  expect([seen.counted, seen.writes, loop.behind()]).toEqual([1, 1, 0])
  now.head = 20
  await turn()
  expect([seen.counted, seen.writes]).toEqual([2, 2])
})

test("when somebody lets counting begin anew, it does, also where nothing new has happened", async () => {
  const { seen, turn, restart } = world(40)
  await turn()
  restart()
  await turn()
  expect(seen.counted).toBe(4)
})

test("a store that does not take it is asked again later, and nothing is left out", async () => {
  const { loop, seen, now, turn } = world(40)
  now.fails = true
  await turn()
  expect([seen.counted, seen.errors, seen.delays.at(-1)]).toEqual([0, 1, 5_000])
  now.fails = false
  await turn()
  expect([seen.counted, loop.behind()]).toEqual([4, 0])
})
