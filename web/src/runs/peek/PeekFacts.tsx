import type { RunSummary } from "@waybill/contract"
import type { ReactNode } from "react"
import { Link } from "../../page/Link.tsx"
import { paths } from "../../paths.ts"
import { Tag } from "../../ui/Badge.tsx"
import { linkLook } from "../../ui/button-look.ts"
import { CopyId } from "../../ui/CopyId.tsx"
import { lookOfResolution } from "../../ui/resolution-look.ts"
import { StatusBadge } from "../../ui/StatusBadge.tsx"
import { shortId } from "../../ui/short-id.ts"
import { Duration } from "../../ui/time/Duration.tsx"
import { Time } from "../../ui/time/Time.tsx"
import { stateWords } from "../run-words.ts"

/** What the list's columns say, in full, and what they have no room for. */
export function PeekFacts({ run }: { run: RunSummary }) {
  // Of a failed run the card above says the rest.
  const words = run.error?.step ?? stateWords(run)
  return (
    <dl className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-x-3 gap-y-1.5">
      {words !== "" && <Fact name="Last state">{words}</Fact>}
      <Fact name="Started">
        {run.startedAt === null ? "Not yet" : <Time at={run.startedAt} shown="absolute" />}
        {run.startedAt !== null && (
          <span className="text-muted">
            {" · "}
            <Time at={run.startedAt} shown="relative" />
          </span>
        )}
      </Fact>
      <Fact name="Duration">
        <Duration ms={run.durationMs} since={run.startedAt} />
      </Fact>
      <Fact name="Steps">{stepWords(run.counts)}</Fact>
      <Fact name="Workflow">
        <Link to={paths.workflow(run.workflowId)} className={linkLook}>
          {run.workflowId}
        </Link>
      </Fact>
      <Fact name="Version">{run.workflowVersion}</Fact>
      <Fact name="Environment">{run.environment}</Fact>
      {run.origin !== "live" && <Fact name="Origin">{run.origin}</Fact>}
      <Fact name="Owner">{run.owner ?? "Nobody"}</Fact>
      <Fact name="Started by">{run.actor}</Fact>
      {run.resolution !== null && (
        <Fact name="Resolution">
          <StatusBadge look={lookOfResolution(run.resolution.state)} detail={run.resolution.reason ?? undefined} />
        </Fact>
      )}
      {run.businessEventId !== null && (
        <Fact name="Business event">
          <CopyId id={run.businessEventId} label="business event" whole />
        </Fact>
      )}
      {run.tags.length > 0 && (
        <Fact name="Tags">
          <span className="flex flex-wrap gap-1">
            {run.tags.map((tag) => (
              <Tag key={tag}>{tag}</Tag>
            ))}
          </span>
        </Fact>
      )}
      <Relative name="Repeats" runId={run.rerunOf} />
      <Relative name="Parent" runId={run.parentRunId} />
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  )
}

function Relative({ name, runId }: { name: string; runId: string | null }) {
  if (runId === null) return null
  return (
    <Fact name={name}>
      <Link to={paths.run(runId)} className={`${linkLook} text-mono`}>
        {shortId(runId)}
      </Link>
    </Fact>
  )
}

function stepWords({ steps, failed, retries }: RunSummary["counts"]): string {
  const parts = [`${steps} ${steps === 1 ? "step" : "steps"}`]
  if (failed > 0) parts.push(`${failed} failed`)
  if (retries > 0) parts.push(`${retries} ${retries === 1 ? "retry" : "retries"}`)
  return parts.join(", ")
}
