/**
 * The entry of the archive's thread (`dist/sqlite-archive.js`): reads finished runs, makes Parquet of them and looks
 * whether what came back is right. The store is only read; it writes the room of runs that are looked at.
 */
import { parentPort, workerData } from "node:worker_threads"
import { lowerPriority } from "../../low-priority.ts"
import { openReader } from "../open-database.ts"
import { packBatch, packWithout, readBatch } from "./batch-files.ts"
import { type Gathered, gather } from "./gather.ts"
import type { ArchiveCalls, ArchiveReply, ArchiveRequest, ArchiveSetup } from "./messages.ts"
import { columnsOf, RoomDatabase } from "./room-database.ts"

type Answers = {
  readonly [N in keyof ArchiveCalls]: (...args: Parameters<ArchiveCalls[N]>) => Promise<ReturnType<ArchiveCalls[N]>>
}

const setup = workerData as ArchiveSetup
const port = parentPort!
lowerPriority()
const db = openReader(setup.path)
const room = new RoomDatabase(setup.room)
const head = db.prepare<[string, string], { seq: number; headHash: string }>(
  `SELECT seq, head_hash AS "headHash" FROM workflow_runs
   WHERE run_key = (SELECT run_key FROM workflow_run_keys WHERE run_id = ?)
   UNION ALL SELECT seq, head_hash FROM retention_seals WHERE run_id = ? LIMIT 1`,
)
const headOf = (runId: string) => head.get(runId, runId) ?? null
let gathered: Gathered | null = null

const answers: Answers = {
  async gather(call) {
    gathered = gather(db, call)
    return gathered === null ? null : { blobs: gathered.blobs, attached: gathered.attached }
  },
  async pack(blobs, attached) {
    if (gathered === null) throw new Error("nothing was gathered")
    const packed = packBatch(gathered, (table) => columnsOf(db, table), blobs, attached)
    gathered = null
    return packed
  },
  async check(batch, contents) {
    return (await readBatch(batch, contents, headOf)).check
  },
  async fill(batch, contents) {
    const { check, read } = await readBatch(batch, contents, headOf)
    return { findings: check.findings, replaced: read === null ? [] : room.fill(batch.batchId, read) }
  },
  async without(batch, contents, runId, at) {
    const { check, read } = await readBatch(batch, contents, headOf)
    const columns = (table: string) => columnsOf(db, table)
    if (read === null) return { findings: check.findings, wasIn: false, left: null }
    const wasIn = read.manifest.runs.some((run) => run.runId === runId)
    return { findings: [], wasIn, left: wasIn ? packWithout(batch, read, runId, at, columns) : null }
  },
  async drop(batchId) {
    room.drop(batchId)
  },
  async holding(runId) {
    return room.with(runId)
  },
  async blobs(hashes) {
    return room.blobs(hashes)
  },
}

let turn: Promise<unknown> = Promise.resolve()
/** One after the other: what is gathered waits for its packing. */
port.on("message", (request: ArchiveRequest) => {
  turn = turn.then(async () => port.postMessage(await reply(request)))
})

async function reply({ id, name, args }: ArchiveRequest): Promise<ArchiveReply> {
  try {
    const value = await (answers[name] as (...args: readonly unknown[]) => Promise<unknown>)(...args)
    return { id, ok: true, value }
  } catch (error) {
    return { id, ok: false, message: error instanceof Error ? error.message : String(error) }
  }
}
