/** Ids and chance of the machine. Ids are ULIDs that rise within a millisecond too (architecture §7). */
import { randomFillSync } from "node:crypto"
import { monotonicFactory } from "ulid"
import type { Chance } from "../../ports/chance.ts"

/** Asking the system byte by byte cost 0.3 ms a run; it is asked for so many at once. */
const POOL_BYTES = 8_192

export function systemChance(): Chance {
  const pool = new Uint8Array(POOL_BYTES)
  let used = POOL_BYTES
  const nextByte = () => {
    if (used === POOL_BYTES) {
      randomFillSync(pool)
      used = 0
    }
    return pool[used++]!
  }
  // A digit of an id is five bits, which a byte holds evenly.
  const ulid = monotonicFactory(() => nextByte() / 256)
  return {
    id: (prefix) => `${prefix}_${ulid()}`,
    fraction: () => Math.random(),
    hex(digits) {
      let text = ""
      while (text.length < digits) text += hexBytes[nextByte()]
      return text.slice(0, digits)
    },
  }
}

const hexBytes: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"))
