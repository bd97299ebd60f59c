/** What needs a person, what went wrong today, and what moves now: the first page somebody sees, at 3 a.m. too. */
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import type { RunSummary } from "@waybill/contract"
import { pendingQuery } from "../data/queries.ts"
import { type Asked, definePage, type NoParams, type NoSearch } from "../page/define-page.ts"
import { Link } from "../page/Link.tsx"
import { Loaded } from "../page/Loaded.tsx"
import { PageHead } from "../page/PageHead.tsx"
import { useWorkflowNames } from "../parts/use-workflow-names.ts"
import { paths } from "../paths.ts"
import { buttonLook } from "../ui/button-look.ts"
import { Callout } from "../ui/Callout.tsx"
import { SkeletonRows } from "../ui/Skeleton.tsx"
import { DayLine } from "./DayLine.tsx"
import { firstThing } from "./first-thing.ts"
import { Health } from "./Health.tsx"
import { NeedsYou } from "./NeedsYou.tsx"
import { dayQuery, failedQuery, healthQuery, movingQuery, signalsQuery } from "./questions.ts"
import { RunRows } from "./RunRows.tsx"
import { Nothing, Section } from "./Section.tsx"

export const page = definePage<NoParams>({
  load: ({ queries, env }) => {
    const lists = [failedQuery(env), movingQuery(env), signalsQuery(env)]
    for (const list of lists) void queries.prefetchQuery(list)
    void queries.prefetchQuery(pendingQuery(env))
    void queries.prefetchQuery(dayQuery(env))
    void queries.prefetchQuery(healthQuery(env))
  },
  View: OverviewPage,
})

function OverviewPage({ env }: Asked<NoParams, NoSearch>) {
  const pending = useQuery(pendingQuery(env))
  const day = useQuery({ ...dayQuery(env), placeholderData: keepPreviousData })
  const workflows = useQuery(healthQuery(env))
  const { nameOf } = useWorkflowNames(env)
  return (
    <div className="grid gap-3">
      <PageHead title="Overview" />
      <First env={env} />
      <Loaded query={day} what="The last 24 hours" skeleton={<SkeletonRows rows={1} label="The last 24 hours" />}>
        {(counts) => <DayLine counts={counts} />}
      </Loaded>
      <div className="grid items-start gap-3 lg:grid-cols-2">
        <Loaded query={pending} what="The approvals" skeleton={<SkeletonRows rows={3} label="The approvals" />}>
          {({ items, total }) => <NeedsYou approvals={items} count={total?.value ?? items.length} nameOf={nameOf} />}
        </Loaded>
        <Failures env={env} />
        <Moving env={env} />
        <Loaded query={workflows} what="The workflows" skeleton={<SkeletonRows rows={5} label="The workflows" />}>
          {({ items }) => <Health workflows={items} />}
        </Loaded>
      </div>
    </div>
  )
}

/** Shown when all answers are there: what is said first should not change under the reader's eyes. */
function First({ env }: { readonly env: string }) {
  const pending = useQuery(pendingQuery(env))
  const failed = useQuery(failedQuery(env))
  const names = useWorkflowNames(env)
  if (pending.data === undefined || failed.data === undefined || names.isPending) return null
  const first = firstThing(pending.data.items, failed.data.items, names.nameOf)
  if (first === null) return null
  return (
    <Callout
      tone="waiting"
      title="First"
      action={
        <Link className={buttonLook({ look: "primary" })} to={first.to}>
          {first.label}
        </Link>
      }
    >
      {first.what}
    </Callout>
  )
}

function Failures({ env }: { readonly env: string }) {
  const failed = useQuery(failedQuery(env))
  const more = { label: "All failures of today", to: paths.runs({ status: ["FAILED", "TIMED_OUT"], from: "-24h" }) }
  return (
    <Loaded query={failed} what="The failed runs" skeleton={<SkeletonRows rows={3} label="The failed runs" />}>
      {({ items, total }) => (
        <Section title="Failed today" count={total === undefined ? undefined : String(total.value)} more={more}>
          {items.length === 0 ? (
            <Nothing>No run has failed in the last 24 hours.</Nothing>
          ) : (
            <RunRows runs={items} about={({ error }) => error?.detail ?? "it took too long"} />
          )}
        </Section>
      )}
    </Loaded>
  )
}

/** What executes, and what waits for a signal from outside. */
function Moving({ env }: { readonly env: string }) {
  const moving = useQuery(movingQuery(env))
  const signals = useQuery(signalsQuery(env))
  const more = {
    label: "All open runs",
    to: paths.runs({ status: ["RUNNING", "PENDING", "PAUSED", "WAITING_APPROVAL", "WAITING_SIGNAL"] }),
  }
  return (
    <Loaded query={moving} what="The open runs" skeleton={<SkeletonRows rows={3} label="The open runs" />}>
      {({ items }) => {
        const runs = [...items, ...(signals.data?.items ?? [])]
        return (
          <Section title="Open now" more={more}>
            {runs.length === 0 ? (
              <Nothing>
                Nothing is open. Start a workflow with <kbd>Run</kbd> in the list of workflows, or with{" "}
                <code>waybill run</code>.
              </Nothing>
            ) : (
              <RunRows runs={runs} about={doing} />
            )}
          </Section>
        )
      }}
    </Loaded>
  )
}

function doing({ status, blockedOn, reason }: RunSummary): string {
  const [block] = blockedOn
  if (status === "WAITING_SIGNAL") {
    const [signal] = Array.isArray(block?.who) ? block.who : []
    return `waits at ${block?.name ?? "a step"} for ${signal === undefined ? "a signal" : `the signal “${signal}”`}`
  }
  if (status === "PAUSED") return "paused by a person"
  return block?.name ? `${block.kind}: ${block.name}` : (reason ?? "").replaceAll("_", " ")
}
