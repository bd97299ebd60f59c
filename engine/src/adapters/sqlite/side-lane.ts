/**
 * Writes that are no run's: definitions, marks, late results, maintenance. They go through the one writer, each in a
 * transaction of its own, and only when the turn of the event loop is over, so that commits of runs go first (rule 29).
 */
import type { Writer } from "./writer.ts"

/** A side write that is not stored. `unknown`: nobody can say; the process must not go on (rule 3). */
export class SideWriteError extends Error {
  readonly kind: "refused" | "unknown"
  readonly code: string
  constructor(kind: "refused" | "unknown", code: string, message: string) {
    super(message)
    this.name = "SideWriteError"
    this.kind = kind
    this.code = code
  }
}

export class SideLane {
  readonly #writer: Writer
  #queue: (() => void)[] = []
  #armed = false

  constructor(writer: Writer) {
    this.#writer = writer
  }

  /** Durable when the promise is fulfilled. An error that `work` throws undoes it and comes out as it is. */
  write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queue.push(() => this.#perform(work, resolve, reject))
      this.#arm()
    })
  }

  /** All that is queued, now: before closing. */
  drain(): void {
    while (this.#queue.length > 0) this.#queue.shift()!()
  }

  #arm(): void {
    if (this.#armed) return
    this.#armed = true
    setImmediate(() => {
      this.#armed = false
      this.#queue.shift()?.()
      if (this.#queue.length > 0) this.#arm()
    })
  }

  #perform<T>(work: () => T, resolve: (value: T) => void, reject: (error: unknown) => void): void {
    let own: { readonly error: unknown } | null = null
    const outcome = this.#writer.transaction(
      () => {
        try {
          return work()
        } catch (error) {
          own = { error }
          throw error
        }
      },
      (value) => ({ kind: "done", value }) as const,
    )
    if (outcome.kind === "done") resolve(outcome.value)
    else if (outcome.kind === "unknown") reject(new SideWriteError("unknown", "unknown", outcome.message))
    else if (own !== null) reject((own as { readonly error: unknown }).error)
    else reject(new SideWriteError("refused", outcome.code, outcome.message))
  }
}
