/**
 * The entry of the store's worker threads (`dist/sqlite-reader.js`): a connection of its own that answers lists, that
 * brings the write-ahead log into the database, or that fills the index over values. It never writes the database's rows.
 */
import { parentPort, workerData } from "node:worker_threads"
import Database from "better-sqlite3"
import { QueryTooSlow } from "../../ports/query-too-slow.ts"
import { lowerPriority } from "../low-priority.ts"
import { sqliteCode } from "./errors.ts"
import { configureWriter, openReader } from "./open-database.ts"
import { Reads } from "./queries/reads.ts"
import {
  type CheckpointMode,
  type CheckpointResult,
  monotonicMs,
  type WorkerReply,
  type WorkerRequest,
  type WorkerSetup,
} from "./reader-messages.ts"
import { AttachedSearch } from "./search/search-file.ts"
import { SearchKeeper } from "./search/search-keeper.ts"

/** How long a writer may have to wait for a RESTART that waits for a reader. Stands above what opens the connection. */
const restartWaitMs = 100

const setup = workerData as WorkerSetup
const port = parentPort!
if (setup.kind === "indexer") lowerPriority()
const db = setup.kind === "checkpointer" ? openCheckpointer(setup.path) : openReader(setup.path)
const search = setup.kind === "reader" && setup.alone !== true ? new AttachedSearch(db, setup.path) : null
const keeper = setup.kind === "indexer" ? new SearchKeeper(db, setup.path) : null
const transaction = new BigInt64Array(setup.transaction)
const reads = new Reads(db, setup.secret, undefined, undefined, {
  began: () => Atomics.store(transaction, 0, BigInt(monotonicMs())),
  ended: () => Atomics.store(transaction, 0, 0n),
})

port.on("message", (request: WorkerRequest) => port.postMessage(reply(request)))

function reply(request: WorkerRequest): WorkerReply {
  try {
    return { id: request.id, ok: true, value: perform(request) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { id: request.id, ok: false, message, code: sqliteCode(error), tooSlow: error instanceof QueryTooSlow }
  }
}

function perform(request: WorkerRequest): unknown {
  switch (request.kind) {
    case "read":
      search?.follow()
      return (reads[request.method] as (...args: readonly unknown[]) => unknown).apply(reads, request.args as unknown[])
    case "checkpoint":
      return checkpoint(request.mode)
    case "index":
      return index(keeper!, request)
  }
}

function index(on: SearchKeeper, request: Extract<WorkerRequest, { readonly kind: "index" }>): unknown {
  switch (request.what) {
    case "lacking":
      return on.lacking(...request.args)
    case "refill":
      return on.refill(...request.args)
    default:
      return on[request.what]()
  }
}

function openCheckpointer(path: string): Database.Database {
  const opened = new Database(path, { fileMustExist: true, timeout: restartWaitMs })
  configureWriter(opened, restartWaitMs)
  return opened
}

/** A RESTART keeps writers out: what can be copied beside them is copied before. */
function checkpoint(mode: CheckpointMode): CheckpointResult {
  const passive = copyLog("PASSIVE")
  return mode === "PASSIVE" ? passive : copyLog(mode)
}

function copyLog(mode: CheckpointMode): CheckpointResult {
  const [row] = db.pragma(`wal_checkpoint(${mode})`) as { busy: number; log: number; checkpointed: number }[]
  return { frames: row!.log, done: row!.busy === 0 ? row!.checkpointed : -1 }
}
