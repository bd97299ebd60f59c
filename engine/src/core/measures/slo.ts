/**
 * Whether a target holds, and how much of what it allows is used up. Both kinds are one: a share of runs that must be
 * good, where good is completed, or quick enough. Of durations only runs are judged that completed or ran out of time:
 * one that failed at once is not quick, and the success rate has it already. What is allowed to be bad is the error budget; its burn rate says how
 * many times faster than allowed a stretch of time used it.
 */
import { judgedDurations, type RunTally } from "./rollup.ts"
import { countAbove, countOf, quantile } from "./sketch.ts"

export interface Target {
  readonly objective: "success_rate" | "duration"
  /** A share of 1, below it. */
  readonly target: number
  /** Of a duration. */
  readonly limitMs: number | null
}

export interface Level {
  /** Runs that are judged. */
  readonly runs: number
  readonly bad: number
  /** The share of good ones; null: none is judged. */
  readonly share: number | null
  /** Of a duration: what the target's share of runs took at most. */
  readonly actualMs: number | null
}

export interface SloState {
  readonly state: "met" | "missed" | "no_data"
  readonly level: Level
  /** Bad runs that the target allows among those of the window, and the share of them that is left; below 0: overdrawn. */
  readonly allowed: number
  readonly budgetLeft: number | null
}

export function levelOf({ objective, target, limitMs }: Target, tally: RunTally): Level {
  const { completed, failed, timedOut } = tally.sums
  const isRate = objective === "success_rate"
  const took = judgedDurations(tally)
  const runs = isRate ? completed + failed + timedOut : countOf(took)
  const bad = isRate ? failed + timedOut : countAbove(took, limitMs ?? 0)
  return {
    runs,
    bad,
    share: runs === 0 ? null : 1 - bad / runs,
    actualMs: isRate ? null : quantile(took, target),
  }
}

export function sloState(target: Target, tally: RunTally): SloState {
  const level = levelOf(target, tally)
  const allowed = level.runs * (1 - target.target)
  if (level.runs === 0) return { state: "no_data", level, allowed, budgetLeft: null }
  return { state: level.bad <= allowed + 1e-9 ? "met" : "missed", level, allowed, budgetLeft: 1 - level.bad / allowed }
}

/** 1: at this pace the budget is used up just when the window is over. Null: nothing to judge. */
export function burnRate(target: Target, tally: RunTally): number | null {
  const { runs, bad } = levelOf(target, tally)
  return runs === 0 ? null : bad / runs / (1 - target.target)
}
