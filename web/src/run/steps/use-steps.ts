/**
 * All steps for the table, page after page until the last: what is sorted must be whole. A short run's steps come with
 * their values; of a long one's rows alone, without what lies in the events.
 */
import { useInfiniteQuery } from "@tanstack/react-query"
import type { RunSummary, Step } from "@waybill/contract"
import { useEffect, useMemo } from "react"
import { api } from "../../data/api.ts"
import { hasEnded } from "../../data/run-ended.ts"

const VALUES_A_PAGE = 200
const ROWS_A_PAGE = 1_000
/** Beyond so many pages the rest is left out, and said. */
const PAGES_MAX = 30

export function useSteps({ runId, status, counts }: RunSummary) {
  const isShort = counts.steps <= VALUES_A_PAGE
  const query = useInfiniteQuery({
    queryKey: ["steps", runId, isShort],
    queryFn: ({ pageParam }) =>
      api().runs.steps(runId, {
        limit: isShort ? VALUES_A_PAGE : ROWS_A_PAGE,
        ...(!isShort && { values: false }),
        ...(pageParam !== null && { cursor: pageParam }),
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last, pages) => (pages.length < PAGES_MAX ? last.nextCursor : null),
    structuralSharing: isShort,
    meta: hasEnded(status) ? {} : { live: [`run:${runId}`], liveEveryMs: Math.max(1_000, counts.steps) },
  })
  const { hasNextPage, isFetching, fetchNextPage } = query
  // effect: the next page is wanted as soon as the one before it is there, whatever the reader does.
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage()
  }, [hasNextPage, isFetching, fetchNextPage])
  const steps = useMemo((): readonly Step[] => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data])
  return { query, steps, isWhole: !hasNextPage, isCut: !hasNextPage && query.data?.pages.at(-1)?.nextCursor != null }
}
