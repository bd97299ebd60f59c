import type { UseQueryResult } from "@tanstack/react-query"
import type { ReactNode } from "react"
import { isMissing } from "../data/problem-words.ts"
import { CalmNote } from "./CalmNote.tsx"
import { NotHereYet, QuestionNote } from "./QuestionNote.tsx"

export interface LoadedProps<T> {
  readonly query: UseQueryResult<T>
  /** What is asked for, as it reads in `… could not be loaded`: `The runs`. */
  readonly what: string
  /** Shown at the first paint only; later questions keep what is there. */
  readonly skeleton?: ReactNode
  /** Of the thing that the page is about: shown when there is none, with the way to those that there are. */
  readonly missing?: ReactNode
  readonly children: (data: T) => ReactNode
}

/** The three ways a question can stand: nothing yet, an answer, and an answer beside an error of a later question. */
export function Loaded<T>({ query, what, skeleton, missing, children }: LoadedProps<T>) {
  const { data, error, refetch, errorUpdateCount } = query
  const retry = () => void refetch()
  if (data === undefined) {
    if (error === null && errorUpdateCount > 0) return <NotHereYet what={what} onRetry={retry} />
    if (error === null) return <div aria-busy="true">{skeleton ?? <p className="text-muted">Loading…</p>}</div>
    if (missing !== undefined && isMissing(error)) return missing
  }
  const isGone = missing !== undefined && isMissing(error)
  return (
    <>
      {isGone && (
        <CalmNote>{what} is no longer on the server. What is shown is the last that was known of it.</CalmNote>
      )}
      <QuestionNote error={error} what={what} hasAnswer={data !== undefined} onRetry={retry} />
      {data !== undefined && children(data)}
    </>
  )
}
