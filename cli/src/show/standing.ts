/** What people have made of a run, in one line. */
import type { RunStanding } from "@waybill/contract"
import type { Style } from "./style.ts"

/** `superseded by run_…`, `wont_fix by user:ann: a test run`; null where there is nothing to resolve. */
export function resolutionText(resolution: RunStanding["resolution"]): string | null {
  if (resolution === null) return null
  const { state, by, reason, runId } = resolution
  if (runId !== null) return `${state} by ${runId}`
  return `${state}${by === null ? "" : ` by ${by}`}${reason === null ? "" : `: ${reason}`}`
}

/** `run_… · tags vip, q1 · owner user:ann · wont_fix …` */
export function standingLine(style: Style, { runId, tags, owner, resolution }: RunStanding): string {
  const parts = [
    tags.length === 0 ? "no tags" : `tags ${tags.join(", ")}`,
    owner === null ? "no owner" : `owner ${owner}`,
    resolutionText(resolution),
  ]
  return `${style.bold(runId)} · ${parts.filter((part) => part !== null).join(" · ")}\n`
}
