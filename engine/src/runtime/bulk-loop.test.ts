import { beforeEach, describe, expect, it } from "vitest"
import { MemoryBulk } from "../adapters/memory/memory-bulk.ts"
import type { BulkRow } from "../ports/bulk-store.ts"
import { VirtualClock } from "../testing/world/virtual-clock.ts"
import { BulkLoop, type ItemOutcome } from "./bulk-loop.ts"

const limits = { batch: 4, pauseMs: 50, busyMs: 500, turns: 4 }

let clock: VirtualClock
let store: MemoryBulk
let asked: string[]
let busy: boolean | string
let outcome: (runId: string) => Promise<ItemOutcome>

beforeEach(() => {
  clock = new VirtualClock(1_000)
  store = new MemoryBulk()
  asked = []
  busy = false
  outcome = async (runId) => ({ kind: "done", newRunId: `new_${runId}` })
})

function loop(): BulkLoop {
  const perform = (bulk: BulkRow, runId: string): Promise<ItemOutcome> => {
    asked.push(`${bulk.bulkId} ${runId}`)
    return outcome(runId)
  }
  const isBusy = (workspaceId: string) => busy === true || busy === workspaceId
  return new BulkLoop({ store, clock, log: { write: () => {} }, perform, busy: isBusy }, limits)
}

async function frozen(bulkId: string, count: number, workspaceId = "default"): Promise<void> {
  await store.create({
    bulkId,
    workspaceId,
    action: "rerun",
    state: "freezing",
    reason: "r",
    query: null,
    fromState: null,
    change: null,
    actor: "{}",
    createdAt: 0,
    completedAt: null,
    total: 0,
    done: 0,
    refused: 0,
    requestKey: null,
    bodyHash: null,
  })
  await store.add(
    bulkId,
    Array.from({ length: count }, (_, index) => `run_${index + 1}`),
  )
  await store.move(bulkId, ["freezing"], "running", 0)
}

/** Time passes; returns how long it took until nothing more was to be done. */
async function advance(ms: number): Promise<void> {
  const until = clock.monotonic() + ms
  do await new Promise((resolve) => setImmediate(resolve))
  while (clock.step(until))
  await new Promise((resolve) => setImmediate(resolve))
}

describe("the loop that does the same to many runs", () => {
  it("asks a batch at a time, with a pause between, and ends", async () => {
    await frozen("bulk_1", 10)
    loop().wake()
    await advance(0)
    expect(asked).toHaveLength(4)
    await advance(49)
    expect(asked).toHaveLength(4)
    await advance(1)
    expect(asked).toHaveLength(8)
    await advance(200)
    expect(asked).toHaveLength(10)
    expect(await store.find("bulk_1")).toMatchObject({ state: "done", done: 10, refused: 0 })
    expect(clock.nextAt()).toBeNull()
  })

  it("gives several bulks their turns", async () => {
    await frozen("bulk_1", 9)
    await frozen("bulk_2", 2)
    loop().wake()
    await advance(0)
    expect(asked.map((one) => one.split(" ")[0])).toEqual([
      ...Array.from({ length: 4 }, () => "bulk_1"),
      "bulk_2",
      "bulk_2",
    ])
    expect(await store.find("bulk_2")).toMatchObject({ state: "done" })
  })

  it("waits while the engine is busy, and asks nothing of the clock while there is nothing to do", async () => {
    busy = true
    loop().wake()
    await advance(10)
    expect(clock.nextAt()).toBeNull()
    await frozen("bulk_1", 1)
    loop().wake()
    await advance(1_200)
    expect(asked).toEqual([])
    busy = false
    await advance(500)
    expect(asked).toHaveLength(1)
  })

  it("waits in a workspace whose starts wait, and goes on in the others", async () => {
    busy = "flooded"
    await frozen("bulk_1", 2, "flooded")
    await frozen("bulk_2", 2)
    loop().wake()
    await advance(0)
    expect(asked).toEqual(["bulk_2 run_1", "bulk_2 run_2"])
    busy = false
    await advance(500)
    expect(asked.slice(2)).toEqual(["bulk_1 run_1", "bulk_1 run_2"])
  })

  it("shares its turns evenly by workspace, however many bulks one of them has", async () => {
    for (let number = 1; number <= 9; number++) await frozen(`bulk_${number}`, 40, "many")
    await frozen("bulk_x", 8, "one")
    loop().wake()
    await advance(0)
    const turns = asked.map((one) => one.split(" ")[0])
    expect([...new Set(turns)]).toEqual(["bulk_1", "bulk_x", "bulk_2"])
    await advance(50)
    expect(await store.find("bulk_x")).toMatchObject({ state: "done", done: 8 })
    asked = []
    await advance(50)
    expect(asked, "alone it has all turns").toHaveLength(limits.turns * limits.batch)
  })

  it("comes to every workspace, though there are more than turns", async () => {
    for (let number = 1; number <= 6; number++) await frozen(`bulk_${number}`, 40, `space_${number}`)
    loop().wake()
    await advance(100)
    const batches = [1, 2, 3, 4, 5, 6].map(
      (n) => asked.filter((one) => one.startsWith(`bulk_${n} `)).length / limits.batch,
    )
    expect(batches).toEqual([2, 2, 2, 2, 2, 2])
  })

  it("asks again later what could not be taken, and keeps what was refused with its reason", async () => {
    await frozen("bulk_1", 3)
    let isFull = true
    outcome = async (runId) => {
      if (runId === "run_2") return isFull ? { kind: "later" } : { kind: "done", newRunId: null }
      return { kind: "refused", code: "run_finished", message: "it has ended" }
    }
    loop().wake()
    await advance(499)
    expect(asked).toHaveLength(3)
    expect(await store.find("bulk_1")).toMatchObject({ state: "running", refused: 2 })
    isFull = false
    await advance(1)
    expect(asked.slice(3)).toEqual(["bulk_1 run_2"])
    expect(await store.find("bulk_1")).toMatchObject({ state: "done", done: 1, refused: 2 })
    expect((await store.items("bulk_1", "refused", 0, 1))[0]).toMatchObject({ code: "run_finished" })
  })

  it("stops where it is paused or aborted, and goes on when it is resumed", async () => {
    await frozen("bulk_1", 9)
    const running = loop()
    running.wake()
    await advance(0)
    await store.move("bulk_1", ["running"], "paused", 0)
    await advance(1_000)
    expect(asked).toHaveLength(4)
    await store.move("bulk_1", ["paused"], "running", 0)
    running.wake()
    await advance(0)
    expect(asked).toHaveLength(8)
    await store.move("bulk_1", ["running"], "aborted", 0)
    await advance(1_000)
    expect(asked).toHaveLength(8)
    expect(await store.find("bulk_1")).toMatchObject({ state: "aborted", done: 8, total: 9 })
  })

  it("goes on after a crash with those of which nothing was remembered", async () => {
    await frozen("bulk_1", 6)
    const settle = store.settle.bind(store)
    store.settle = () => Promise.reject(new Error("the process is gone"))
    const dead = loop()
    dead.wake()
    await advance(0)
    await dead.stop(0)
    store.settle = settle
    loop().wake()
    await advance(100)
    expect(asked).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 5, 6].map((number) => `bulk_1 run_${number}`))
    expect(await store.find("bulk_1")).toMatchObject({ state: "done", done: 6 })
  })

  it("ends within its grace, though a run does not answer", async () => {
    await frozen("bulk_1", 1)
    outcome = () => new Promise(() => {})
    const stuck = loop()
    stuck.wake()
    await advance(0)
    const stopped = stuck.stop(300)
    await advance(300)
    await stopped
    expect(clock.nextAt()).toBeNull()
    expect(await store.find("bulk_1")).toMatchObject({ state: "running", done: 0 })
  })

  it("one run that fails inside keeps no other from its turn", async () => {
    await frozen("bulk_1", 3)
    outcome = async (runId) => {
      if (runId === "run_2") throw new Error("a bug")
      return { kind: "done", newRunId: null }
    }
    loop().wake()
    await advance(100)
    expect(await store.find("bulk_1")).toMatchObject({ state: "done", done: 2, refused: 1 })
    expect((await store.items("bulk_1", "refused", 0, 9))[0]).toMatchObject({ runId: "run_2", code: "internal_error" })
  })

  it("takes up what is left when it is woken in the middle of its last look", async () => {
    const running = loop()
    running.wake()
    const look = store.running.bind(store)
    store.running = async (after, limit) => {
      const found = await look(after, limit)
      store.running = look
      await frozen("bulk_1", 1)
      running.wake()
      return found
    }
    await advance(0)
    expect(asked).toEqual(["bulk_1 run_1"])
  })
})
