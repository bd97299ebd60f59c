/** One workflow: what it does and how well, its runs, how it is written, and how that came to be. */
import { useQuery } from "@tanstack/react-query"
import type { Workflow } from "@waybill/contract"
import { workflowQuery } from "../../data/queries.ts"
import { useKeys } from "../../keys/use-keys.ts"
import { type Asked, definePage } from "../../page/define-page.ts"
import { Loaded } from "../../page/Loaded.tsx"
import { useSetSearch } from "../../page/navigation.ts"
import { PageHead } from "../../page/PageHead.tsx"
import type { WorkflowSearch } from "../../paths.ts"
import { Button } from "../../ui/Button.tsx"
import { SkeletonRows } from "../../ui/Skeleton.tsx"
import { TabPanel, Tabs } from "../../ui/Tabs.tsx"
import { ActDialogs } from "../acts/ActDialogs.tsx"
import { MoreMenu } from "../acts/MoreMenu.tsx"
import { RollbackDialog } from "../acts/RollbackDialog.tsx"
import { useRefusals } from "../allowed.ts"
import { NoSuchWorkflow } from "../NoSuchWorkflow.tsx"
import { StartSheet } from "../start/StartSheet.tsx"
import { DefinitionTab } from "./definition/DefinitionTab.tsx"
import { OverviewTab } from "./overview/OverviewTab.tsx"
import { RunsTab } from "./runs/RunsTab.tsx"
import { VersionsTab } from "./versions/VersionsTab.tsx"
import { WorkflowFacts } from "./WorkflowFacts.tsx"

type WorkflowParams = { readonly workflowId: string }

export const page = definePage<WorkflowParams, WorkflowSearch>({
  load: ({ queries, params, env }) => void queries.prefetchQuery(workflowQuery(params.workflowId, env)),
  View: WorkflowPage,
})

function WorkflowPage({ params, search, env }: Asked<WorkflowParams, WorkflowSearch>) {
  const { workflowId } = params
  const workflow = useQuery(workflowQuery(workflowId, env))
  const setSearch = useSetSearch<WorkflowSearch>()
  const close = () => setSearch({ start: undefined, act: undefined, of: undefined }, { replace: true })
  return (
    <div className="flex flex-col gap-3">
      <PageHead
        title={workflow.data?.name ?? workflowId}
        actions={workflow.data && <Actions workflow={workflow.data} />}
      />
      <Loaded
        query={workflow}
        what="The workflow"
        skeleton={<SkeletonRows label="The workflow is on its way" />}
        missing={<NoSuchWorkflow workflowId={workflowId} env={env} />}
      >
        {(data) => (
          <>
            <WorkflowFacts workflow={data} />
            <WorkflowTabs workflow={data} search={search} />
          </>
        )}
      </Loaded>
      {search.start !== undefined && <StartSheet workflowId={workflowId} env={env} onClose={close} />}
      {search.act === "rollback" && search.of !== undefined && workflow.data !== undefined && (
        <RollbackDialog workflow={workflow.data} to={search.of} onClose={close} />
      )}
      <ActDialogs
        act={search.act === "rollback" ? undefined : search.act}
        workflowId={workflowId}
        env={env}
        onClose={close}
      />
    </div>
  )
}

function Actions({ workflow }: { workflow: Workflow }) {
  const setSearch = useSetSearch<WorkflowSearch>()
  const refusals = useRefusals()(workflow)
  const change = workflow.status === "active" ? "disable" : "enable"
  const word = change === "disable" ? "Disable" : "Enable"
  const start = () => setSearch({ start: "1" })
  useKeys("Workflow", {
    s: { label: `Start a run of ${workflow.name}`, run: start, refused: refusals.start },
    d: { label: `${word} it`, run: () => setSearch({ act: change }), refused: refusals.change },
    e: { label: "How to edit it", run: () => setSearch({ act: "edit" }) },
  })
  return (
    <>
      <Button disabledReason={refusals.change} keys="d" onClick={() => setSearch({ act: change })}>
        {word}
      </Button>
      <Button look="primary" icon="play" keys="s" disabledReason={refusals.start} onClick={start}>
        Run
      </Button>
      <MoreMenu workflow={workflow} refusals={refusals} onAct={(act) => setSearch({ act })} />
    </>
  )
}

function WorkflowTabs({ workflow, search }: { workflow: Workflow; search: WorkflowSearch }) {
  const setSearch = useSetSearch<WorkflowSearch>()
  const tab = search.tab ?? "overview"
  return (
    <Tabs
      label="Of this workflow"
      tabs={[
        { value: "overview", label: "Overview" },
        { value: "runs", label: "Runs", count: workflow.runCount },
        { value: "definition", label: "Definition" },
        { value: "versions", label: "Versions", count: workflow.versionNumber },
      ]}
      value={tab}
      onChange={(next) => setSearch({ tab: next === "overview" ? undefined : next })}
    >
      <TabPanel value="overview" className="pt-4">
        <OverviewTab workflow={workflow} search={search} />
      </TabPanel>
      <TabPanel value="runs" className="pt-4">
        <RunsTab workflow={workflow} search={search} />
      </TabPanel>
      <TabPanel value="definition" className="pt-4">
        <DefinitionTab workflow={workflow} search={search} />
      </TabPanel>
      <TabPanel value="versions" className="pt-4">
        <VersionsTab workflow={workflow} />
      </TabPanel>
    </Tabs>
  )
}
