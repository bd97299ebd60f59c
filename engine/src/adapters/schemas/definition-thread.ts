/**
 * Reads definitions: short ones at once, long ones on a thread of their own, which is started when it is first needed and
 * ended when nobody has needed it for a while. Reading 200 KB of YAML takes a third of a second, which no run should wait for.
 */
import { Worker } from "node:worker_threads"
import {
  type DefinitionRead,
  type DefinitionText,
  type ReadingTools,
  readDefinitionText,
} from "../../core/definition/read-text.ts"
import type { DefinitionReader } from "../../ports/definition-reader.ts"
import { threadEntry } from "../thread-entry.ts"

const code = { here: import.meta.url, name: "definition-reader", of: "the thread that reads definitions" }

export interface DefinitionThreadOptions {
  /** Characters from which a text is read aside: below, reading takes some milliseconds. */
  readonly asideFrom?: number
  /** No text that is let in takes nearly as long. */
  readonly answerMs?: number
  readonly idleMs?: number
}

interface Waiting {
  readonly resolve: (read: DefinitionRead) => void
  readonly reject: (error: Error) => void
  readonly deadline: NodeJS.Timeout
}

export class DefinitionThread implements DefinitionReader {
  readonly #tools: ReadingTools
  readonly #options: Required<DefinitionThreadOptions>
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | null = null
  #idle: NodeJS.Timeout | null = null
  #next = 1
  #closed = false

  /** @param tools for what is read here */
  constructor(tools: ReadingTools, options: DefinitionThreadOptions = {}) {
    this.#tools = tools
    this.#options = { asideFrom: 8_192, answerMs: 60_000, idleMs: 60_000, ...options }
  }

  get started(): boolean {
    return this.#worker !== null
  }

  read(asked: DefinitionText): DefinitionRead | Promise<DefinitionRead> {
    if (asked.text.length < this.#options.asideFrom) return readDefinitionText(asked, this.#tools)
    if (this.#closed) return Promise.reject(new Error("the reader of definitions is closed"))
    return new Promise((resolve, reject) => {
      const id = this.#next++
      const deadline = setTimeout(
        () => this.#end(new Error("reading a definition took too long")),
        this.#options.answerMs,
      )
      this.#waiting.set(id, { resolve, reject, deadline })
      this.#start().postMessage({ id, asked })
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#end(new Error("the reader of definitions is closed"))
  }

  #start(): Worker {
    if (this.#idle !== null) clearTimeout(this.#idle)
    this.#idle = null
    if (this.#worker !== null) return this.#worker
    const worker = new Worker(threadEntry(code), { resourceLimits: { maxOldGenerationSizeMb: 512 } })
    worker.on("message", ({ id, read }: { readonly id: number; readonly read: DefinitionRead }) => this.#read(id, read))
    worker.on("error", (error) => this.#died(worker, error))
    worker.on("exit", () => this.#died(worker, new Error("it ended")))
    // Who waits keeps the process alive; the thread alone does not.
    worker.unref()
    this.#worker = worker
    return worker
  }

  #read(id: number, read: DefinitionRead): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    clearTimeout(waiting?.deadline)
    waiting?.resolve(read)
    if (this.#waiting.size > 0) return
    this.#idle = setTimeout(() => void this.#end(new Error("idle")), this.#options.idleMs).unref()
  }

  #died(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return
    void this.#end(
      new Error(`the thread that reads definitions died: ${error instanceof Error ? error.message : error}`),
    )
  }

  async #end(error: Error): Promise<void> {
    const worker = this.#worker
    this.#worker = null
    if (this.#idle !== null) clearTimeout(this.#idle)
    this.#idle = null
    const open = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { reject, deadline } of open) {
      clearTimeout(deadline)
      reject(error)
    }
    await worker?.terminate()
  }
}
