import { useQueryClient } from "@tanstack/react-query"
import { isUnanswered, problemWords } from "../data/problem-words.ts"
import { useLiveConnection } from "../live/use-live.ts"
import { CalmNote } from "../page/CalmNote.tsx"
import { useServerAway } from "../page/use-server-away.ts"

/** The one note of a page whose server does not answer. How old what is shown is stands beside the live mark. */
export function AwayNote() {
  const away = useServerAway()
  const connection = useLiveConnection()
  const queries = useQueryClient()
  if (away === null) return null
  function retry() {
    connection.retry()
    void queries.refetchQueries({ type: "active", predicate: ({ state }) => state.status === "error" })
  }
  return (
    <CalmNote action={{ label: "Try now", run: retry }} className="mx-auto mt-2 -mb-2 w-[calc(100%-2rem)] max-w-392">
      <span className="font-medium">
        {isUnanswered(away) ? "The server does not answer" : problemWords(away).title}.
      </span>{" "}
      What is shown stays, and comes up to date by itself as soon as it does.
    </CalmNote>
  )
}
