/** What needs a person, and what happens now. */
import { useQuery } from "@tanstack/react-query"
import { runsQuery } from "../data/queries.ts"
import { type Asked, definePage, type NoParams, type NoSearch } from "../page/define-page.ts"
import { Link } from "../page/Link.tsx"
import { Loaded } from "../page/Loaded.tsx"
import { PageHead } from "../page/PageHead.tsx"
import { paths } from "../paths.ts"

const newest = (env: string) => runsQuery({ env, limit: 10 })

export const page = definePage<NoParams>({
  load: ({ queries, env }) => void queries.prefetchQuery(newest(env)),
  View: OverviewPage,
})

function OverviewPage({ env }: Asked<NoParams, NoSearch>) {
  const runs = useQuery(newest(env))
  return (
    <>
      <PageHead title="Overview" />
      <Loaded query={runs} what="The newest runs">
        {({ items }) => (
          <ul className="mt-3">
            {items.map(({ runId, workflowName, status }) => (
              <li key={runId}>
                <Link className="text-accent underline" to={paths.run(runId)}>
                  {workflowName}
                </Link>{" "}
                {status}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </>
  )
}
