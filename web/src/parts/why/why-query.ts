import { queryOptions } from "@tanstack/react-query"
import { api } from "../../data/api.ts"

/** `isOpen`: the run may still move. What is said of a finished one (who else failed alike) is asked anew with the page. */
export const whyQuery = (runId: string, isOpen: boolean) =>
  queryOptions({
    queryKey: ["why", runId],
    queryFn: () => api().runs.why(runId),
    meta: isOpen ? { live: [`run:${runId}`], liveEveryMs: 500 } : {},
  })
