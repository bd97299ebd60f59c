/** Ids and chance of the machine. Ids are ULIDs that rise within a millisecond too (architecture §7). */
import { randomFillSync } from "node:crypto"
import { monotonicFactory } from "ulid"
import type { Chance } from "../../ports/chance.ts"

/** A call of the system's generator costs as much for one salt as for hundreds. */
const drawnBytes = 8_192

export function systemChance(): Chance {
  const ulid = monotonicFactory()
  return {
    id: (prefix) => `${prefix}_${ulid()}`,
    fraction: () => Math.random(),
    hex: hexDigits(),
  }
}

/** Hands out each random byte once. */
function hexDigits(): Chance["hex"] {
  const drawn = Buffer.alloc(drawnBytes)
  let used = drawnBytes
  return (digits) => {
    const wanted = Math.ceil(digits / 2)
    if (used + wanted > drawnBytes) {
      randomFillSync(drawn)
      used = 0
    }
    const text = drawn.toString("hex", used, used + wanted)
    // What was handed out as a salt must not lie about in memory.
    drawn.fill(0, used, used + wanted)
    used += wanted
    return text.length === digits ? text : text.slice(0, digits)
  }
}
