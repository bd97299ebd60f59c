/** Batches of the archive as ranges of their runs' ends: few, since batches follow each other. Never more than batches. */
import type { ArchivedEnds } from "./run-term.ts"

export interface BatchEnds {
  /** The end of the run behind which it begins. */
  readonly behind: number
  readonly first: number
  readonly last: number
}

/** @param ends of batches of one workspace before this one, in order; the last of them grows, or another comes */
export function joinEnds(ends: ArchivedEnds[], { behind, first, last }: BatchEnds): void {
  const before = ends[ends.length - 1]
  if (before !== undefined && behind <= before.to) ends[ends.length - 1] = { from: before.from, to: last }
  else ends.push({ from: first, to: last })
}
