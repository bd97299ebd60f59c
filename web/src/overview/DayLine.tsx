import type { RunCounts, RunStatus } from "@waybill/contract"
import { Link } from "../page/Link.tsx"
import { paths } from "../paths.ts"
import { StackedBar } from "../ui/Meter.tsx"
import { lookOfRun, runStatusOrder } from "../ui/run-look.ts"
import { dayOf, percent } from "./day.ts"

/** The last 24 hours: how many, how they ended, and the way to each of them. */
export function DayLine({ counts }: { readonly counts: RunCounts }) {
  const day = dayOf(counts)
  const parts = runStatusOrder
    .map((status) => ({ status, value: counts.byStatus[status] ?? 0, look: lookOfRun(status) }))
    .filter(({ value }) => value > 0)
  return (
    <section aria-label="The last 24 hours" className="rounded-md border border-line bg-surface px-3 py-2.5">
      <div className="flex flex-wrap items-baseline gap-x-5 gap-y-1">
        <h2 className="font-semibold">The last 24 hours</h2>
        <span>
          <span className="text-base font-semibold tabular-nums">{day.total}</span>{" "}
          <span className="text-muted">runs</span>
        </span>
        <span>
          <span className="text-base font-semibold tabular-nums">{percent(day.successRate)}</span>{" "}
          <span className="text-muted">succeeded</span>
        </span>
        <span className="ml-auto flex flex-wrap gap-x-4 gap-y-1">
          {parts.map(({ status, value, look }) => (
            <Link key={status} to={toRuns(status)} className="text-muted hover:text-fg hover:underline">
              <span className="font-medium text-fg tabular-nums">{value.toLocaleString("en")}</span> {look.word}
            </Link>
          ))}
        </span>
      </div>
      <StackedBar
        className="mt-2"
        label="Runs of the last 24 hours by status"
        parts={parts.map(({ value, look }) => ({ value, label: look.word, tone: look.tone }))}
      />
    </section>
  )
}

const toRuns = (status: RunStatus) => paths.runs({ status: [status], from: "-24h" })
