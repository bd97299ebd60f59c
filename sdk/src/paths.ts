/** Paths that several groups of routes have. */
export const run = (runId: string) => `/workflow-runs/${encodeURIComponent(runId)}`
