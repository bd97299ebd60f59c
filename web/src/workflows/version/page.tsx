/** One version of a workflow, as it was written. */
import { useQuery } from "@tanstack/react-query"
import { workflowQuery } from "../../data/queries.ts"
import { type Asked, definePage } from "../../page/define-page.ts"
import { Link } from "../../page/Link.tsx"
import { Loaded } from "../../page/Loaded.tsx"
import { Missing } from "../../page/Missing.tsx"
import { useSetSearch } from "../../page/navigation.ts"
import { PageHead } from "../../page/PageHead.tsx"
import { paths, type WorkflowSearch } from "../../paths.ts"
import { Badge } from "../../ui/Badge.tsx"
import { Button } from "../../ui/Button.tsx"
import { buttonLook } from "../../ui/button-look.ts"
import { SkeletonRows } from "../../ui/Skeleton.tsx"
import { RollbackDialog } from "../acts/RollbackDialog.tsx"
import { useRefusals } from "../allowed.ts"
import { DefinitionText } from "../detail/definition/DefinitionText.tsx"
import { NoSuchWorkflow } from "../NoSuchWorkflow.tsx"
import { versionQuery } from "../queries.ts"
import { VersionMeta } from "./VersionMeta.tsx"

type VersionParams = { readonly workflowId: string; readonly version: string }

export const page = definePage<VersionParams, WorkflowSearch>({
  load({ queries, params, env }) {
    const number = readVersion(params.version)
    if (number !== null) void queries.prefetchQuery(versionQuery(params.workflowId, number, env))
  },
  View(asked) {
    const number = readVersion(asked.params.version)
    return number === null ? <NoVersion {...asked} /> : <VersionPage {...asked} number={number} />
  },
})

/** Versions are numbers from 1; null for what is none. */
const readVersion = (text: string): number | null => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : null)

function NoVersion({ params: { workflowId, version } }: Asked<VersionParams, WorkflowSearch>) {
  return (
    <div className="flex flex-col gap-3">
      <PageHead title={`${workflowId} #${version}`} />
      <Missing
        title={`“${version}” is no version`}
        back={{ to: paths.workflow(workflowId, { tab: "versions" }), label: "All versions" }}
      >
        Versions are numbers, counted from 1.
      </Missing>
    </div>
  )
}

function VersionPage({ params, search, env, number }: Asked<VersionParams, WorkflowSearch> & { number: number }) {
  const { workflowId } = params
  const written = useQuery(versionQuery(workflowId, number, env))
  const workflow = useQuery(workflowQuery(workflowId, env)).data
  const setSearch = useSetSearch<WorkflowSearch>()
  return (
    <div className="flex flex-col gap-3">
      <PageHead
        title={`${workflowId} #${params.version}`}
        actions={written.data !== undefined && <Actions {...{ workflowId, number, env }} />}
      >
        <Link
          to={paths.workflow(workflowId, { tab: "versions" })}
          className="rounded-xs text-accent underline underline-offset-2"
        >
          {workflowId}
        </Link>{" "}
        #{params.version}
      </PageHead>
      <Loaded
        query={written}
        what="The version"
        skeleton={<SkeletonRows label="The version is on its way" />}
        missing={<NoSuchWorkflow workflowId={workflowId} env={env} version={`version ${params.version}`} />}
      >
        {(version) => (
          <>
            <div className="flex flex-wrap items-center gap-3">
              <Badge mono>{version.version}</Badge>
              <VersionMeta version={version} />
            </div>
            <DefinitionText
              text={version.text}
              format={version.format}
              label={`Definition of ${workflowId}, version ${version.version}`}
              fileName={`${workflowId}-${version.versionNumber}.workflow.${version.format}`}
              problems={null}
            />
          </>
        )}
      </Loaded>
      {search.act === "rollback" && workflow !== undefined && (
        <RollbackDialog
          workflow={workflow}
          to={number}
          onClose={() => setSearch({ act: undefined }, { replace: true })}
        />
      )}
    </div>
  )
}

function Actions({ workflowId, number, env }: { workflowId: string; number: number; env: string }) {
  const workflow = useQuery(workflowQuery(workflowId, env)).data
  const setSearch = useSetSearch<WorkflowSearch>()
  const refusals = useRefusals()
  if (workflow === undefined) return null
  if (workflow.versionNumber === number) return <Badge tone="completed">serves new runs</Badge>
  return (
    <>
      <Link to={paths.workflowVersions(workflowId, number, workflow.versionNumber)} className={buttonLook()}>
        Compare with #{workflow.versionNumber}
      </Link>
      <Button icon="rewind" disabledReason={refusals(workflow).change} onClick={() => setSearch({ act: "rollback" })}>
        Roll back to it
      </Button>
    </>
  )
}
