/** What the run's agents logged: by level, searched, looked into, and added to while it goes on. */
import type { RunLogLine, RunSummary } from "@waybill/contract"
import { useDeferredValue, useMemo, useState } from "react"
import { hasEnded } from "../../data/run-ended.ts"
import { useSetSearch } from "../../page/navigation.ts"
import { QuestionNote } from "../../page/QuestionNote.tsx"
import type { logLevels, RunSearch } from "../../paths.ts"
import { SearchBox } from "../../ui/form/SearchBox.tsx"
import { Segments } from "../../ui/Segments.tsx"
import { rowHeights } from "../../ui/table/column.ts"
import { VirtualTable } from "../../ui/table/VirtualTable.tsx"
import { useFits } from "../use-fits.ts"
import { useStepNames } from "../use-step-names.ts"
import { WithAside } from "../WithAside.tsx"
import { LogLineView } from "./LogLineView.tsx"
import { matchingLines } from "./lines.ts"
import { logColumns, narrowLogColumns } from "./log-columns.tsx"
import { useLogs } from "./use-logs.ts"

const levels = [
  { value: "debug", label: "All" },
  { value: "info", label: "Info" },
  { value: "warn", label: "Warnings" },
  { value: "error", label: "Errors" },
] as const satisfies readonly { readonly value: (typeof logLevels)[number]; readonly label: string }[]

export function LogsTab({ run, search }: { run: RunSummary; search: RunSearch }) {
  const setSearch = useSetSearch<RunSearch>()
  const level = search.level ?? "debug"
  const logs = useLogs(run, { level })
  const names = useStepNames(run)
  const nameOf = (stepId: string) => names.get(stepId)
  const [words, setWords] = useState("")
  const wanted = useDeferredValue(words)
  const shown = useMemo(
    () => matchingLines(logs.items, wanted, (stepId) => names.get(stepId)),
    [logs.items, wanted, names],
  )
  const opened = search.line === undefined ? undefined : logs.items.find(({ number }) => number === search.line)
  const isWide = useFits("48rem")
  const height = isWide ? "dense" : "tall"
  const facts = { zero: Date.parse(run.startedAt ?? run.createdAt), nameOf }
  return (
    <WithAside
      title={`Log line ${search.line ?? ""}`}
      aside={opened !== undefined && <LogLineView run={run} line={opened} nameOf={nameOf} />}
      onClose={() => setSearch({ line: undefined })}
    >
      <div className="flex flex-wrap items-center gap-2 py-2">
        <SearchBox label="Search in the log" value={words} onChange={setWords} className="w-64" />
        <Segments
          label="Level"
          options={levels}
          value={level}
          onChange={(next) => setSearch({ level: next === "debug" ? undefined : next }, { replace: true })}
        />
        <span role="status" className="text-muted">
          {logs.isLoaded && summary(shown.length, logs.items.length, logs.hasMore)}
        </span>
      </div>
      <QuestionNote error={logs.error} what="The log" hasAnswer={logs.isLoaded} onRetry={logs.more} />
      {(logs.isLoaded || logs.error === null) && (
        <div
          className="overflow-hidden rounded-md border bg-surface"
          style={{ height: `min(70vh, ${Math.max(6, shown.length) * rowHeights[height] + 72}px)` }}
        >
          <VirtualTable
            label="Log"
            rows={shown}
            rowId={idOf}
            rowLabel={labelOf}
            columns={(isWide ? logColumns : narrowLogColumns)(facts)}
            height={height}
            focused={search.line === undefined ? undefined : String(search.line)}
            onOpen={(line) => setSearch({ line: line.number }, { replace: search.line !== undefined })}
            onEnd={logs.hasMore ? logs.more : undefined}
            busy={logs.isLoading}
            empty={
              <p className="px-3 py-6 text-center text-muted">
                {logs.isLoaded ? nothing(run, words, level) : "Loading…"}
              </p>
            }
          />
        </div>
      )}
    </WithAside>
  )
}

const idOf = ({ number }: RunLogLine) => String(number)
const labelOf = ({ number, level, message }: RunLogLine) => `${number}, ${level}: ${message.slice(0, 200)}`

function summary(shown: number, loaded: number, hasMore: boolean): string {
  const all = `${loaded.toLocaleString("en")}${hasMore ? "+" : ""} ${loaded === 1 ? "line" : "lines"}`
  return shown === loaded ? all : `${shown.toLocaleString("en")} of ${all}`
}

function nothing({ status }: RunSummary, words: string, level: string): string {
  if (words !== "") return "Nothing of what is loaded matches."
  if (level !== "debug") return "Nothing of this level was logged."
  return hasEnded(status)
    ? "Its agents logged nothing, or its log is not kept any more."
    : "Its agents have logged nothing yet."
}
