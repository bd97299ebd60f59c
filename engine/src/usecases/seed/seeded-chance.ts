/** Ids, salts and chance from a seed: the same history again. ULIDs carry the time of the history, not of its making. */
import type { Random } from "../../core/random.ts"
import type { Chance } from "../../ports/chance.ts"

const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

export function seededChance(random: Random, now: () => number): Chance {
  return {
    id: (prefix) => `${prefix}_${ulid(random, now())}`,
    fraction: () => random.fraction(),
    hex: (count) => random.hex(count),
  }
}

function ulid(random: Random, at: number): string {
  let text = ""
  for (let left = at, count = 0; count < 10; count++, left = Math.floor(left / 32)) text = digits[left % 32] + text
  for (let count = 0; count < 16; count++) text += digits[random.below(32)]
  return text
}
