import { CalmNote } from "../page/CalmNote.tsx"
import { unreadWords } from "./unread.ts"

type UnreadNoteProps = { readonly unread: readonly string[] | undefined; readonly onDrop: () => void }

/** The address says more than the list understands: nobody should take what is shown for what was asked. */
export function UnreadNote({ unread = [], onDrop }: UnreadNoteProps) {
  const words = unreadWords(unread)
  if (words.length === 0) return null
  return <CalmNote action={{ label: "Take it out of the address", run: onDrop }}>{words.join(" ")}</CalmNote>
}
