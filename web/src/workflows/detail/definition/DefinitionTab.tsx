import { queryOptions, useQuery } from "@tanstack/react-query"
import type { Workflow } from "@waybill/contract"
import { api } from "../../../data/api.ts"
import { Loaded } from "../../../page/Loaded.tsx"
import { useSetSearch } from "../../../page/navigation.ts"
import type { WorkflowSearch } from "../../../paths.ts"
import { Callout } from "../../../ui/Callout.tsx"
import { Segments } from "../../../ui/Segments.tsx"
import { SkeletonRows } from "../../../ui/Skeleton.tsx"
import { fileQuery } from "../../queries.ts"
import { DefinitionText } from "./DefinitionText.tsx"

const checkedQuery = ({ text, format, environment }: Pick<Workflow, "text" | "format" | "environment">) =>
  queryOptions({
    queryKey: ["definition-problems", environment, format, text],
    queryFn: () => api().workflows.validate(text, format, { env: environment }),
  })

/** How it is written: what serves now, and what its file says where that is something else. */
export function DefinitionTab({ workflow, search }: { workflow: Workflow; search: WorkflowSearch }) {
  const setSearch = useSetSearch<WorkflowSearch>()
  const isFile = search.text === "file" && workflow.file !== null
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {workflow.file !== null && (
        <Segments
          label="Which text"
          className="self-start"
          options={[
            { value: "serving", label: `What serves: ${workflow.version} (#${workflow.versionNumber})` },
            { value: "file", label: "Its file now" },
          ]}
          value={isFile ? "file" : "serving"}
          onChange={(text) => setSearch({ text: text === "serving" ? undefined : "file" })}
        />
      )}
      {isFile ? <FileText workflow={workflow} /> : <ServingText workflow={workflow} />}
    </div>
  )
}

function ServingText({ workflow }: { workflow: Workflow }) {
  const { workflowId, name, version, text, format } = workflow
  const checked = useQuery(checkedQuery(workflow))
  return (
    <DefinitionText
      text={text}
      format={format}
      label={`Definition of ${name}, version ${version}`}
      fileName={`${workflowId}.workflow.${format}`}
      problems={checked.data?.problems ?? null}
    />
  )
}

function FileText({ workflow }: { workflow: Workflow }) {
  const { workflowId, environment, name, version } = workflow
  const file = useQuery(fileQuery(workflowId, environment))
  return (
    <Loaded query={file} what="The file" skeleton={<SkeletonRows label="The file is on its way" />}>
      {({ text, format, problems, serves, file: path }) =>
        text === null ? (
          <Callout tone="waiting" glyph="alert" title={`${path} cannot be read`}>
            {problems[0]?.message ?? "The file is gone. Version"} {problems.length === 0 && `${version} is kept.`}
          </Callout>
        ) : (
          <>
            {!serves && problems.every(({ severity }) => severity !== "error") && (
              <Callout tone="waiting" glyph="alert" title="The file says something else than what serves">
                Sync the environment, and what is in the file serves.
              </Callout>
            )}
            <DefinitionText
              text={text}
              format={format}
              label={`File of ${name}`}
              fileName={path.split("/").at(-1) ?? path}
              problems={problems}
            />
          </>
        )
      }
    </Loaded>
  )
}
