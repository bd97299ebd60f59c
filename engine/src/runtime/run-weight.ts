/** What a run weighs, from what its encoded forms weigh: for snapshots, slices of a fold, batches and the memory's bound. */
import type { EncodedEvent } from "../core/run/chain.ts"

/** What a stored event weighs besides its payload: header, hashes, index entries. */
const headerBytes = 400

export function eventWeight({ payload }: EncodedEvent): number {
  return payload.length + headerBytes
}

/** In memory: a bound for the LRU, not an accounting. */
export function memoryWeight(baseBytes: number, eventBytes: number): number {
  return 8_192 + 3 * baseBytes + 2 * eventBytes
}
