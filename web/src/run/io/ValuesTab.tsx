import type { Run } from "@waybill/contract"
import type { ReactNode } from "react"
import { hasEnded } from "../../data/run-ended.ts"
import { Badge } from "../../ui/Badge.tsx"
import { JsonTree } from "../../ui/json/JsonTree.tsx"

/** What the run began with and what came of it. */
export function ValuesTab({ run }: { run: Run }) {
  return (
    <div className="grid items-start gap-4 pt-3 lg:grid-cols-2">
      <Side title="Input">
        <JsonTree value={run.input} label="Input" root="input" openDepth={3} />
      </Side>
      <Side title="Output">
        {run.status === "COMPLETED" ? (
          <JsonTree value={run.output} label="Output" openDepth={3} />
        ) : (
          <p className="text-muted">
            {hasEnded(run.status)
              ? "It ended without an output."
              : "It has none yet: a run has its output when it completes."}
          </p>
        )}
        {run.effectiveness !== null && (
          <>
            <h3 className="mt-4 mb-1 text-xs font-medium">Effectiveness</h3>
            <JsonTree value={run.effectiveness} label="Effectiveness" bare />
          </>
        )}
        {run.error !== null && (
          <p className="mt-3 flex flex-wrap items-center gap-2">
            {run.error.class && <Badge tone="failed">{run.error.class}</Badge>}
            <code>{run.error.code}</code>
            <span className="min-w-0">{run.error.detail}</span>
          </p>
        )}
      </Side>
    </div>
  )
}

function Side({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="min-w-0 rounded-md border bg-surface p-3">
      <h2 className="mb-2 font-semibold">{title}</h2>
      {children}
    </section>
  )
}
