import { queryOptions } from "@tanstack/react-query"
import { api } from "../../data/api.ts"
import { type BulkAsk, bodyOf } from "./cohort.ts"

/** A preview keeps nothing, so its reason is nobody's. */
const NO_REASON = "a look before"

export const bulkPreviewQuery = (ask: BulkAsk) =>
  queryOptions({
    queryKey: ["bulk-preview", ask],
    queryFn: () => api().bulk.preview(bodyOf(ask, NO_REASON)),
    gcTime: 0,
    staleTime: 0,
  })

const WHILE_RUNNING_MS = 600

export const bulkQuery = (bulkId: string) =>
  queryOptions({
    queryKey: ["bulk", bulkId],
    queryFn: () => api().bulk.get(bulkId),
    refetchInterval: ({ state }) => (state.data?.state === "running" ? WHILE_RUNNING_MS : false),
  })

export type ItemState = "refused" | "done" | "waiting"
export const ITEMS_SHOWN = 200

export const bulkItemsQuery = (bulkId: string, state: ItemState) =>
  queryOptions({
    queryKey: ["bulk", bulkId, "items", state],
    queryFn: () => api().bulk.items(bulkId, { state, limit: ITEMS_SHOWN }),
    staleTime: 0,
  })
