/**
 * One worker thread of the store, seen from the engine's thread: started by the first question, started again after it
 * has died. A question that was open then fails; reading again is its asker's choice.
 */
import { Worker } from "node:worker_threads"
import { readerEntry } from "./reader-entry-file.ts"
import type { WorkerCall, WorkerReply, WorkerRequest, WorkerSetup } from "./reader-messages.ts"

/** A question that could not be answered. `code`: SQLite's, when it was its. */
export class ReadError extends Error {
  readonly code: string | null
  constructor(message: string, code: string | null) {
    super(message)
    this.name = "ReadError"
    this.code = code
  }
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

export class ReaderThread {
  readonly #setup: WorkerSetup
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | null = null
  #next = 1
  #closed = false

  constructor(setup: WorkerSetup) {
    this.#setup = setup
  }

  /** Questions without an answer. */
  get load(): number {
    return this.#waiting.size
  }

  get started(): boolean {
    return this.#worker !== null
  }

  ask(call: WorkerCall): Promise<unknown> {
    if (this.#closed) return Promise.reject(new ReadError("the store is closed", null))
    return new Promise((resolve, reject) => {
      const id = this.#next
      this.#next += 1
      this.#waiting.set(id, { resolve, reject })
      const worker = this.#start()
      worker.ref()
      worker.postMessage({ ...call, id } satisfies WorkerRequest)
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    const worker = this.#worker
    this.#worker = null
    this.#fail(new ReadError("the store is closed", null))
    await worker?.terminate()
  }

  #start(): Worker {
    if (this.#worker !== null) return this.#worker
    const worker = new Worker(readerEntry(), { workerData: this.#setup })
    worker.on("message", (reply: WorkerReply) => this.#answered(worker, reply))
    worker.on("error", (error) => this.#died(worker, error))
    worker.on("exit", () => this.#died(worker, new Error("it ended")))
    this.#worker = worker
    return worker
  }

  #answered(worker: Worker, reply: WorkerReply): void {
    // One that is being ended keeps the process alive until it has: somebody waits for that.
    if (this.#worker !== worker) return
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    // An idle reader does not keep the process alive.
    if (this.#waiting.size === 0) worker.unref()
    if (reply.ok) waiting?.resolve(reply.value)
    else waiting?.reject(new ReadError(reply.message, reply.code))
  }

  #died(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return
    this.#worker = null
    this.#fail(new ReadError(`a reader's thread died: ${error instanceof Error ? error.message : String(error)}`, null))
  }

  #fail(error: Error): void {
    const open = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const waiting of open) waiting.reject(error)
  }
}
