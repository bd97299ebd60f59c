import type { RunStatus } from "@waybill/contract"

const ended: ReadonlySet<string> = new Set<RunStatus>(["COMPLETED", "FAILED", "CANCELLED", "TIMED_OUT"])

/** Nothing happens to it any more: what was read of it stays true. */
export const hasEnded = (status: string): boolean => ended.has(status)
