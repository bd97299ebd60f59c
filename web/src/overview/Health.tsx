import type { WorkflowSummary } from "@waybill/contract"
import { Link } from "../page/Link.tsx"
import { paths } from "../paths.ts"
import { Meter } from "../ui/Meter.tsx"
import { Time } from "../ui/time/Time.tsx"
import { percent } from "./day.ts"
import { Nothing, Section } from "./Section.tsx"

const shown = 12

/** Workflows that run, the one that ran last on top. */
export function Health({ workflows }: { readonly workflows: readonly WorkflowSummary[] }) {
  const ran = workflows
    .filter(({ lastRunAt }) => lastRunAt !== null)
    .sort((a, b) => Date.parse(b.lastRunAt!) - Date.parse(a.lastRunAt!))
  return (
    <Section
      title="Workflows"
      count={String(workflows.length)}
      more={{ label: "All workflows", to: paths.workflows() }}
    >
      {workflows.length === 0 ? (
        <Nothing>
          There is no workflow yet. Put one into <code>environments/default/workflows</code> and run{" "}
          <code>waybill sync</code>, or create it over the API.
        </Nothing>
      ) : (
        <ul className="divide-y divide-line">
          {ran.slice(0, shown).map(({ workflowId, name, successRate30d, lastRunAt, runCount }) => (
            <li key={workflowId}>
              <Link
                to={paths.workflow(workflowId)}
                className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-0.5 px-3 py-1.5 hover:bg-hover"
              >
                <span className="min-w-0 flex-1 basis-40 truncate font-medium">{name}</span>
                <span className="text-muted tabular-nums">
                  {runCount.toLocaleString("en")} {runCount === 1 ? "run" : "runs"}
                </span>
                {successRate30d === null ? (
                  <span className="w-28 text-muted">none has ended</span>
                ) : (
                  <Meter
                    className="w-28"
                    label="Succeeded in the last 30 days"
                    value={successRate30d}
                    tone={successRate30d < 0.9 ? "failed" : "completed"}
                    text={percent(successRate30d)}
                  />
                )}
                <Time at={lastRunAt} className="min-w-20 text-right whitespace-nowrap text-muted" />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
