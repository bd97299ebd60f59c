import type { RunSummary } from "@waybill/contract"

/** What a run failed at, or what it waits for, in one line; the rest is on its page. */
export function runWords({ error, blockedOn, lastState, completedAt }: RunSummary): string {
  if (error !== null) return error.step === undefined ? error.detail : `${error.step}: ${error.detail}`
  const [first] = blockedOn
  if (first !== undefined) return first.name === null ? `waits: ${first.kind}` : `${first.kind} at ${first.name}`
  return completedAt === null && lastState != null ? `at ${lastState}` : ""
}
