/** What a foreign suite tells the conformance runner. */
export type SuiteRow = {
  readonly file: string
  readonly passed: number
  readonly total: number
  readonly excluded: number
}

export type SuiteReport = {
  readonly rows: readonly SuiteRow[]
  /** One line each; any makes the run fail. */
  readonly failures: readonly string[]
  /** Every excluded case and why. */
  readonly exclusions: readonly string[]
  readonly notes: readonly string[]
}

export type Suite = {
  readonly name: string
  readonly title: string
  /** The command that fetches the suite into DIR. */
  readonly howToGet: string
  /** Where it lies under DIR; undefined when it is not there. */
  find(from: string): string | undefined
  run(folder: string): SuiteReport | Promise<SuiteReport>
}
