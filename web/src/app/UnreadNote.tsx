import { CalmNote } from "../page/CalmNote.tsx"
import { useSetSearch, useUnread } from "../page/navigation.ts"
import { type Unread, unreadWords } from "../page/read-search.ts"

/** The address says more than its page understands: nobody should take what is shown for what was asked. */
export function UnreadNote() {
  const words = unreadWords(useUnread())
  const setSearch = useSetSearch<Unread>()
  if (words === null) return null
  const drop = () => setSearch({ unread: undefined }, { replace: true })
  return (
    <CalmNote
      action={{ label: "Take it out of the address", run: drop }}
      className="mx-auto mt-2 -mb-2 w-[calc(100%-2rem)] max-w-392"
    >
      {words}
    </CalmNote>
  )
}
