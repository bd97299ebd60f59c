/** One thing that must hold of the whole project; `npm test` counts each as a test. */
export interface Check {
  /** A sentence that says what holds when the check passes. */
  readonly title: string
  /** What was found wrong, one line each, with `file:line` first where there is one; empty when all is well. */
  readonly run: () => Promise<readonly string[]>
}
