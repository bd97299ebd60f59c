/** Large values at hand, least recently used ones dropped first (rule 20). What is not here is read from the store. */
import type { Json } from "../core/json.ts"

export class BlobCache {
  readonly #values = new Map<string, { readonly value: Json; readonly bytes: number }>()
  readonly #bytesMax: number
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get(hash: string): Json | undefined {
    const found = this.#values.get(hash)
    if (found === undefined) return undefined
    this.#values.delete(hash)
    this.#values.set(hash, found)
    return found.value
  }

  set(hash: string, value: Json, bytes: number): void {
    const before = this.#values.get(hash)
    if (before !== undefined) this.#bytes -= before.bytes
    this.#values.delete(hash)
    this.#values.set(hash, { value, bytes })
    this.#bytes += bytes
    for (const [oldest, { bytes: freed }] of this.#values) {
      if (this.#bytes <= this.#bytesMax || oldest === hash) return
      this.#values.delete(oldest)
      this.#bytes -= freed
    }
  }
}
