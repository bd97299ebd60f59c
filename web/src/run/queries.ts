/** What only the run's page asks. What has ended is asked once: nothing of it moves any more. */
import { queryOptions } from "@tanstack/react-query"
import type { StepPage, Timeline } from "@waybill/contract"
import { api } from "../data/api.ts"

const live = (runId: string, isOpen: boolean, everyMs: number) =>
  isOpen ? { live: [`run:${runId}`], liveEveryMs: everyMs } : {}

/** All of it, page after page: what is folded and filtered is decided here. */
export const timelineQuery = (runId: string, isOpen: boolean) =>
  queryOptions({
    queryKey: ["timeline", runId],
    queryFn: () => wholeTimeline(runId),
    // Ten thousand lanes are drawn anew faster than they are compared.
    structuralSharing: false,
    meta: live(runId, isOpen, 700),
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

const ROWS_A_PAGE = 1_000
const VALUES_A_PAGE = 200

/** All steps for the table. A short run's come whole; of a long one's rows alone, without what is in the events. */
export const stepsQuery = (runId: string, count: number, isOpen: boolean) =>
  queryOptions({
    queryKey: ["steps", runId, count <= VALUES_A_PAGE],
    queryFn: () => (count <= VALUES_A_PAGE ? api().runs.steps(runId, { limit: VALUES_A_PAGE }) : allRows(runId)),
    structuralSharing: count <= VALUES_A_PAGE,
    meta: live(runId, isOpen, 1_000),
  })

async function allRows(runId: string): Promise<StepPage> {
  let whole = await api().runs.steps(runId, { limit: ROWS_A_PAGE, values: false })
  for (let page = 1; whole.nextCursor !== null && page < PAGES_MAX * 2; page++) {
    const next = await api().runs.steps(runId, { limit: ROWS_A_PAGE, values: false, cursor: whole.nextCursor })
    whole = { ...next, items: [...whole.items, ...next.items] }
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
