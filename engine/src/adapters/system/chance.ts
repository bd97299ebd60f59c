/** Ids and chance of the machine. Ids are ULIDs that rise within a millisecond too (architecture §7). */
import { randomFillSync } from "node:crypto"
import { monotonicFactory } from "ulid"
import type { Chance } from "../../ports/chance.ts"

/** A call of the system's generator costs as much for one salt as for hundreds. */
const drawnBytes = 8_192

export function systemChance(): Chance {
  const draw = randomPool()
  // It wants a fraction a digit and takes five bits of it.
  const ulid = monotonicFactory(() => {
    const { bytes, at } = draw(1)
    return bytes[at]! / 256
  })
  return {
    id: (prefix) => `${prefix}_${ulid()}`,
    fraction: () => Math.random(),
    hex(digits) {
      const wanted = Math.ceil(digits / 2)
      const { bytes, at } = draw(wanted)
      const text = bytes.toString("hex", at, at + wanted)
      // A salt must not lie about in memory.
      bytes.fill(0, at, at + wanted)
      return text.length === digits ? text : text.slice(0, digits)
    },
  }
}

/** Hands out each random byte once: `count` of them from `at`, to be read at once. */
function randomPool(): (count: number) => { readonly bytes: Buffer; readonly at: number } {
  const bytes = Buffer.alloc(drawnBytes)
  let used = drawnBytes
  return (count) => {
    if (used + count > drawnBytes) {
      randomFillSync(bytes)
      used = 0
    }
    const at = used
    used += count
    return { bytes, at }
  }
}
