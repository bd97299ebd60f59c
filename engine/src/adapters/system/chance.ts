/** Ids and chance of the machine. Ids are ULIDs that rise within a millisecond too (architecture §7). */
import { randomBytes } from "node:crypto"
import { monotonicFactory } from "ulid"
import type { Chance } from "../../ports/chance.ts"

export function systemChance(): Chance {
  const ulid = monotonicFactory()
  return {
    id: (prefix) => `${prefix}_${ulid()}`,
    fraction: () => Math.random(),
    hex: (digits) =>
      randomBytes(Math.ceil(digits / 2))
        .toString("hex")
        .slice(0, digits),
  }
}
