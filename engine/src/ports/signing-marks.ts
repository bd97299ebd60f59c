/** What was signed for the first time: kept where whoever can write the database cannot write. */
export interface SigningMarks {
  readonly file: string
  has(what: string): boolean
  /** Durable when it returns. @throws where the folder of the key cannot be written */
  add(what: readonly string[]): void
}
