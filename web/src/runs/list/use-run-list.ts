import { useQuery, useQueryClient } from "@tanstack/react-query"
import { useState, useSyncExternalStore } from "react"
import { useLive } from "../../live/use-live.ts"
import type { AskedRuns } from "./asked.ts"
import { runLoader } from "./loaders.ts"
import type { RunListData } from "./run-list.ts"
import type { RunListState, RunLoader } from "./run-loader.ts"

export interface ShownRuns extends RunListState {
  readonly loader: RunLoader
  /** The rows are those of the question before: the new ones are on their way, or did not come. */
  readonly isBefore: boolean
}

/** The one subscription of the page's list: to its loader, which hears of what moves. */
export function useRunList(asked: AskedRuns): ShownRuns {
  const loader = runLoader(useQueryClient(), asked)
  const state = useSyncExternalStore(loader.subscribe, loader.get)
  const [last, setLast] = useState<RunListData | null>(state.data)
  if (state.data !== null && state.data !== last) setLast(state.data)
  useLive(null, (messages) => messages && loader.take(messages.map(({ runId }) => runId)))
  // For the times without messages: polled while the connection is away, asked once when it has lost its place.
  useQuery({
    queryKey: ["run-list-renewed", asked],
    queryFn: () => loader.renewAll().then(() => Date.now()),
    initialData: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    meta: { live: [] },
  })
  return { ...state, data: state.data ?? last, isBefore: state.data === null && last !== null, loader }
}
