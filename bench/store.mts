/**
 * What does the store cost by itself? Commits of three-step runs with the full trail (21 events, 3 step rows, the run row
 * written 4 times) by the number of runs a batch, the writer on the engine's thread; what handing the same batches to a
 * thread would add; then reads of one run and lists. Durability: WAL, synchronous=FULL, one sync a batch.
 * `-- --scale 2` doubles the runs of a commit line and those that the lists are asked over.
 */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs"
import { cpus, tmpdir } from "node:os"
import { join } from "node:path"
import { MessageChannel } from "node:worker_threads"
import { FileBlobs } from "@waybill/engine/adapters/blobs/files"
import { blobFolder, openSqlite, type SqliteData } from "@waybill/engine/adapters/sqlite/open"
import type { RunCommit } from "@waybill/engine/ports/store"
import { noFilter, type RunFilter, type RunSort } from "../engine/src/core/views/run-query.ts"
import { operationsRun } from "../engine/src/testing/builders/run-history.ts"
import { benchOptions } from "./lib/options.ts"

const { scaled } = benchOptions()
const [runsPerLine, runsInLists] = [scaled(12_000), scaled(100_000)]
const folder = mkdtempSync(join(tmpdir(), "waybill-bench-"))

interface CommitLine {
  readonly "runs a batch": number
  readonly "runs/s": number
  readonly "events/s": number
  readonly "CPU µs/run": number
  readonly "batch p50 ms": number
  readonly "batch p99 ms": number
  readonly "bytes/run": number
}

console.log(`${cpus().length} cores, fdatasync of 40 KiB p50 ${syncMedian()} µs, ${runsPerLine} runs a line`)
console.table(await commitLines())
console.log("handing a batch to a thread and no more (structured clone, both ends)")
console.table([await handOver(64)])
const filled = await fill(runsInLists)
console.log(`${runsInLists} runs in the store: reads on the engine's thread`)
console.table(await points(filled))
console.log("lists and counts on a reader's thread, 50 a page, first and tenth page")
console.table(await lists(filled))
await filled.close()
rmSync(folder, { recursive: true, force: true })

function open(name: string): SqliteData {
  const at = join(folder, name)
  return openSqlite({ folder: at, blobs: new FileBlobs(blobFolder(at)), port: null, readers: 1 })
}

/** Steps of the runs of a batch go together, as they do when many runs are in flight. */
function batchesOf(from: number, size: number): readonly (readonly RunCommit[])[] {
  const runs = Array.from({ length: size }, (_, index) => {
    const number = from + index
    return operationsRun(`run_01${String(number).padStart(24, "0")}`, 1_700_000_000_000 + number * 40, 3, {
      workflowId: `workflow-${number % 20}`,
      environment: number % 100 === 0 ? "prod" : "default",
      actor: `user:${number % 5}`,
      executionNumber: number + 1,
    })
  })
  return runs[0]!.map((_, step) => runs.map((commits) => commits[step]!))
}

async function commitLines(): Promise<readonly CommitLine[]> {
  const lines: CommitLine[] = []
  for (const size of [1, 8, 64, 256]) {
    const data = open(`commit-${size}`)
    const count = size === 1 ? Math.min(runsPerLine, 2_000) : runsPerLine
    const times: number[] = []
    let cpu = 0
    for (let done = 0; done < count; done += size) {
      const batches = batchesOf(done, size)
      const before = process.cpuUsage()
      for (const batch of batches) {
        const from = performance.now()
        const outcome = await data.store.commit(batch)
        if (outcome.kind !== "durable") throw new Error(outcome.message)
        times.push(performance.now() - from)
      }
      const spent = process.cpuUsage(before)
      cpu += spent.user + spent.system
      // Lets the checkpointer's thread answer, as a server's loop would.
      await new Promise((resolve) => setImmediate(resolve))
    }
    const seconds = times.reduce((sum, time) => sum + time, 0) / 1_000
    await data.close()
    const bytes = statSync(join(folder, `commit-${size}`, "waybill.db")).size
    lines.push({
      "runs a batch": size,
      "runs/s": Math.round(count / seconds),
      "events/s": Math.round((count * 21) / seconds),
      "CPU µs/run": Math.round(cpu / count),
      "batch p50 ms": at(times, 0.5),
      "batch p99 ms": at(times, 0.99),
      "bytes/run": Math.round(bytes / count),
    })
  }
  return lines
}

async function handOver(size: number) {
  const { port1, port2 } = new MessageChannel()
  const rounds = 40
  const all = Array.from({ length: rounds }, (_, round) => batchesOf(round * size, size)).flat()
  const before = process.cpuUsage()
  let arrived = 0
  await new Promise<void>((resolve) => {
    port2.on("message", () => {
      arrived += 1
      if (arrived === all.length) resolve()
    })
    for (const batch of all) port1.postMessage(batch)
  })
  const spent = process.cpuUsage(before)
  port1.close()
  return { "runs a batch": size, "CPU µs/run": Math.round((spent.user + spent.system) / (rounds * size)) }
}

async function fill(count: number): Promise<SqliteData> {
  const data = open("lists")
  for (let done = 0; done < count; done += 500) {
    const outcome = await data.store.commit(batchesOf(done, Math.min(500, count - done)).flat())
    if (outcome.kind !== "durable") throw new Error(outcome.message)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return data
}

async function points(data: SqliteData) {
  const runId = (index: number) => `run_01${String((index * 7_919) % runsInLists).padStart(24, "0")}`
  const asks: readonly (readonly [string, (index: number) => Promise<unknown>])[] = [
    ["run by id", (index) => data.queries.run(runId(index))],
    ["its steps", (index) => data.queries.steps(runId(index), 0, 100)],
    ["its events (21)", (index) => data.queries.events(runId(index), { after: 0, types: [], limit: 100 })],
    ["load for the engine", (index) => data.store.load(runId(index), "none")],
    ["feed, 100 events", (index) => data.queries.since(index * 50, 100)],
  ]
  const lines = []
  for (const [what, ask] of asks) {
    const times: number[] = []
    for (let index = 0; index < 2_000; index += 1) {
      const from = performance.now()
      await ask(index)
      times.push((performance.now() - from) * 1_000)
    }
    lines.push({ what, "p50 µs": at(times, 0.5), "p99 µs": at(times, 0.99) })
  }
  return lines
}

async function lists(data: SqliteData) {
  const middle = 1_700_000_000_000 + runsInLists * 20
  const asks: readonly (readonly [string, Partial<RunFilter>, RunSort])[] = [
    ["all, newest first", {}, "-startedAt"],
    ["one status", { status: ["COMPLETED"] }, "-startedAt"],
    ["no such status", { status: ["FAILED"] }, "-startedAt"],
    ["one workflow", { workflowId: ["workflow-7"] }, "-startedAt"],
    ["workflow and rare environment", { workflowId: ["workflow-0"], environment: ["prod"] }, "-startedAt"],
    ["workflow and no such environment", { workflowId: ["workflow-1"], environment: ["prod"] }, "-startedAt"],
    ["ten minutes in the middle", { from: middle, to: middle + 600_000 }, "-startedAt"],
    ["by duration", {}, "-duration"],
    ["by duration, one workflow", { workflowId: ["workflow-3"] }, "duration"],
    ["an id in full", { q: `run_01${"5".padStart(24, "0")}` }, "-startedAt"],
    ["text that is rare", { q: "000000000004242" }, "-startedAt"],
  ]
  const lines = []
  for (const [what, part, sort] of asks) {
    const filter = { ...noFilter, ...part }
    const times: number[] = []
    let total = ""
    for (let round = 0; round < 5; round += 1) {
      let cursor: string | null = null
      for (let page = 0; page < 10; page += 1) {
        const from = performance.now()
        const listed = await data.queries.runs({
          workspaceId: "default",
          now: Date.now(),
          filter,
          sort,
          cursor,
          limit: 50,
        })
        if (!listed.ok) throw new Error(listed.message)
        if (page === 0 || page === 9) times.push(performance.now() - from)
        if (page === 0) total = `${listed.page.total?.value}${listed.page.total?.exact ? "" : "+"}`
        cursor = listed.page.nextCursor
        if (cursor === null) break
      }
    }
    lines.push({ what, order: sort, total, "p50 ms": at(times, 0.5), "max ms": at(times, 1) })
  }
  return lines
}

function at(times: number[], part: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return Number(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!.toPrecision(3))
}

function syncMedian(): number {
  const file = join(folder, "sync")
  const handle = openSync(file, "w")
  const times: number[] = []
  for (let index = 0; index < 100; index += 1) {
    writeSync(handle, Buffer.alloc(40_960, index))
    const from = performance.now()
    fdatasyncSync(handle)
    times.push((performance.now() - from) * 1_000)
  }
  closeSync(handle)
  return at(times, 0.5)
}
