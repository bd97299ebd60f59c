/**
 * Statuses as they are counted and stacked: by what they ask of a person. The groups are the tabs over the list and the
 * legend of the histogram; single statuses are chosen in the query or its facet.
 */
import type { RunStatus } from "@waybill/contract"
import type { Tone } from "../ui/tone.ts"
import { valuesOf, withValues } from "./query/edit.ts"
import { runFields } from "./query/fields.ts"

export type StatusCounts = { readonly [status in RunStatus]?: number }

export interface StatusGroup {
  readonly id: string
  readonly label: string
  readonly tone: Tone
  readonly statuses: readonly RunStatus[]
}

/** In the order in which they are stacked, from the ground up. */
export const statusGroups = [
  { id: "failed", label: "Failed", tone: "failed", statuses: ["FAILED", "TIMED_OUT"] },
  { id: "waiting", label: "Waiting", tone: "waiting", statuses: ["WAITING_APPROVAL", "WAITING_SIGNAL", "PAUSED"] },
  { id: "running", label: "Running", tone: "running", statuses: ["RUNNING", "PENDING"] },
  { id: "completed", label: "Completed", tone: "completed", statuses: ["COMPLETED"] },
  { id: "cancelled", label: "Cancelled", tone: "quiet", statuses: ["CANCELLED"] },
] as const satisfies readonly StatusGroup[]

export function countOf(group: StatusGroup, counts: StatusCounts): number {
  return group.statuses.reduce((sum, status) => sum + (counts[status] ?? 0), 0)
}

export function totalOf(counts: StatusCounts): number {
  return statusGroups.reduce((sum, group) => sum + countOf(group, counts), 0)
}

const words = (group: StatusGroup) => group.statuses.map((status) => status.toLowerCase())

export interface AskedGroup {
  /** `all` when the query asks for no status; null for a choice across groups. */
  readonly id: string | null
  /** Only some of the group's statuses are asked for. */
  readonly isPart: boolean
}

/** The group that the query asks for. */
export function groupOf(query: string): AskedGroup {
  const asked = new Set(valuesOf(query, runFields.status).map((word) => word.toLowerCase()))
  if (asked.size === 0) return { id: "all", isPart: false }
  const group = statusGroups.find((one) => [...asked].every((word) => words(one).includes(word)))
  if (group === undefined) return { id: null, isPart: false }
  return { id: group.id, isPart: asked.size < group.statuses.length }
}

/** Asks for a group alone; for all, when it was asked for already. */
export function withGroup(query: string, id: string): string {
  const group = statusGroups.find((one) => one.id === id)
  const now = groupOf(query)
  const isTakenBack = group === undefined || (now.id === id && !now.isPart)
  return withValues(query, runFields.status, isTakenBack ? [] : words(group))
}
