import { useQuery } from "@tanstack/react-query"
import type { Run, RunSummary } from "@waybill/contract"
import type { ReactNode } from "react"
import { runEndsQuery } from "../../data/queries.ts"
import { hasEnded } from "../../data/run-ended.ts"
import { Loaded } from "../../page/Loaded.tsx"
import { Badge } from "../../ui/Badge.tsx"
import { JsonTree } from "../../ui/json/JsonTree.tsx"
import { SkeletonRows } from "../../ui/Skeleton.tsx"

export function ValuesTab({ run }: { run: RunSummary }) {
  const ends = useQuery(runEndsQuery(run.runId, hasEnded(run.status)))
  const skeleton = <SkeletonRows label="Input and output are being loaded" rows={4} />
  return (
    <Loaded query={ends} what="Its input and output" skeleton={skeleton}>
      {({ input, output }) => <Values run={run} input={input} output={output} />}
    </Loaded>
  )
}

type ValuesProps = { readonly run: RunSummary } & Pick<Run, "input" | "output">

/** What the run began with and what came of it. */
function Values({ run, input, output }: ValuesProps) {
  return (
    <div className="grid items-start gap-4 pt-3 lg:grid-cols-2">
      <Side title="Input">
        <JsonTree value={input} label="Input" root="input" openDepth={3} />
      </Side>
      <Side title="Output">
        {run.status === "COMPLETED" ? (
          <JsonTree value={output} label="Output" openDepth={3} />
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
