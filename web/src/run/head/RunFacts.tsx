import type { RunSummary } from "@waybill/contract"
import type { ReactNode } from "react"
import { Link } from "../../page/Link.tsx"
import { paths } from "../../paths.ts"
import { Badge } from "../../ui/Badge.tsx"
import { linkLook } from "../../ui/button-look.ts"
import { CopyId } from "../../ui/CopyId.tsx"
import { shortId } from "../../ui/short-id.ts"
import { Duration } from "../../ui/time/Duration.tsx"
import { Time } from "../../ui/time/Time.tsx"

/** What is known of the run besides how it stands, in one line that wraps. */
export function RunFacts({ run, lastGoodRunId }: { run: RunSummary; lastGoodRunId?: string }) {
  const { runId, parentRunId, rootRunId, rerunOf, businessEventId, usage } = run
  return (
    <dl className="flex flex-wrap items-center gap-x-5 gap-y-1.5">
      <Fact name="Run">
        <CopyId id={runId} label="run id" />
      </Fact>
      <Fact name="Version">
        <Link to={paths.workflowVersion(run.workflowId, run.versionNumber)} className={linkLook}>
          {run.workflowVersion}
        </Link>
      </Fact>
      <Fact name="Environment">
        <Badge>{run.environment}</Badge>
      </Fact>
      {run.origin !== "live" && (
        <Fact name="Origin">
          <Badge>{run.origin}</Badge>
        </Fact>
      )}
      <Fact name="Started">
        <Time at={run.startedAt ?? run.createdAt} />
      </Fact>
      <Fact name="Duration">
        <Duration ms={run.durationMs} since={run.startedAt ?? run.createdAt} className="font-medium" />
      </Fact>
      <Fact name="By">{startedBy(run)}</Fact>
      {businessEventId !== null && (
        <Fact name="Event">
          <Link to={paths.runs({ q: `event:${quoted(businessEventId)}`, origin: "all" })} className={linkLook}>
            {businessEventId}
          </Link>
        </Fact>
      )}
      {parentRunId !== null && <RunLink name="Parent" runId={parentRunId} />}
      {rootRunId !== runId && rootRunId !== parentRunId && <RunLink name="Root" runId={rootRunId} />}
      {rerunOf !== null && <RunLink name="Re-run of" runId={rerunOf} />}
      {lastGoodRunId !== undefined && <RunLink name="Last good run" runId={lastGoodRunId} />}
      {usage.tokens > 0 && <Fact name="Tokens">{usage.tokens.toLocaleString("en")}</Fact>}
      {usage.costUsd > 0 && <Fact name="Cost">${usage.costUsd.toFixed(4)}</Fact>}
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 items-center gap-1.5">
      <dt className="text-xs text-faint">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}

function RunLink({ name, runId }: { name: string; runId: string }) {
  return (
    <Fact name={name}>
      <Link to={paths.run(runId)} className="rounded-xs text-mono text-accent hover:underline">
        {shortId(runId)}
      </Link>
    </Fact>
  )
}

function startedBy({ actor, trigger }: RunSummary): string {
  return trigger.kind === "api" ? actor : `${actor}, ${trigger.kind}`
}

/** A word of the query language is quoted where it holds more than a word does. */
const quoted = (value: string): string => (/^[\w.-]+$/.test(value) ? value : JSON.stringify(value))
