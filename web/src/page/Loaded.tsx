import type { UseQueryResult } from "@tanstack/react-query"
import type { ReactNode } from "react"
import { ProblemNote } from "./ProblemNote.tsx"

export interface LoadedProps<T> {
  readonly query: UseQueryResult<T>
  /** What is asked for, as it reads in `… could not be loaded`: `The runs`. */
  readonly what: string
  /** Shown at the first paint only; later questions keep what is there. */
  readonly skeleton?: ReactNode
  readonly children: (data: T) => ReactNode
}

/** The three ways a question can stand: nothing yet, an answer, and an answer beside an error of a later question. */
export function Loaded<T>({ query, what, skeleton, children }: LoadedProps<T>) {
  const { data, error, refetch } = query
  const retry = () => void refetch()
  const note =
    error === null ? null : <ProblemNote error={error} about={`${what} could not be loaded`} onRetry={retry} />
  if (data === undefined)
    return note ?? <div aria-busy="true">{skeleton ?? <p className="text-muted">Loading…</p>}</div>
  return (
    <>
      {note}
      {children(data)}
    </>
  )
}
