/** Lines as they are loaded, and those of them that are looked for. */
import type { RunLogLine, RunLogPage } from "@waybill/contract"

export interface Lines {
  readonly items: readonly RunLogLine[]
  /** The number to go on after. */
  readonly after: number
  /** The server has more behind it by now. */
  readonly hasMore: boolean
}

export const nothingYet: Lines = { items: [], after: 0, hasMore: false }

/** With one more page. The same when nothing has come, so that nothing is drawn anew. */
export function grown(before: Lines, { items, nextCursor }: RunLogPage): Lines {
  const after = nextCursor === null ? (items.at(-1)?.number ?? before.after) : Number(nextCursor)
  const hasMore = nextCursor !== null
  if (items.length === 0 && after === before.after && hasMore === before.hasMore) return before
  return { items: items.length === 0 ? before.items : [...before.items, ...items], after, hasMore }
}

/** Those that hold all the words: in the message, the step's name, or in what was given beside it. */
export function matchingLines(
  lines: readonly RunLogLine[],
  words: string,
  nameOf: (stepId: string) => string | undefined,
): readonly RunLogLine[] {
  const wanted = words
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "")
  if (wanted.length === 0) return lines
  return lines.filter(({ message, stepId, fields }) => {
    const text = `${message} ${nameOf(stepId) ?? stepId} ${fields === null ? "" : JSON.stringify(fields)}`.toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
}
