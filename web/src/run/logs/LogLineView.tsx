import type { RunLogLine, RunSummary } from "@waybill/contract"
import { Link } from "../../page/Link.tsx"
import { paths } from "../../paths.ts"
import { linkLook } from "../../ui/button-look.ts"
import { JsonTree } from "../../ui/json/JsonTree.tsx"
import { Time } from "../../ui/time/Time.tsx"
import { stepWords } from "./log-columns.tsx"

type LogLineViewProps = {
  readonly run: RunSummary
  readonly line: RunLogLine
  readonly nameOf: (stepId: string) => string | undefined
}

/** One line with all of its message, and what was given beside it. */
export function LogLineView({ run, line, nameOf }: LogLineViewProps) {
  return (
    <div className="flex flex-col gap-3 p-3">
      <h2 className="font-semibold">Log line {line.number}</h2>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1">
        <dt className="text-faint">At</dt>
        <dd>
          <Time at={line.at} shown="absolute" />
        </dd>
        <dt className="text-faint">Level</dt>
        <dd className="text-mono">{line.level}</dd>
        <dt className="text-faint">Step</dt>
        <dd>
          <Link to={paths.run(run.runId, { step: line.stepId, part: "logs" })} className={linkLook}>
            {stepWords(line, nameOf)}
          </Link>
        </dd>
      </dl>
      <pre className="rounded-md border bg-sunken p-2 text-mono wrap-anywhere whitespace-pre-wrap">{line.message}</pre>
      {line.fields !== null && <JsonTree value={line.fields} label="Fields" openDepth={4} />}
    </div>
  )
}
