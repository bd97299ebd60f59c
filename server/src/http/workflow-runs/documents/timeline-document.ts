/** A page of a run's timeline as clients read it. */
import type { Timeline } from "@waybill/contract"
import type { RunRow, TimelinePage } from "@waybill/engine"
import { rfc3339, rfc3339OrNull } from "../../shared/time.ts"

export function timelineDocument(run: RunRow, page: TimelinePage): Timeline {
  return {
    runId: run.runId,
    seq: page.seq,
    total: run.stepCount,
    nextCursor: page.next === null ? null : String(page.next),
    lanes: page.lanes.map((lane) => ({
      ...lane,
      index: lane.index as number[] | null,
      from: rfc3339(lane.from),
      to: rfc3339OrNull(lane.to),
    })),
    segments: page.segments.map((one) => ({ ...one, from: rfc3339(one.from), to: rfc3339OrNull(one.to) })),
  }
}
