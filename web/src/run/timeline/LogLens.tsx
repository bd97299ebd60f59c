import type { RunSummary } from "@waybill/contract"
import { useSetSearch } from "../../page/navigation.ts"
import { QuestionNote } from "../../page/QuestionNote.tsx"
import type { RunSearch } from "../../paths.ts"
import { EventsTable } from "../events/EventsTable.tsx"
import { useEvents } from "../events/use-events.ts"
import type { RunTimeline } from "./timeline.ts"

/** What happened, one after the other; a line of a step leads to the step. */
export function LogLens({ run, timeline, search }: { run: RunSummary; timeline: RunTimeline; search: RunSearch }) {
  const setSearch = useSetSearch<RunSearch>()
  const events = useEvents(run, undefined)
  return (
    <>
      <QuestionNote error={events.error} what="The events" hasAnswer={events.isLoaded} onRetry={events.retry} />
      {(events.isLoaded || events.error === null) && (
        <EventsTable
          label="Log of events"
          events={events.items}
          zero={timeline.from}
          nameOf={(stepId) => timeline.byId.get(stepId)?.name}
          onOpen={({ stepId, seq }) =>
            stepId === null
              ? setSearch({ tab: "events", event: seq })
              : setSearch({ step: stepId, attempt: undefined }, { replace: search.step !== undefined })
          }
          onEnd={events.hasMore ? events.more : undefined}
          busy={events.isLoading}
          footer={events.isLoadingMore ? <p className="px-3 py-1.5 text-muted">Loading more…</p> : undefined}
          empty={<p className="px-3 py-6 text-center text-muted">Loading…</p>}
        />
      )}
    </>
  )
}
