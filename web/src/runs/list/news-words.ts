import type { RunListData } from "./run-list.ts"

/** `12 new`, `50+ new, 3 gone`; null when the list is as the server has it. */
export function newsWords({ fresh, freshIsLeast, gone }: Pick<RunListData, "fresh" | "freshIsLeast" | "gone">) {
  const parts = [
    fresh.length > 0 && `${fresh.length}${freshIsLeast ? "+" : ""} new`,
    gone > 0 && (fresh.length > 0 ? `${gone} gone` : `${gone} no longer ${gone === 1 ? "matches" : "match"}`),
  ].filter((part) => part !== false)
  return parts.length === 0 ? null : parts.join(", ")
}
