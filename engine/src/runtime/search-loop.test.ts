import { expect, test } from "vitest"
import { SearchLoop } from "./search-loop.ts"

/** A feed, and an index that takes forty events a turn, each turn seven milliseconds. */
function world(head: number) {
  let wake: (() => void) | null = null
  let time = 0
  const now = { head, position: 0, fails: false, busy: false }
  const seen = { delays: [] as number[], errors: 0 }
  const loop = new SearchLoop(
    {
      index: {
        position: () => now.position,
        async advance() {
          if (now.fails) throw new Error("the disk is full")
          time += 7
          if (now.busy) now.head += 10
          now.position = Math.min(now.head, now.position + 40)
          return { position: now.position, head: now.head, cut: 3, more: now.position < now.head }
        },
      },
      clock: {
        now: () => 0,
        monotonic: () => time,
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
    { everyMs: 1_000, betweenMs: 5, pauseMs: 9_000 },
  )
  loop.start()
  const turn = async () => {
    wake!()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { loop, now, seen, turn }
}

test("the index comes after the feed, piece by piece, and then looks now and then", async () => {
  const { loop, seen, turn } = world(100)
  expect(loop.behind()).toBe(100)
  for (let turns = 0; turns < 3; turns++) await turn()
  expect(loop.behind()).toBe(0)
  expect(loop.cut()).toBe(3)
  expect(seen.delays).toEqual([0, 5, 5, 1_000])
})

test("while runs go on it rests as long as it has worked", async () => {
  const { now, seen, turn } = world(1_000)
  now.busy = true
  await turn()
  expect(seen.delays).toEqual([0, 7])
})

test("an index that does not answer is asked again later, and its lag is told meanwhile", async () => {
  const { loop, now, seen, turn } = world(30)
  now.fails = true
  await turn()
  expect(seen).toMatchObject({ delays: [0, 9_000], errors: 1 })
  expect(loop.behind()).toBe(30)
  now.fails = false
  await turn()
  expect(loop.behind()).toBe(0)
})
