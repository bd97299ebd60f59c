/** A page of a run's timeline as clients read it: lanes and segments come as text, and go out as they came. */
import type { Timeline } from "@waybill/contract"
import type { RunRow, TimelinePage } from "@waybill/engine"

export function timelineText(run: RunRow, page: TimelinePage): string {
  const head: Omit<Timeline, "lanes" | "segments"> = {
    runId: run.runId,
    seq: page.seq,
    total: run.stepCount,
    nextCursor: page.next === null ? null : String(page.next),
  }
  return `${JSON.stringify(head).slice(0, -1)},"lanes":${page.lanes},"segments":${page.segments}}`
}
