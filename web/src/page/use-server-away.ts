import { useQueryClient } from "@tanstack/react-query"
import { useSyncExternalStore } from "react"
import { isUnanswered } from "../data/problem-words.ts"

/** Whether something that this page shows was asked for and nobody answered: it is said once, above the page. */
export function useServerAway(): boolean {
  const cache = useQueryClient().getQueryCache()
  return useSyncExternalStore(
    (listener) => cache.subscribe(listener),
    () => cache.getAll().some((query) => isUnanswered(query.state.error) && query.isActive()),
  )
}
