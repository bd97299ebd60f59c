/**
 * What the agents of a run logged, page after page, oldest first. While the run is open it is asked each second what has
 * come behind the last line: lines are no events, so nothing tells of them.
 */
import { useQuery } from "@tanstack/react-query"
import type { RunLogLine, RunSummary } from "@waybill/contract"
import { api } from "../../data/api.ts"
import { hasEnded } from "../../data/run-ended.ts"
import { grown, type Lines, nothingYet } from "./lines.ts"

const PAGE = 500
const LOOK_EVERY_MS = 1_000
/** Lines are stored a moment behind the run they belong to. */
const STORED_WITHIN_MS = 3_000

export interface LogQuestion {
  readonly level: RunLogLine["level"]
  readonly stepId?: string
}

export interface Logs {
  readonly items: readonly RunLogLine[]
  readonly isLoaded: boolean
  readonly isLoading: boolean
  readonly error: unknown
  readonly hasMore: boolean
  readonly more: () => void
}

export function useLogs({ runId, status, completedAt }: RunSummary, { level, stepId }: LogQuestion): Logs {
  const queryKey = ["logs", runId, level, stepId ?? null]
  const query = useQuery<Lines>({
    queryKey,
    queryFn: async ({ client }) => {
      const before = client.getQueryData<Lines>(queryKey) ?? nothingYet
      return grown(before, await api().runs.logs(runId, { after: before.after, level, stepId, limit: PAGE }))
    },
    // Lines that are there do not change.
    structuralSharing: false,
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.hasMore || isSettled(status, completedAt, Date.now()) ? false : LOOK_EVERY_MS,
  })
  const { items, hasMore } = query.data ?? nothingYet
  return {
    items,
    hasMore,
    isLoaded: query.data !== undefined,
    isLoading: query.isPending,
    error: query.error,
    more: () => void query.refetch({ cancelRefetch: false }),
  }
}

function isSettled(status: RunSummary["status"], completedAt: string | null, now: number): boolean {
  return hasEnded(status) && completedAt !== null && now - Date.parse(completedAt) > STORED_WITHIN_MS
}
