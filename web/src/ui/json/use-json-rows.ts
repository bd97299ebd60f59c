import { useMemo, useState } from "react"
import { jsonRows } from "./json-rows.ts"
import { searchJson } from "./json-search.ts"

/** Open at first: this deep, and nothing that is this long. */
const OPEN_DEPTH = 2
const OPEN_COUNT_MAX = 50

/** Which rows there are: the reader's own folding over what the search needs open over what is open at first. */
export function useJsonRows(value: unknown, openDepth = OPEN_DEPTH) {
  const [folding, setFolding] = useState<ReadonlyMap<string, boolean>>(new Map())
  const [words, setWords] = useState("")
  const found = useMemo(() => searchJson(value, words), [value, words])
  const { rows, cut } = useMemo(
    () =>
      jsonRows(value, (pointer, depth, count) => {
        if (found.above.has(pointer)) return true
        return folding.get(pointer) ?? (depth < openDepth && count > 0 && count <= OPEN_COUNT_MAX)
      }),
    [value, folding, found, openDepth],
  )
  const fold = (pointer: string, open: boolean) => setFolding(new Map(folding).set(pointer, open))
  return { rows, cut, found, words, setWords, fold }
}
