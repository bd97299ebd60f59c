/** The threads that answer lists: a heavy question never holds up a run, nor, with two of them, every other question. */

import type { Reads } from "./queries/reads.ts"
import type { ReadMethod } from "./reader-messages.ts"
import { ReaderThread, type ReaderThreadOptions } from "./reader-thread.ts"

export class ReaderPool {
  readonly #threads: readonly ReaderThread[]

  /** @param alone there is nothing beside the database: runs out of the archive */
  constructor(path: string, secret: string, size: number, options: ReaderThreadOptions = {}, alone = false) {
    const setup = { kind: "reader", path, secret, alone } as const
    this.#threads = Array.from({ length: size }, () => new ReaderThread(setup, options))
  }

  read<M extends ReadMethod>(method: M, ...args: Parameters<Reads[M]>): Promise<ReturnType<Reads[M]>> {
    return this.#free().ask({ kind: "read", method, args }) as Promise<ReturnType<Reads[M]>>
  }

  /** For looks through everything: always on the last thread, so that lists have the first. */
  readAside<M extends ReadMethod>(method: M, ...args: Parameters<Reads[M]>): Promise<ReturnType<Reads[M]>> {
    const last = this.#threads[this.#threads.length - 1]!
    return last.ask({ kind: "read", method, args }) as Promise<ReturnType<Reads[M]>>
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()))
  }

  /** The least busy; one that runs already before one that would have to be started. */
  #free(): ReaderThread {
    const cost = (thread: ReaderThread) => thread.load * 2 + (thread.started ? 0 : 1)
    return this.#threads.reduce((best, thread) => (cost(thread) < cost(best) ? thread : best))
  }
}
