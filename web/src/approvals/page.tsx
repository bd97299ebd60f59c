/** What waits for people. */
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { approvalsQuery } from "../data/queries.ts"
import { type Asked, definePage, type NoParams } from "../page/define-page.ts"
import { Link } from "../page/Link.tsx"
import { Loaded } from "../page/Loaded.tsx"
import { PageHead } from "../page/PageHead.tsx"
import { type ApprovalsSearch, paths } from "../paths.ts"

const asked = (search: ApprovalsSearch) =>
  approvalsQuery({ state: search.state ?? ["pending"], workflowId: search.workflowId?.[0], limit: 200 })

export const page = definePage<NoParams, ApprovalsSearch>({
  load: ({ queries, search }) => void queries.prefetchQuery(asked(search)),
  View: ApprovalsPage,
})

function ApprovalsPage({ search, env }: Asked<NoParams, ApprovalsSearch>) {
  const approvals = useQuery({ ...asked(search), placeholderData: keepPreviousData })
  return (
    <>
      <PageHead title="Approvals" />
      <Loaded query={approvals} what="The approvals">
        {({ items }) => (
          <ul className="mt-3">
            {items
              .filter(({ environment }) => environment === env)
              .map(({ approvalId, message }) => (
                <li key={approvalId}>
                  <Link className="text-accent underline" to={paths.approval(approvalId)}>
                    {message}
                  </Link>
                </li>
              ))}
          </ul>
        )}
      </Loaded>
    </>
  )
}
