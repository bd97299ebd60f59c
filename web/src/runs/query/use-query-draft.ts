/**
 * The query while it is typed. What stands in the address is what the list shows; the text runs ahead of it and is taken
 * over when it has rested and the server understands all of it, or at once by Enter, right or wrong.
 */
import { useQuery, useQueryClient } from "@tanstack/react-query"
import { useEffect, useRef, useState } from "react"
import { readQuery } from "../questions.ts"
import type { QueryProblem } from "./mark.ts"

const RESTS_AFTER_MS = 300

export interface QueryDraft {
  readonly text: string
  /** Of this very text, as far as the server has read it. */
  readonly problems: readonly QueryProblem[]
  /** `isBegun`: its last word may become a field; it is no search yet. */
  type(text: string, isBegun: boolean): void
  /** By Enter, or a press: it is meant as it stands. */
  commit(text: string): void
}

export function useQueryDraft(asked: string, ask: (query: string, step: { replace: boolean }) => void): QueryDraft {
  const queries = useQueryClient()
  const [draft, setDraft] = useState({ of: asked, text: asked })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  // Somebody else changed the query: a facet, a tab, the way back.
  const text = draft.of === asked ? draft.text : asked
  const { data: read } = useQuery({ ...readQuery(text), enabled: text === asked && text !== "" })

  // effect: whoever leaves the page must not have its address changed behind them.
  useEffect(() => () => clearTimeout(timer.current), [])

  /** What was going to be asked is not what is meant any more. */
  function forget() {
    clearTimeout(timer.current)
    timer.current = undefined
  }

  function take(next: string, replace: boolean) {
    forget()
    const query = next.trim()
    // The text keeps its spaces: somebody may go on typing.
    setDraft({ of: query, text: next })
    if (query !== asked) ask(query, { replace })
  }

  async function rest(next: string) {
    const mine = timer.current
    if ((await isRight(next)) && timer.current === mine) take(next, true)
  }

  async function isRight(next: string): Promise<boolean> {
    if (next.trim() === "") return true
    // When nobody answers, the list itself will say so.
    const read = await queries.fetchQuery(readQuery(next)).catch(() => null)
    return read === null || read.problems.length === 0
  }

  return {
    text,
    problems: read?.query === text ? read.problems : [],
    type(next, isBegun) {
      forget()
      setDraft({ of: asked, text: next })
      if (!isBegun) timer.current = setTimeout(() => void rest(next), RESTS_AFTER_MS)
    },
    commit: (next) => take(next, false),
  }
}
