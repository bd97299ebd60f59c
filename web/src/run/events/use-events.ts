/** The events of a run, page after page, oldest first; while the run is open, what is added comes by itself. */
import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query"
import type { Event, EventPage, RunSummary } from "@waybill/contract"
import { useMemo } from "react"
import { api } from "../../data/api.ts"
import { hasEnded } from "../../data/run-ended.ts"
import { useLive } from "../../live/use-live.ts"

const PAGE = 200

export type Events = {
  readonly items: readonly Event[]
  readonly isLoading: boolean
  /** There was an answer: an empty list means that there are none. */
  readonly isLoaded: boolean
  readonly isLoadingMore: boolean
  readonly error: unknown
  /** There are more behind the last one. */
  readonly hasMore: boolean
  readonly more: () => void
  readonly retry: () => void
}

export function useEvents({ runId, status }: RunSummary, types: readonly string[] | undefined): Events {
  const query = useInfiniteQuery({
    queryKey: ["events", runId, types ?? null],
    queryFn: ({ pageParam }) => api().runs.events(runId, { after: pageParam, type: types, limit: PAGE }),
    initialPageParam: 0,
    // Behind the last event there may be another at any time: the next page begins there.
    getNextPageParam: (_last: EventPage, pages: readonly EventPage[]) => lastSeq(pages),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const isFull = query.data?.pages.at(-1)?.nextCursor != null
  const more = () => {
    if (!query.isFetching) void query.fetchNextPage()
  }
  // Only what is at the end is added to: whoever reads further up is asked for nothing.
  useLive(hasEnded(status) ? "" : runId, () => {
    if (!isFull) more()
  })
  const items = useMemo(() => joined(query.data), [query.data])
  return {
    items,
    isLoading: query.isPending,
    isLoaded: query.data !== undefined,
    isLoadingMore: query.isFetchingNextPage,
    error: query.error,
    hasMore: isFull,
    more,
    retry: () => void query.refetch(),
  }
}

function lastSeq(pages: readonly EventPage[]): number {
  return pages.findLast((page) => page.items.length > 0)?.items.at(-1)?.seq ?? 0
}

function joined(data: InfiniteData<EventPage> | undefined): readonly Event[] {
  return data?.pages.flatMap((page) => page.items) ?? []
}
