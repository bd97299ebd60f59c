/** What changed between two versions of a workflow: in what it means, and in how it is written. */
import { useQuery } from "@tanstack/react-query"
import type { VersionDiff } from "@waybill/contract"
import { workflowQuery } from "../../data/queries.ts"
import { type Asked, definePage, type NoSearch } from "../../page/define-page.ts"
import { Link } from "../../page/Link.tsx"
import { Loaded } from "../../page/Loaded.tsx"
import { PageHead } from "../../page/PageHead.tsx"
import { paths } from "../../paths.ts"
import { buttonLook } from "../../ui/button-look.ts"
import { DiffText } from "../../ui/diff/DiffText.tsx"
import { JsonDiff } from "../../ui/json/JsonDiff.tsx"
import { SkeletonRows } from "../../ui/Skeleton.tsx"
import { NoSuchWorkflow } from "../NoSuchWorkflow.tsx"
import { diffQuery } from "../queries.ts"
import { readPair } from "./read-pair.ts"
import { VersionPicks } from "./VersionPicks.tsx"

type PairParams = { readonly workflowId: string; readonly pair: string }

export const page = definePage<PairParams>({
  load: ({ queries, params, env }) => {
    const pair = readPair(params.pair)
    if (pair !== null) void queries.prefetchQuery(diffQuery(params.workflowId, pair.from, pair.to, env))
  },
  View: VersionsPage,
})

function VersionsPage({ params, env }: Asked<PairParams, NoSearch>) {
  const { workflowId } = params
  const pair = readPair(params.pair)
  const name = useQuery(workflowQuery(workflowId, env)).data?.name ?? workflowId
  const words = pair === null ? params.pair : `#${pair.from} and #${pair.to}`
  return (
    <div className="flex flex-col gap-3">
      <PageHead
        title={`${name}: ${words}`}
        actions={
          pair && (
            <Link to={paths.workflowVersions(workflowId, pair.to, pair.from)} className={buttonLook()}>
              Swap
            </Link>
          )
        }
      >
        <Link
          to={paths.workflow(workflowId, { tab: "versions" })}
          className="rounded-xs text-accent underline underline-offset-2"
        >
          {name}
        </Link>
        : {words}
      </PageHead>
      {pair === null ? (
        <p className="text-muted">This address names no two versions, as 1...2 does.</p>
      ) : (
        <Pair workflowId={workflowId} env={env} {...pair} />
      )}
    </div>
  )
}

function Pair({ workflowId, env, from, to }: { workflowId: string; env: string; from: number; to: number }) {
  const diff = useQuery(diffQuery(workflowId, from, to, env))
  return (
    <>
      <VersionPicks workflowId={workflowId} env={env} from={from} to={to} />
      <Loaded
        query={diff}
        what="The difference"
        skeleton={<SkeletonRows label="The difference is on its way" />}
        missing={<NoSuchWorkflow workflowId={workflowId} env={env} version={`pair of versions ${from} and ${to}`} />}
      >
        {(data) => <Difference diff={data} />}
      </Loaded>
    </>
  )
}

function Difference({ diff: { from, to, changes, truncated } }: { diff: VersionDiff }) {
  return (
    <div className="mt-3 flex min-w-0 flex-col gap-6">
      <section aria-labelledby="changes" className="flex flex-col gap-2">
        <h2 id="changes" className="font-semibold">
          What changed
        </h2>
        <JsonDiff
          label="Changes by place"
          changes={changes}
          truncated={truncated}
          none="Nothing: the two versions do the same."
          className="rounded-md bg-surface"
        />
      </section>
      <section aria-labelledby="text" className="flex min-w-0 flex-col gap-2">
        <h2 id="text" className="font-semibold">
          In the text
        </h2>
        {from.format !== to.format && (
          <p className="text-muted">
            One is written in {from.format.toUpperCase()}, the other in {to.format.toUpperCase()}.
          </p>
        )}
        <DiffText
          from={from.text}
          to={to.text}
          label={`Version ${to.version} (#${to.versionNumber}) against ${from.version} (#${from.versionNumber})`}
        />
      </section>
    </div>
  )
}
