/** The trail of the run as it is stored: filtered, searched, looked into, and taken away as a file. */
import type { Event, RunSummary } from "@waybill/contract"
import { useDeferredValue, useMemo, useState } from "react"
import { useSetSearch } from "../../page/navigation.ts"
import { notify } from "../../page/notify.ts"
import { QuestionNote } from "../../page/QuestionNote.tsx"
import type { RunSearch } from "../../paths.ts"
import { Button } from "../../ui/Button.tsx"
import { FacetSelect } from "../../ui/choice/FacetSelect.tsx"
import { SearchBox } from "../../ui/form/SearchBox.tsx"
import { useStepNames } from "../use-step-names.ts"
import { WithAside } from "../WithAside.tsx"
import { EventPanel } from "./EventPanel.tsx"
import { EventsTable } from "./EventsTable.tsx"
import { eventTypes } from "./event-types.ts"
import { matchingEvents } from "./matching.ts"
import { saveEvents } from "./save-events.ts"
import { useEvents } from "./use-events.ts"

export function EventsTab({ run, search }: { run: RunSummary; search: RunSearch }) {
  const setSearch = useSetSearch<RunSearch>()
  const events = useEvents(run, search.types)
  const names = useStepNames(run)
  const [words, setWords] = useState("")
  const wanted = useDeferredValue(words)
  const shown = useMemo(() => matchingEvents(events.items, wanted, names), [events.items, wanted, names])
  const zero = Date.parse(run.startedAt ?? run.createdAt)
  return (
    <WithAside
      title={`Event ${search.event ?? ""}`}
      aside={search.event !== undefined && <EventPanel run={run} seq={search.event} names={names} />}
      onClose={() => setSearch({ event: undefined })}
    >
      <div className="flex flex-wrap items-center gap-2 py-2">
        <SearchBox label="Search in the events" value={words} onChange={setWords} className="w-64" />
        <FacetSelect
          label="Type"
          choices={eventTypes.map((value) => ({ value, label: value }))}
          selected={search.types ?? []}
          onChange={(types) => setSearch({ types: types.length === 0 ? undefined : types }, { replace: true })}
        />
        <span role="status" className="text-muted">
          {events.isLoaded && summary(shown.length, events.items.length, events.hasMore)}
        </span>
        <SaveButton run={run} types={search.types} />
      </div>
      <QuestionNote error={events.error} what="The events" hasAnswer={events.isLoaded} onRetry={events.retry} />
      {(events.isLoaded || events.error === null) && (
        <EventsTable
          label="Events"
          events={shown}
          zero={zero}
          nameOf={(stepId) => names.get(stepId)}
          focused={search.event === undefined ? undefined : String(search.event)}
          onOpen={(event: Event) => setSearch({ event: event.seq }, { replace: search.event !== undefined })}
          onEnd={events.hasMore ? events.more : undefined}
          busy={events.isLoading}
          footer={events.isLoadingMore ? <p className="px-3 py-1.5 text-muted">Loading more…</p> : undefined}
          empty={<p className="px-3 py-6 text-center text-muted">{events.isLoaded ? nothing(words) : "Loading…"}</p>}
        />
      )}
    </WithAside>
  )
}

const nothing = (words: string) => (words === "" ? "No event of these types." : "Nothing of what is loaded matches.")

function summary(shown: number, loaded: number, hasMore: boolean): string {
  const all = `${loaded.toLocaleString("en")}${hasMore ? "+" : ""} events`
  return shown === loaded ? all : `${shown.toLocaleString("en")} of ${all}`
}

function SaveButton({ run, types }: { run: RunSummary; types: readonly string[] | undefined }) {
  const [count, setCount] = useState<number>()
  async function save() {
    setCount(0)
    try {
      const saved = await saveEvents(run.runId, types, setCount)
      notify.done(`${saved.toLocaleString("en")} events were saved`)
    } catch (error) {
      notify.failed("The events were not saved", error)
    } finally {
      setCount(undefined)
    }
  }
  return (
    <Button icon="download" busy={count !== undefined} onClick={() => void save()} className="ml-auto">
      {count === undefined ? "Export JSON" : `${count.toLocaleString("en")} events`}
    </Button>
  )
}
