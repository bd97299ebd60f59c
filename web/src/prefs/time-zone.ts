/** Times are shown in the zone of this machine, or in UTC, as the API and the logs write them. */
import { preference } from "./preference.ts"

export const timeZones = ["local", "utc"] as const
export type TimeZone = (typeof timeZones)[number]

export const timeZone = preference<TimeZone>("time-zone", (stored) => (stored === "utc" ? "utc" : "local"))

/** `Europe/Berlin` or `UTC`, for `Intl`. */
export function zoneName(zone: TimeZone): string {
  return zone === "utc" ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone
}
