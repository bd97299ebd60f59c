import { expect, test } from "vitest"
import { SearchLoop } from "./search-loop.ts"

/** A feed, and an index that takes forty events a turn, each turn seven milliseconds. */
function world(head: number) {
  let wake: (() => void) | null = null
  let time = 0
  const now = { head, position: 0, fails: false, busy: false, lacking: [] as string[], away: [] as string[] }
  const seen = { delays: [] as number[], errors: 0, refilled: [] as string[] }
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
        async lacking(except) {
          const batchId = now.lacking.find((one) => !except.includes(one)) ?? null
          return { batchId, runs: now.lacking.length * 500 }
        },
        async refill(batchId, place) {
          seen.refilled.push(`${batchId} from ${place}`)
          now.lacking = now.lacking.filter((one) => one !== batchId)
        },
      },
      archive: {
        async inBatch(batchId, use) {
          if (now.away.includes(batchId)) throw new Error("it does not answer")
          await use("room.db")
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
    { everyMs: 1_000, betweenMs: 5, pauseMs: 9_000, awayMs: 20 },
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

test("archived runs that the index lacks come behind all that is live, one batch a turn, and are told until they are in", async () => {
  const { loop, now, seen, turn } = world(80)
  now.lacking = ["b1", "b2"]
  await turn()
  expect([loop.behind(), loop.archivedBehind(), seen.refilled]).toEqual([40, 0, []])
  await turn()
  expect([loop.behind(), loop.archivedBehind(), seen.refilled]).toEqual([0, 1_000, ["b1 from room.db"]])
  await turn()
  await turn()
  expect([loop.archivedBehind(), seen.refilled]).toEqual([0, ["b1 from room.db", "b2 from room.db"]])
  expect(seen.delays).toEqual([0, 5, 5, 5, 1_000])
})

test("a batch that cannot be had holds up no other, is told, and is asked for again later", async () => {
  const { loop, now, seen, turn } = world(0)
  now.lacking = ["b1", "b2"]
  now.away = ["b1"]
  await turn()
  await turn()
  expect(seen).toMatchObject({ errors: 0, refilled: ["b2 from room.db"] })
  await turn()
  expect([loop.archivedBehind(), seen.delays.at(-1)]).toEqual([500, 1_000])
  now.away = []
  await turn()
  await turn()
  expect([loop.archivedBehind(), seen.refilled.length]).toEqual([0, 2])
})
