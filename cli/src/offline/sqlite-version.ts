import { sqliteVersion as ofStore } from "@waybill/server/compose/sqlite-version"

/** Of the library that the store would be opened with. */
export function sqliteVersion(): string {
  return ofStore()
}
