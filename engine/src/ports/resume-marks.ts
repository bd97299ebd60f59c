/**
 * Which runs a boot was about to resume, durable before it does (rule 1): a run that is found marked again has taken
 * the process down with it. Written in bulk, once per group of runs, and cleared when the group is through.
 */
export interface Quarantined {
  readonly why: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

export interface ResumeMarks {
  /** How often each run was being resumed when the process ended. */
  read(): Promise<ReadonlyMap<string, number>>
  /** Adds one to each; durable when it returns. */
  add(runIds: readonly string[]): Promise<void>
  clear(runIds: readonly string[]): Promise<void>
  /** Runs that no process is to try until somebody asks for it. */
  quarantined(): Promise<ReadonlyMap<string, Quarantined>>
  quarantine(runId: string, found: Quarantined): Promise<void>
  release(runId: string): Promise<void>
}
