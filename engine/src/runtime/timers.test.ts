import { describe, expect, test } from "vitest"
import type { TimerRow } from "../core/views/rows.ts"
import { VirtualClock } from "../testing/world/virtual-clock.ts"
import { defaultTimerLimits, type TimerLimits, Timers } from "./timers.ts"

const hour = 3_600_000

/** Timers over rows in a map; a fired one is taken (its row goes) unless the story says otherwise. */
function story(
  options: {
    rows?: readonly [id: string, inMs: number][]
    limits?: Partial<TimerLimits>
    fire?: (id: string, done: (outcome: "over" | "stuck") => void) => boolean
  } = {},
) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1))
  const rows = new Map<string, TimerRow>()
  const add = (id: string, inMs: number): TimerRow => {
    const row = { runId: `run-${id}`, timerId: id, kind: "wait", stepId: null, dueAt: clock.now() + inMs }
    rows.set(id, row)
    return row
  }
  for (const [id, inMs] of options.rows ?? []) add(id, inMs)
  const fired: string[] = []
  const logs: string[] = []
  let reads = 0
  const timers = new Timers(
    {
      clock,
      log: { write: (_level, message) => logs.push(message) },
      dueTimers: async (before, limit) => {
        reads++
        return [...rows.values()]
          .filter((row) => row.dueAt <= before)
          .sort((a, b) => a.dueAt - b.dueAt || (a.timerId < b.timerId ? -1 : 1))
          .slice(0, limit)
      },
      fire: (_runId, id, done) => {
        fired.push(id)
        if (options.fire?.(id, done)) return
        rows.delete(id)
        queueMicrotask(() => done("over"))
      },
      fault: (error) => {
        throw error
      },
    },
    { ...defaultTimerLimits, ...options.limits },
  )
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  const advance = async (ms: number): Promise<void> => {
    const until = clock.monotonic() + ms
    await turn()
    while (clock.step(until)) await turn()
    await turn()
  }
  return { clock, rows, add, fired, logs, timers, advance, turn, reads: () => reads }
}

describe("timers", () => {
  test("those that were due while nothing ran fire at once, by due time and then by id", async () => {
    const world = story({
      rows: [
        ["c", -10],
        ["b", -20],
        ["a", -20],
        ["later", 60_000],
      ],
    })
    world.timers.start()
    await world.turn()
    expect(world.fired).toEqual(["a", "b", "c"])
    await world.advance(60_000)
    expect(world.fired).toEqual(["a", "b", "c", "later"])
  })

  test("never more than the allowed number are fired and undecided", async () => {
    const waiting: (() => void)[] = []
    const world = story({
      rows: Array.from({ length: 1_000 }, (_, n) => [`t${n}`, -1]),
      limits: { firingMax: 10 },
      fire: (_id, done) => {
        waiting.push(() => done("over"))
        return true
      },
    })
    world.timers.start()
    await world.turn()
    expect(world.fired).toHaveLength(10)
    waiting.shift()!()
    await world.turn()
    expect(world.fired).toHaveLength(11)
  })

  test("many waiting runs keep only the nearest timers in memory, and all of them fire in order", async () => {
    const count = 20_000
    const world = story({
      rows: Array.from({ length: count }, (_, n) => [String(n).padStart(6, "0"), 1_000 + n]),
      limits: { nearMax: 500 },
    })
    world.timers.start()
    await world.turn()
    expect(world.timers.near).toBe(500)
    await world.advance(1_000 + count)
    expect(world.fired).toHaveLength(count)
    expect(world.fired).toEqual(world.fired.toSorted())
    expect(world.timers.near).toBe(0)
  })

  test("more timers than fit in memory that are due in the same millisecond all fire, each once", async () => {
    const world = story({
      rows: Array.from({ length: 3_000 }, (_, n) => [String(n), 5_000]),
      limits: { nearMax: 100, firingMax: 20 },
    })
    world.timers.start()
    await world.advance(5_000)
    expect(world.fired).toHaveLength(3_000)
    expect(new Set(world.fired).size).toBe(3_000)
  })

  test("one that is set beyond the horizon is left to the store, and found there in time", async () => {
    const world = story()
    world.timers.start()
    await world.turn()
    const far = world.add("far", 30 * 24 * hour)
    world.timers.set(far.runId, "far", far.dueAt)
    expect(world.timers.near).toBe(0)
    await world.advance(30 * 24 * hour - 1)
    expect(world.fired).toEqual([])
    await world.advance(1)
    expect(world.fired).toEqual(["far"])
  })

  test("one that is set near fires on the millisecond, and a cancelled one does not", async () => {
    const world = story()
    world.timers.start()
    await world.turn()
    for (const id of ["soon", "never"]) {
      const row = world.add(id, 250)
      world.timers.set(row.runId, id, row.dueAt)
    }
    world.rows.delete("never")
    world.timers.cancel("run-never", "never")
    await world.advance(249)
    expect(world.fired).toEqual([])
    await world.advance(1)
    expect(world.fired).toEqual(["soon"])
    expect(world.timers.near).toBe(0)
  })

  test("timers that are cancelled long before they are due leave memory", async () => {
    const world = story()
    world.timers.start()
    await world.turn()
    for (let n = 0; n < 50_000; n++) {
      world.timers.set("run", `t${n}`, world.clock.now() + 600_000)
      if (n >= 10) world.timers.cancel("run", `t${n}`)
    }
    expect(world.timers.near).toBe(10)
    expect(world.timers.held).toBeLessThan(2_000)
    await world.advance(600_000)
    expect(world.fired).toEqual(Array.from({ length: 10 }, (_, n) => `t${n}`))
  })

  test("one whose run cannot be decided is not fired again and again", async () => {
    const world = story({
      rows: [["stuck", -5]],
      fire: (_id, done) => {
        queueMicrotask(() => done("stuck"))
        return true
      },
    })
    world.timers.start()
    await world.advance(5 * hour)
    expect(world.fired).toEqual(["stuck"])
  })

  test("waiting costs no reading of the store", async () => {
    const world = story({ rows: [["a", 20 * hour]] })
    world.timers.start()
    await world.advance(10 * hour)
    // Once an hour's half: the horizon moves, nothing is polled.
    expect(world.reads()).toBeLessThanOrEqual(21)
  })

  test("a wall clock that jumps ahead is noticed and counted, and what became due by it fires soon", async () => {
    const world = story({ rows: [["a", 2 * hour]] })
    world.timers.start()
    await world.turn()
    world.clock.jump(3 * hour)
    await world.advance(30_000)
    expect(world.fired).toEqual(["a"])
    expect([world.timers.jumps, world.logs]).toEqual([1, ["the wall clock jumped"]])
  })

  test("behind a jump ahead a short timer fires when it is due, and brings with it what the jump made due", async () => {
    const world = story({ rows: [["overtaken", hour]] })
    world.timers.start()
    await world.turn()
    world.clock.jump(2 * hour)
    const row = world.add("short", 50)
    world.timers.set(row.runId, "short", row.dueAt)
    await world.advance(50)
    expect(world.fired).toEqual(["overtaken", "short"])
  })

  test("a wall clock that goes back an hour fires nothing twice", async () => {
    const world = story({
      rows: [
        ["a", 1_000],
        ["b", 2 * hour],
      ],
    })
    world.timers.start()
    await world.advance(2_000)
    world.clock.jump(-hour)
    await world.advance(hour)
    expect(world.fired).toEqual(["a"])
    await world.advance(2 * hour)
    expect(world.fired).toEqual(["a", "b"])
    expect(world.timers.jumps).toBe(1)
  })
})
