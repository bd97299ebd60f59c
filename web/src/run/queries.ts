/** What only the run's page asks. What has ended is asked once: nothing of it moves any more. */
import { queryOptions } from "@tanstack/react-query"
import type { Timeline } from "@waybill/contract"
import { api } from "../data/api.ts"

const live = (runId: string, isOpen: boolean, everyMs: number) =>
  isOpen ? { live: [`run:${runId}`], liveEveryMs: everyMs } : {}

/**
 * All of it, page after page: what is folded and filtered is decided here. `steps`: about how many there are; the more,
 * the less often it is asked for again.
 */
export const timelineQuery = (runId: string, isOpen: boolean, steps = 0) =>
  queryOptions({
    queryKey: ["timeline", runId],
    queryFn: () => wholeTimeline(runId),
    // Ten thousand lanes are drawn anew faster than they are compared.
    structuralSharing: false,
    meta: live(runId, isOpen, Math.max(700, steps / 2)),
  })

const LANES_A_PAGE = 5_000
/** Beyond so many pages the rest is left out, and said. */
const PAGES_MAX = 10

async function wholeTimeline(runId: string): Promise<Timeline> {
  let whole = await api().runs.timeline(runId, { limit: LANES_A_PAGE })
  for (let page = 1; whole.nextCursor !== null && page < PAGES_MAX; page++) {
    const next = await api().runs.timeline(runId, { limit: LANES_A_PAGE, cursor: whole.nextCursor })
    whole = { ...next, lanes: [...whole.lanes, ...next.lanes], segments: [...whole.segments, ...next.segments] }
  }
  return whole
}

/** One step with its attempts, input and output. */
export const stepQuery = (runId: string, stepId: string, isOpen: boolean) =>
  queryOptions({
    queryKey: ["step", runId, stepId],
    queryFn: () => api().runs.step(runId, stepId),
    meta: live(runId, isOpen, 500),
  })

/** What the step added, changed and removed in the context, and who had written what was there. */
export const stepContextQuery = (runId: string, stepId: string, isOpen: boolean) =>
  queryOptions({
    queryKey: ["step-context", runId, stepId],
    queryFn: () => api().runs.stepContext(runId, stepId),
    meta: live(runId, isOpen, 1_000),
  })

export const versionQuery = (workflowId: string, env: string, versionNumber: number) =>
  queryOptions({
    queryKey: ["workflow-version", workflowId, env, versionNumber],
    queryFn: () => api().workflows.version(workflowId, versionNumber, { env }),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const lineageQuery = (runId: string, isOpen: boolean) =>
  queryOptions({
    queryKey: ["lineage", runId],
    queryFn: () => api().runs.lineage(runId),
    meta: live(runId, isOpen, 2_000),
  })

/** What happened once does not change. */
export const eventQuery = (runId: string, seq: number) =>
  queryOptions({
    queryKey: ["event", runId, seq],
    queryFn: async () => (await api().runs.events(runId, { after: seq - 1, limit: 1 })).items[0] ?? null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })
