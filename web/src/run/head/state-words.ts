import type { RunSummary } from "@waybill/contract"

/** What the engine's reason adds to the status; what the status says already is not said twice. */
const words: Readonly<Record<string, string>> = {
  initializing: "about to start",
  retry_backoff: "waits to try again",
  timer: "waits for its time",
  finalizing: "cleans up",
  concurrency: "waits for its turn",
  cancelling: "is being cancelled",
  timing_out: "is out of time",
  rejected: "rejected",
  superseded: "a newer run took its place",
  child: "waits for a child run",
}

export function stateWords({ reason, derived }: Pick<RunSummary, "reason" | "derived">): string | undefined {
  if (derived.partial) return "in part"
  if (derived.stalled) return "stalled: its agent is not heard of"
  const said = reason === null ? undefined : words[reason]
  return derived.late ? [said, "late"].filter(Boolean).join(", ") : said
}
