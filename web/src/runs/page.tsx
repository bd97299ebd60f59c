/** The list of runs. */
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { runsQuery } from "../data/queries.ts"
import { type Asked, definePage, type NoParams } from "../page/define-page.ts"
import { Link } from "../page/Link.tsx"
import { Loaded } from "../page/Loaded.tsx"
import { PageHead } from "../page/PageHead.tsx"
import { paths, type RunsSearch } from "../paths.ts"

const asked = ({ env, search }: Pick<Asked<NoParams, RunsSearch>, "env" | "search">) =>
  runsQuery({ env, limit: 50, q: search.q, status: search.status, workflowId: search.workflowId, tag: search.tag })

export const page = definePage<NoParams, RunsSearch>({
  load: ({ queries, ...rest }) => void queries.prefetchQuery(asked(rest)),
  View: RunsPage,
})

function RunsPage(props: Asked<NoParams, RunsSearch>) {
  const runs = useQuery({ ...asked(props), placeholderData: keepPreviousData })
  return (
    <>
      <PageHead title="Runs" />
      <Loaded query={runs} what="The runs">
        {({ items }) => (
          <ul className="mt-3">
            {items.map(({ runId, workflowName, status }) => (
              <li key={runId}>
                <Link className="text-accent underline" to={paths.run(runId)}>
                  {workflowName}
                </Link>{" "}
                <code>{runId}</code> {status}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </>
  )
}
