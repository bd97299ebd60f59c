/**
 * An array that grows at its end without being copied (rule 12: no copy of the context per event). Each is a view of
 * the first `length` elements of what all that grew from it share; these never change, so an earlier view stays what it
 * was. One that grows from an earlier view, as two branches do from their parent's, copies once.
 */
import type { Json } from "../json.ts"

export class ContextList {
  readonly length: number
  readonly #shared: Json[]

  private constructor(shared: Json[], length: number) {
    this.#shared = shared
    this.length = length
  }

  static of(array: readonly Json[]): ContextList {
    return new ContextList([...array], array.length)
  }

  append(value: Json): ContextList {
    const shared = this.#shared.length === this.length ? this.#shared : this.#shared.slice(0, this.length)
    shared.push(value)
    return new ContextList(shared, shared.length)
  }

  at(index: number): Json | undefined {
    return index < this.length ? this.#shared[index] : undefined
  }

  toArray(): Json[] {
    return this.#shared.slice(0, this.length)
  }
}
