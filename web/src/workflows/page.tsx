/** The list of workflows. */
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { workflowsQuery } from "../data/queries.ts"
import { type Asked, definePage, type NoParams } from "../page/define-page.ts"
import { Link } from "../page/Link.tsx"
import { Loaded } from "../page/Loaded.tsx"
import { PageHead } from "../page/PageHead.tsx"
import { paths } from "../paths.ts"
import type { WorkflowsSearch } from "./search.ts"

const asked = ({ env, search }: Pick<Asked<NoParams, WorkflowsSearch>, "env" | "search">) =>
  workflowsQuery({ env, limit: 200, q: search.q, status: search.status })

export const page = definePage<NoParams, WorkflowsSearch>({
  load: ({ queries, ...rest }) => void queries.prefetchQuery(asked(rest)),
  View: WorkflowsPage,
})

function WorkflowsPage(props: Asked<NoParams, WorkflowsSearch>) {
  const workflows = useQuery({ ...asked(props), placeholderData: keepPreviousData })
  return (
    <>
      <PageHead title="Workflows" />
      <Loaded query={workflows} what="The workflows">
        {({ items }) => (
          <ul className="mt-3">
            {items.map(({ workflowId, name, version }) => (
              <li key={workflowId}>
                <Link className="text-accent underline" to={paths.workflow(workflowId)}>
                  {name}
                </Link>{" "}
                {version}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </>
  )
}
