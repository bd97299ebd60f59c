import type { RunSummary, Step } from "@waybill/contract"
import { Link } from "../../page/Link.tsx"
import { QuestionNote } from "../../page/QuestionNote.tsx"
import { paths } from "../../paths.ts"
import { linkLook } from "../../ui/button-look.ts"
import { cx } from "../../ui/cx.ts"
import { EmptyState } from "../../ui/EmptyState.tsx"
import { shortTime } from "../../ui/time/time-format.ts"
import { useTimeSettings } from "../../ui/time/time-settings.ts"
import { useLogs } from "../logs/use-logs.ts"

/** As many as a person reads beside a step; all of them are a tab of the run. */
const SHOWN = 100

/** What the step's agent logged, the last lines of it. */
export function StepLogs({ run, step }: { run: RunSummary; step: Step }) {
  const logs = useLogs(run, { level: "debug", stepId: step.stepId })
  const { zone } = useTimeSettings()
  const shown = logs.items.slice(-SHOWN)
  const before = logs.items.length - shown.length
  return (
    <>
      <QuestionNote error={logs.error} what="The log" hasAnswer={logs.isLoaded} onRetry={logs.more} />
      {logs.isLoaded && shown.length === 0 && (
        <EmptyState title="Nothing was logged" icon="log" className="py-6">
          {step.agent === null ? "Only agents log." : "What its agent says with ctx.log or prints stands here."}
        </EmptyState>
      )}
      {(before > 0 || logs.hasMore) && (
        <p className="pb-2 text-muted">
          The last {shown.length} of what is loaded.{" "}
          <Link to={paths.run(run.runId, { tab: "logs" })} className={linkLook}>
            The whole log of the run
          </Link>
        </p>
      )}
      <ol aria-label="Log of the step" className="flex flex-col gap-1">
        {shown.map(({ number, at, level, attempt, message, fields }) => (
          <li key={number} className="text-mono wrap-anywhere whitespace-pre-wrap">
            <span className="text-faint">{shortTime(Date.parse(at), Date.parse(at), zone)} </span>
            <span className={cx(level === "error" ? "text-danger" : level === "warn" ? "text-waiting" : "text-muted")}>
              {level}
            </span>
            {attempt > 1 && <span className="text-faint"> #{attempt}</span>} {message}
            {fields !== null && <span className="text-faint"> {JSON.stringify(fields)}</span>}
          </li>
        ))}
      </ol>
    </>
  )
}
