/**
 * One worker thread of the store, seen from the engine's thread: started by the first question, started again after it
 * has died. A question that was open then fails; reading again is its asker's choice.
 *
 * A reader is watched (rule 29): one whose read transaction does not end, or whose question does not, is given up and
 * replaced. Its asker is told so; those that waited behind are answered by the next one. A thread that is given up ends
 * with the statement it is in, which nothing can interrupt; a few may be ending at a time.
 */
import { Worker } from "node:worker_threads"
import { QueryTooSlow } from "../../ports/query-too-slow.ts"
import { threadEntry } from "../thread-entry.ts"
import { isDamageCode } from "./errors.ts"
import {
  monotonicMs,
  type WorkerCall,
  type WorkerReply,
  type WorkerRequest,
  type WorkerSetup,
} from "./reader-messages.ts"

const code = { here: import.meta.url, name: "sqlite-reader", of: "the store's threads" }

/** A question that could not be answered. `code`: SQLite's, when it was its. */
export class ReadError extends Error {
  readonly code: string | null
  constructor(message: string, code: string | null) {
    super(message)
    this.name = "ReadError"
    this.code = code
  }
}

export interface ReaderPatience {
  /** Far beyond what a transaction may take, which it ends itself; this is for those that nobody foresaw. */
  readonly transactionMs: number
  /** A question may be many short transactions, as the context of a long run is. */
  readonly questionMs: number
  readonly lookEveryMs: number
  /** Threads that are ending; beyond it no other is started. */
  readonly endingMax: number
}

export const defaultReaderPatience: ReaderPatience = {
  transactionMs: 2_000,
  questionMs: 60_000,
  lookEveryMs: 250,
  endingMax: 4,
}

export interface ReaderThreadOptions {
  readonly patience?: ReaderPatience
  /** A reader was given up. */
  readonly onGivenUp?: (message: string) => void
  /** Something that a question looked at is not what was written. */
  readonly onDamage?: () => void
}

interface Waiting {
  readonly call: WorkerCall
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

export class ReaderThread {
  readonly #setup: WorkerSetup
  readonly #patience: ReaderPatience
  readonly #onGivenUp: (message: string) => void
  readonly #onDamage: () => void
  /** In the order in which they are answered: the first is being asked. */
  readonly #waiting = new Map<number, Waiting>()
  readonly #ending = new Set<Promise<unknown>>()
  #transaction: BigInt64Array = new BigInt64Array(1)
  #worker: Worker | null = null
  #next = 1
  #firstSince = 0
  #watch: NodeJS.Timeout | null = null
  #closed = false

  constructor(setup: Omit<WorkerSetup, "transaction">, options: ReaderThreadOptions = {}) {
    this.#setup = { ...setup, transaction: new SharedArrayBuffer(0) }
    this.#patience = options.patience ?? defaultReaderPatience
    this.#onGivenUp = options.onGivenUp ?? (() => {})
    this.#onDamage = options.onDamage ?? (() => {})
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
    if (this.#worker === null && this.#ending.size >= this.#patience.endingMax)
      return Promise.reject(new QueryTooSlow("readers are still busy with questions that took too long"))
    return new Promise((resolve, reject) => {
      const id = this.#next
      this.#next += 1
      if (this.#waiting.size === 0) this.#firstSince = monotonicMs()
      this.#waiting.set(id, { call, resolve, reject })
      const worker = this.#start()
      worker.ref()
      worker.postMessage({ ...call, id } satisfies WorkerRequest)
      this.#watchWhileAsked()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    const worker = this.#worker
    this.#worker = null
    this.#fail(new ReadError("the store is closed", null))
    await Promise.all([worker?.terminate(), ...this.#ending])
  }

  #start(): Worker {
    if (this.#worker !== null) return this.#worker
    const transaction = new SharedArrayBuffer(8)
    this.#transaction = new BigInt64Array(transaction)
    const worker = new Worker(threadEntry(code), { workerData: { ...this.#setup, transaction } satisfies WorkerSetup })
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
    this.#firstSince = monotonicMs()
    // An idle reader does not keep the process alive.
    if (this.#waiting.size === 0) worker.unref()
    if (!reply.ok && reply.code !== null && isDamageCode(reply.code)) this.#onDamage()
    if (reply.ok) waiting?.resolve(reply.value)
    else waiting?.reject(reply.tooSlow ? new QueryTooSlow() : new ReadError(reply.message, reply.code))
  }

  #watchWhileAsked(): void {
    if (this.#setup.kind !== "reader" || this.#watch !== null) return
    this.#watch = setInterval(() => {
      if (this.#waiting.size === 0) {
        clearInterval(this.#watch!)
        this.#watch = null
      } else this.#look()
    }, this.#patience.lookEveryMs).unref()
  }

  #look(): void {
    const now = monotonicMs()
    const open = Number(Atomics.load(this.#transaction, 0))
    const { transactionMs, questionMs } = this.#patience
    if (open > 0 && now - open > transactionMs) this.#giveUp(`a read transaction is open for ${now - open} ms`)
    else if (now - this.#firstSince > questionMs) this.#giveUp(`a question is asked for ${now - this.#firstSince} ms`)
  }

  #giveUp(why: string): void {
    const worker = this.#worker
    const [first, ...behind] = this.#waiting
    if (worker === null || first === undefined) return
    this.#worker = null
    const ended: Promise<unknown> = worker.terminate().finally(() => this.#ending.delete(ended))
    this.#ending.add(ended)
    const [id, { call, reject }] = first
    this.#waiting.delete(id)
    this.#onGivenUp(`${why}: ${call.kind === "read" ? call.method : call.kind}; its reader is replaced`)
    reject(new QueryTooSlow())
    this.#askAgain(behind)
  }

  /** Those behind one that took too long had no part in it. */
  #askAgain(behind: readonly (readonly [number, Waiting])[]): void {
    if (behind.length === 0) return
    if (this.#ending.size >= this.#patience.endingMax) {
      this.#fail(new QueryTooSlow("readers are still busy with questions that took too long"))
      return
    }
    this.#firstSince = monotonicMs()
    const worker = this.#start()
    for (const [id, { call }] of behind) worker.postMessage({ ...call, id } satisfies WorkerRequest)
  }

  #died(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return
    this.#worker = null
    // What a thread threw has lost its class on the way.
    const { message } = error as { readonly message?: unknown }
    this.#fail(new ReadError(`a reader's thread died: ${String(message ?? error)}`, null))
  }

  #fail(error: Error): void {
    const open = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const waiting of open) waiting.reject(error)
  }
}
