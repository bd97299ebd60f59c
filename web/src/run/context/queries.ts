import { queryOptions } from "@tanstack/react-query"
import { api } from "../../data/api.ts"

/** At an event nothing moves any more: what was read of it stays true, whatever the run does. */
const forEver = { staleTime: Number.POSITIVE_INFINITY, gcTime: 60_000 }

export const contextQuery = (runId: string, at: number) =>
  queryOptions({ queryKey: ["context", runId, at], queryFn: () => api().runs.context(runId, { at }), ...forEver })

/** Against the event before. */
export const changeQuery = (runId: string, at: number) =>
  queryOptions({
    queryKey: ["context-change", runId, at],
    queryFn: () => api().runs.contextDiff(runId, { from: Math.max(1, at - 1), to: at }),
    ...forEver,
  })

const CHANGES_A_PAGE = 200

/** The first events that wrote into the context: where the marks of the slider stand. */
export const changesQuery = (runId: string, isOpen: boolean) =>
  queryOptions({
    queryKey: ["context-changes", runId],
    queryFn: async () => {
      const page = await api().runs.events(runId, { type: "context.written", limit: CHANGES_A_PAGE })
      return { seqs: page.items.map(({ seq }) => seq), isCut: page.nextCursor !== null }
    },
    meta: isOpen ? { live: [`run:${runId}`], liveEveryMs: 1_000 } : {},
  })
