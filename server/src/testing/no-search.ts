/** A search that never finds anything. */
import type { Search } from "@waybill/engine"

export const noSearch: Search = {
  find: async () => ({ ok: true, hits: [] }),
  behind: () => 0,
  archivedBehind: () => 0,
  cut: () => 0,
  stop: async () => {},
}
