/** What an audit says: which of the invariants I1–I16 does not hold, where, and in words. */
export type Invariant = `I${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16}`

export interface Finding {
  readonly invariant: Invariant
  readonly runId: string
  /** The event at which it shows; null when it is about rows. */
  readonly seq: number | null
  readonly detail: string
}
