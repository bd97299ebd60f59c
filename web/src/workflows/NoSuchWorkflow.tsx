import { Missing } from "../page/Missing.tsx"
import { paths } from "../paths.ts"

type NoSuchWorkflowProps = {
  readonly workflowId: string
  readonly env: string
  /** The version that the address names. */
  readonly version?: string
}

/** The address names a workflow, or a version of one, that this environment has not. */
export function NoSuchWorkflow({ workflowId, env, version }: NoSuchWorkflowProps) {
  const of = <code className="text-mono">{workflowId}</code>
  if (version === undefined)
    return (
      <Missing title="There is no such workflow" back={{ to: paths.workflows(), label: "All workflows" }}>
        The environment {env} has none with the id {of}. Another environment may have it.
      </Missing>
    )
  return (
    <Missing
      title="There is no such version"
      back={{ to: paths.workflow(workflowId, { tab: "versions" }), label: "All versions" }}
    >
      In the environment {env}, {of} has no {version}.
    </Missing>
  )
}
