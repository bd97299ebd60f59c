import type { RunSummary } from "@waybill/contract"

/** A row far from the view is known by its id alone; it is asked for again when it comes into view. */
export type RunRow = RunSummary | { readonly runId: string; readonly status?: undefined }

export const isHeld = (row: RunRow): row is RunSummary => row.status !== undefined

export const idOfRow = (row: RunRow): string => row.runId
