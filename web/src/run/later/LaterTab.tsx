import type { RunSummary } from "@waybill/contract"
import { CopyId } from "../../ui/CopyId.tsx"

const soon = [
  ["Trace", "The run's spans. Its ids are there already and go along to agents, so that another system can be asked."],
  ["Webhooks", "Where this run's events were delivered to, and how that went. The API has it already."],
] as const

/** The places that are kept for what is to come. Nothing is shown in them that is not so. */
export function LaterTab({ run }: { run: RunSummary }) {
  return (
    <div className="pt-3">
      <p className="max-w-160 text-muted">
        The pages do not show yet what follows. Each has its place here. Whoever looks in another system finds the run
        by its trace, <CopyId id={run.traceId} label="trace id" whole />, and its correlation id,{" "}
        <CopyId id={run.correlationId} label="correlation id" whole />.
      </p>
      <dl className="mt-3 grid max-w-160 grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-2">
        {soon.map(([name, about]) => (
          <div key={name} className="contents">
            <dt className="font-medium">{name}</dt>
            <dd className="text-muted">{about}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
