import { useQueries, useQuery } from "@tanstack/react-query"
import { sessionQuery } from "../../data/queries.ts"
import { Link } from "../../page/Link.tsx"
import { buttonLook } from "../../ui/button-look.ts"
import { askedRuns } from "../list/asked.ts"
import { matchingQuery } from "../questions.ts"
import type { RunsPageSearch } from "../search.ts"
import { countWords } from "./count-words.ts"
import { otherEnvironments, runsIn } from "./elsewhere.ts"

/** Nothing where no other environment has what is looked for. */
export function Elsewhere({ search, env }: { search: RunsPageSearch; env: string }) {
  const { data: session } = useQuery(sessionQuery())
  const others = otherEnvironments(session?.environments, env, search)
  const counted = useQueries({ queries: others.map((one) => matchingQuery(askedRuns(search, one))) })
  const found = others.flatMap((one, at) => {
    const total = counted[at]?.data?.total
    return total === undefined || total.value === 0 ? [] : [{ env: one, words: countWords(total.value, total.exact) }]
  })
  if (found.length === 0) return null
  return (
    <div className="mt-3">
      <p>This is the environment {env}. There are such runs in others:</p>
      <ul className="mt-2 flex flex-wrap justify-center gap-1.5">
        {found.map(({ env: there, words }) => (
          <li key={there}>
            <Link to={runsIn(there, search)} className={buttonLook({ look: "plain" })}>
              {there} <span className="font-normal text-muted">{words}</span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}
