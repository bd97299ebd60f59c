/** What a process that called `waybill` learns from it; the whole list stands in docs/reference/cli.md. */
export const exitCodes = {
  done: 0,
  /** What was asked for went wrong, or a run that was watched did not complete. */
  failed: 1,
  wrongUse: 2,
  /** Nobody answers at the address; of `serve`: another process holds the data directory (rule 26). */
  notThere: 3,
  /** Of `serve`: a commit of unknown outcome (rule 3). */
  unknownCommit: 70,
  /** Ctrl-C, as shells count it. */
  interrupted: 130,
} as const
