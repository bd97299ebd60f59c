/** The context of the run at any event: what stood there, who wrote it, and what the event changed. */
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import type { ContextAt, RunSummary } from "@waybill/contract"
import { useMemo, useState } from "react"
import { hasEnded } from "../../data/run-ended.ts"
import { useKeys } from "../../keys/use-keys.ts"
import { Loaded } from "../../page/Loaded.tsx"
import { useSetSearch } from "../../page/navigation.ts"
import type { RunSearch } from "../../paths.ts"
import { useAhead } from "../../ui/form/use-ahead.ts"
import { JsonDiff } from "../../ui/json/JsonDiff.tsx"
import { JsonTree } from "../../ui/json/JsonTree.tsx"
import { useStepNames } from "../use-step-names.ts"
import { clampSeq, nextChange, pathOfPointer, rootWriters } from "./context-at.ts"
import { EventLine } from "./EventLine.tsx"
import { changeQuery, changesQuery, contextQuery } from "./queries.ts"
import { Scrubber } from "./Scrubber.tsx"
import { useSettled } from "./use-settled.ts"

/** A drag asks for where it rests. */
const RESTS_MS = 120

export function ContextTab({ run, search }: { run: RunSummary; search: RunSearch }) {
  const setSearch = useSetSearch<RunSearch>()
  const [drag, setDrag] = useState<number>()
  const [wanted, want] = useAhead(search.at, (at) => setSearch({ at }, { replace: true }))
  const at = clampSeq(drag ?? wanted ?? run.seq, run.seq)
  const asked = useSettled(at, RESTS_MS)
  const context = useQuery({ ...contextQuery(run.runId, asked), placeholderData: keepPreviousData })
  const change = useQuery({ ...changeQuery(run.runId, asked), placeholderData: keepPreviousData })
  const changes = useQuery(changesQuery(run.runId, !hasEnded(run.status)))
  const names = useStepNames(run)
  const seqs = changes.data?.seqs ?? []

  function go(to: number | undefined) {
    if (to === undefined) return
    setDrag(undefined)
    const seq = clampSeq(to, run.seq)
    want(seq === run.seq ? undefined : seq)
  }
  useKeys("Run", {
    "[": { label: "The event before", run: () => go(at - 1), refused: at === 1 ? "This is the first event" : null },
    "]": { label: "The event after", run: () => go(at + 1), refused: at === run.seq ? "This is the last event" : null },
    "{": { label: "The change before", run: () => go(nextChange(seqs, at, -1)) },
    "}": { label: "The change after", run: () => go(nextChange(seqs, at, 1)) },
  })

  return (
    <div className="flex flex-col gap-3 pt-3">
      <Scrubber at={at} last={run.seq} changes={seqs} isCut={changes.data?.isCut ?? false} onDrag={setDrag} onGo={go} />
      <EventLine runId={run.runId} at={asked} zero={Date.parse(run.startedAt ?? run.createdAt)} names={names} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(20rem,40%)]">
        <section aria-label="Context" className="min-w-0 rounded-md border bg-surface p-3">
          <h2 className="mb-2 font-semibold">Context</h2>
          <Loaded query={context} what="The context">
            {(data) => <Value context={data} changed={change.data?.changes} names={names} />}
          </Loaded>
        </section>
        <section aria-label="What this event changed" className="min-w-0 rounded-md border bg-surface p-3">
          <h2 className="mb-2 font-semibold">What this event changed</h2>
          <Loaded query={change} what="The change">
            {({ changes: list, truncated }) => (
              <JsonDiff
                label="Against the event before"
                changes={list}
                truncated={truncated}
                root="ctx"
                none={
                  asked === 1
                    ? "With the first event the context begins: it is the input."
                    : "Nothing in the run's own context."
                }
              />
            )}
          </Loaded>
          <Scopes scopes={context.data?.scopes ?? []} />
        </section>
      </div>
    </div>
  )
}

type ValueProps = {
  readonly context: ContextAt
  readonly changed: readonly { readonly pointer: string; readonly op: "added" | "removed" | "changed" }[] | undefined
  readonly names: ReadonlyMap<string, string>
}

function Value({ context, changed, names }: ValueProps) {
  const writers = useMemo(() => rootWriters(context.writers), [context])
  const marks = useMemo(() => new Map((changed ?? []).map(({ pointer, op }) => [pointer, op])), [changed])
  return (
    <JsonTree
      value={context.value}
      label="Context"
      root="ctx"
      openDepth={3}
      changed={marks}
      note={(pointer) => {
        const writer = writers.get(pathOfPointer(pointer))
        if (writer === undefined) return null
        return <span className="ml-2 font-sans text-2xs text-faint">written by {names.get(writer) ?? writer}</span>
      }}
    />
  )
}

/** Branches and items have contexts of their own until their holder has its result. */
function Scopes({ scopes }: { scopes: ContextAt["scopes"] }) {
  const written = scopes.filter(
    ({ value }) => typeof value === "object" && value !== null && Object.keys(value).length > 0,
  )
  if (written.length === 0) return null
  return (
    <div className="mt-4 flex flex-col gap-2 border-t pt-3">
      <h3 className="text-xs font-medium">In branches and items that are open here</h3>
      {written.slice(0, SCOPES_SHOWN).map(({ scope, branchPath, value }) => (
        <div key={scope}>
          <p className="text-mono text-muted">{branchPath}</p>
          <JsonTree value={value} label={branchPath} bare openDepth={1} />
        </div>
      ))}
      {written.length > SCOPES_SHOWN && <p className="text-muted">and {written.length - SCOPES_SHOWN} more</p>}
    </div>
  )
}

const SCOPES_SHOWN = 10
