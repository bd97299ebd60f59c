/**
 * What the agents of a run logged, kept beside its history and never part of it: a crash may take the last moment's lines
 * along, and nothing is decided by them. Lines are redacted before they come here (rule 9).
 */
import type { AgentLogLevel } from "./agent-host.ts"

export interface NewLogLine {
  readonly runId: string
  /** When it came to the engine, milliseconds since the epoch. */
  readonly at: number
  readonly stepId: string
  /** From 1. */
  readonly attempt: number
  readonly level: AgentLogLevel
  readonly message: string
  /** JSON of an object, or null. */
  readonly fields: string | null
}

export interface RunLogLine extends Omit<NewLogLine, "runId"> {
  /** Of this run, from 1 without a gap, in the order in which lines came. */
  readonly number: number
}

export interface RunLogPage {
  /** Those with a higher number. */
  readonly after: number
  /** This one and the graver ones. */
  readonly level: AgentLogLevel
  readonly stepId: string | null
  readonly attempt: number | null
  readonly limit: number
}

/** From the least to the gravest. */
export const logLevels: readonly AgentLogLevel[] = ["debug", "info", "warn", "error"]

export interface RunLogStore {
  /**
   * Durable when the promise is fulfilled. Lines of a run that holds `most` already, and of runs that are not there, are
   * left out; answers how many those are.
   */
  add(lines: readonly NewLogLine[], most: number): Promise<number>
  /** Oldest first. A page may hold fewer than asked for, and ends behind `to`: the next one goes on there. */
  page(runId: string, page: RunLogPage): Promise<{ readonly lines: readonly RunLogLine[]; readonly to: number | null }>
}
