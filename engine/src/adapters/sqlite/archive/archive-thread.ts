/** The archive's thread, seen from the engine's: started by the first question, again after it has died or hangs. */
import { Worker } from "node:worker_threads"
import { threadEntry } from "../../thread-entry.ts"
import type { ArchiveCallName, ArchiveCalls, ArchiveReply, ArchiveRequest, ArchiveSetup } from "./messages.ts"

const code = { here: import.meta.url, name: "sqlite-archive", of: "the archive's thread" }

/** A question that is not answered by then is given up, with its thread. */
const deadlineMs = 120_000

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

export class ArchiveThread {
  readonly #setup: () => ArchiveSetup
  readonly #onDied: () => void
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | null = null
  #next = 1
  #isClosed = false

  /**
   * @param setup asked at each start
   * @param onDied what it held in its room is gone
   */
  constructor(setup: () => ArchiveSetup, onDied: () => void) {
    this.#setup = setup
    this.#onDied = onDied
  }

  ask<N extends ArchiveCallName>(name: N, ...args: Parameters<ArchiveCalls[N]>): Promise<ReturnType<ArchiveCalls[N]>> {
    if (this.#isClosed) return Promise.reject(new Error("the store is closed"))
    return new Promise<unknown>((resolve, reject) => {
      const id = this.#next++
      const timer = setTimeout(() => this.#died(worker, new Error(`it did not answer in ${deadlineMs} ms`)), deadlineMs)
      const worker = this.#start()
      this.#waiting.set(id, { resolve, reject, timer })
      worker.ref()
      worker.postMessage({ id, name, args } satisfies ArchiveRequest)
    }) as Promise<ReturnType<ArchiveCalls[N]>>
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const worker = this.#worker
    this.#worker = null
    this.#fail(new Error("the store is closed"))
    await worker?.terminate()
  }

  #start(): Worker {
    if (this.#worker !== null) return this.#worker
    const worker = new Worker(threadEntry(code), { workerData: this.#setup() })
    worker.on("message", (reply: ArchiveReply) => this.#answered(worker, reply))
    worker.on("error", (error) => this.#died(worker, error))
    worker.on("exit", () => this.#died(worker, new Error("it ended")))
    this.#worker = worker
    return worker
  }

  #answered(worker: Worker, reply: ArchiveReply): void {
    if (this.#worker !== worker) return
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    // An idle thread does not keep the process alive.
    if (this.#waiting.size === 0) worker.unref()
    clearTimeout(waiting?.timer)
    if (reply.ok) waiting?.resolve(reply.value)
    else waiting?.reject(new Error(reply.message))
  }

  #died(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return
    this.#worker = null
    void worker.terminate()
    this.#onDied()
    this.#fail(new Error(`the archive's thread died: ${error instanceof Error ? error.message : String(error)}`))
  }

  #fail(error: Error): void {
    const open = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { reject, timer } of open) {
      clearTimeout(timer)
      reject(error)
    }
  }
}
