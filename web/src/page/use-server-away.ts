import { useQueryClient } from "@tanstack/react-query"
import { useSyncExternalStore } from "react"
import { isAway } from "../data/problem-words.ts"

/** Why something that this page shows could not be answered, or null: it is said once, above the page. */
export function useServerAway(): Error | null {
  const cache = useQueryClient().getQueryCache()
  return useSyncExternalStore(
    (listener) => cache.subscribe(listener),
    () => cache.getAll().find((query) => isAway(query.state.error) && query.isActive())?.state.error ?? null,
  )
}
