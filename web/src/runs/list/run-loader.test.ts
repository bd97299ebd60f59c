import type { RunPage, RunSummary } from "@waybill/contract"
import { expect, test } from "vitest"
import { RunLoader, renewedMax } from "./run-loader.ts"

/** A server of runs, newest first, and a clock that goes on when we say so. */
function world(count: number, pageRows = 50) {
  const derived = { partial: false, stalled: false, late: false }
  const runs: { runId: string; seq: number; status: string; derived: RunSummary["derived"] }[] = []
  const start = () => runs.unshift({ runId: `run_${runs.length}`, seq: 1, status: "RUNNING", derived })
  for (let made = 0; made < count; made += 1) start()
  const asked: string[] = []
  const timers: { at: number; run: () => void }[] = []
  let now = 1_000_000
  let broken: Error | null = null
  const loader = new RunLoader({
    askPage: async (cursor): Promise<RunPage> => {
      asked.push(cursor === null ? "first page" : `page after ${cursor}`)
      if (broken) throw broken
      const from = cursor === null ? 0 : runs.findIndex(({ runId }) => runId === cursor) + 1
      const items = runs.slice(from, from + pageRows).map((run) => ({ ...run }) as unknown as RunSummary)
      return { items, nextCursor: from + pageRows < runs.length ? items.at(-1)!.runId : null }
    },
    askRuns: async (ids) => {
      asked.push(`${ids.length} runs`)
      return runs.filter(({ runId }) => ids.includes(runId)).map((run) => ({ ...run }) as unknown as RunSummary)
    },
    now: () => now,
    setTimer: (run, ms) => timers.push({ at: now + ms, run }),
  })
  return {
    loader,
    asked,
    start,
    end(runId: string) {
      const run = runs.find((one) => one.runId === runId)!
      Object.assign(run, { seq: run.seq + 1, status: "COMPLETED" })
      loader.take([runId])
    },
    break: (error: Error | null) => {
      broken = error
    },
    async pass(ms: number) {
      await settle()
      for (const end = now + ms; ; ) {
        const due = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
        if (due === undefined) {
          now = end
          return
        }
        timers.splice(timers.indexOf(due), 1)
        now = Math.max(now, due.at)
        due.run()
        await settle()
      }
    },
    ids: () => loader.get().data!.ids,
    status: (id: string) => loader.get().data!.rows.get(id)?.status,
  }
}

async function settle() {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve()
}

test("rows stay where they are while new runs are counted, and are shown when somebody asks", async () => {
  const { loader, start, ids, pass } = world(120)
  loader.subscribe(() => {})
  await pass(1_000)
  const before = ids()
  expect(before).toHaveLength(50)
  loader.look(0, 20)
  start()
  start()
  loader.take(["run_120", "run_121"])
  await pass(600)
  expect(ids()).toBe(before)
  expect(loader.get().data!.fresh).toEqual(["run_121", "run_120"])
  loader.show()
  await pass(0)
  expect(ids().slice(0, 3)).toEqual(["run_121", "run_120", "run_119"])
  expect(loader.get().data!.fresh).toEqual([])
})

test("a run that moves is renewed in its place; one out of sight when it comes into view", async () => {
  const { loader, end, status, pass, asked, ids } = world(120)
  loader.subscribe(() => {})
  await pass(0)
  loader.more()
  await pass(0)
  loader.look(60, 80)
  expect(ids()).toHaveLength(100)
  asked.length = 0
  end(ids()[70]!)
  end(ids()[95]!)
  await pass(600)
  expect(asked).toEqual(["first page", "1 runs"])
  expect(status(ids()[70]!)).toBe("COMPLETED")
  expect(status(ids()[95]!)).toBe("RUNNING")
  loader.look(80, 99)
  await pass(600)
  expect(status(ids()[95]!)).toBe("COMPLETED")
})

test("two hundred runs that move all the time cost two questions each half second", async () => {
  const { loader, end, pass, asked, ids } = world(300)
  loader.subscribe(() => {})
  await pass(0)
  for (let page = 0; page < 5; page += 1) {
    loader.more()
    await pass(0)
  }
  loader.look(100, 100 + renewedMax)
  asked.length = 0
  for (let tick = 0; tick < 100; tick += 1) {
    for (const id of ids().slice(50, 250)) end(id)
    await pass(100)
  }
  expect(asked.length).toBeLessThanOrEqual(2 * 21)
  expect(asked.length).toBeGreaterThan(20)
})

test("nothing is asked twice at once, and nothing after the last page", async () => {
  const { loader, pass, asked } = world(70)
  loader.subscribe(() => {})
  loader.start()
  loader.more()
  await pass(0)
  loader.more()
  loader.more()
  await pass(0)
  loader.more()
  await pass(0)
  expect(asked).toEqual(["first page", "page after run_20"])
})

test("a server that is away leaves the rows there; afterwards the list goes on where it was", async () => {
  const world_ = world(70)
  const { loader, pass, ids } = world_
  loader.subscribe(() => {})
  await pass(0)
  world_.break(new Error("gone"))
  loader.more()
  await pass(0)
  expect(loader.get().error).toBeInstanceOf(Error)
  expect(ids()).toHaveLength(50)
  loader.more()
  await pass(0)
  world_.break(null)
  loader.retry()
  await pass(0)
  expect(loader.get().error).toBe(null)
  expect(ids()).toHaveLength(70)
})

test("a list of nothing shows the first run as soon as it is there", async () => {
  const { loader, start, pass, ids } = world(0)
  loader.subscribe(() => {})
  await pass(0)
  expect(ids()).toEqual([])
  start()
  loader.take(["run_0"])
  await pass(600)
  expect(ids()).toEqual(["run_0"])
})

test("a long way down only the rows around the view are held, and come back with it", async () => {
  const { loader, pass, ids, status } = world(3_000)
  loader.subscribe(() => {})
  await pass(0)
  while (loader.get().data!.next !== null) {
    const end = ids().length
    loader.look(end - 20, end)
    loader.more()
    await pass(0)
  }
  expect(ids()).toHaveLength(3_000)
  expect(loader.get().data!.rows.size).toBeLessThan(1_300)
  expect(status("run_2990")).toBe(undefined)
  loader.look(0, 20)
  await pass(600)
  expect(status("run_2990")).toBe("RUNNING")
})

test("without messages the list is asked anew as a whole, and says when nobody answers", async () => {
  const world_ = world(70)
  const { loader, pass, ids, status } = world_
  loader.subscribe(() => {})
  await pass(0)
  loader.look(0, 20)
  world_.end(ids()[3]!)
  world_.break(new Error("gone"))
  await expect(loader.renewAll()).rejects.toThrow("gone")
  expect(loader.get().error).toBeInstanceOf(Error)
  expect(status(ids()[3]!)).toBe("RUNNING")
  world_.break(null)
  world_.start()
  await pass(5_600)
  expect(loader.get().error).toBe(null)
  expect(ids()).toHaveLength(50)
  expect(status(ids()[3]!)).toBe("COMPLETED")
  expect(loader.get().data!.fresh).toEqual(["run_70"])
})
