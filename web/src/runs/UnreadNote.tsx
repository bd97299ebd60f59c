import { CalmNote } from "../page/CalmNote.tsx"
import { useRawSearch } from "../page/navigation.ts"
import { unreadIn } from "./unread.ts"

/** The address says more than the list understands: nobody should take what is shown for what was asked. */
export function UnreadNote({ onDrop }: { readonly onDrop: () => void }) {
  const words = unreadIn(useRawSearch())
  if (words.length === 0) return null
  return <CalmNote action={{ label: "Take it out of the address", run: onDrop }}>{words.join(" ")}</CalmNote>
}
