/**
 * What is counted of finished runs and of their steps, once each, in the hour in which the run ended (rule 33). A rollup
 * is a delta: two of the same key are added field by field. It holds sums and sketches only, never a rate: rates are
 * made of sums where they are asked for.
 */
import type { RunRow, StepRow } from "../views/rows.ts"
import { addSketch, addValue, decodeSketch, encodeSketch, type Sketch } from "./sketch.ts"

export const hourMs = 3_600_000

export const dayMs = 24 * hourMs

export function dayOf(at: number): number {
  return Math.floor(at / dayMs) * dayMs
}

export function hourOf(at: number): number {
  return Math.floor(at / hourMs) * hourMs
}

/** What begins a run in production; backfills and replays are counted as what they are, whatever began them. */
export const production: readonly string[] = ["api", "manual", "schedule", "event", "parent", "rerun"]

/** `live` is all that begins a run in production. */
export function namedOrigins(origins: readonly string[]): readonly string[] {
  if (origins.length === 0) return production
  return [...new Set(origins.flatMap((origin) => (origin === "live" ? production : [origin])))]
}

/** The origins of runs that may stand for one of this origin. */
export function standingFor(origin: string): readonly string[] {
  return production.includes(origin) ? production : [origin]
}

export interface RollupKey {
  /** Its beginning, in milliseconds since the epoch. */
  readonly hour: number
  readonly workspaceId: string
  readonly environment: string
  readonly workflowId: string
  readonly versionNumber: number
  /** The author's label of that version. */
  readonly version: string
  /** What began the run, `api, manual, schedule, event, parent, rerun`; of one that is set apart `backfill` or `replay`. */
  readonly origin: string
}

/** 1: runs that a later one with the same business event stands for; service levels leave them out (settled 14). */
export interface RunKey extends RollupKey {
  readonly folded: 0 | 1
}

export interface StepKey extends RollupKey {
  readonly step: string
}

export const runSums = [
  "completed",
  "failed",
  "timedOut",
  "cancelled",
  "firstPass",
  "retries",
  "durationSum",
  "tokens",
  "tokenSquares",
  "computeMs",
  "costUsd",
  "costSquares",
  "accuracyCount",
  "accuracySum",
  "accuracySquares",
  "throughputCount",
  "throughputSum",
] as const
export type RunSums = Record<(typeof runSums)[number], number>

export const stepSums = [
  "steps",
  "attempts",
  "succeeded",
  "failed",
  "timedOut",
  "cancelled",
  "retries",
  "durationSum",
  "queueSum",
  "tokens",
  "computeMs",
  "costUsd",
] as const
export type StepSums = Record<(typeof stepSums)[number], number>

/** As they are stored: sketches as text. */
export type RunRollup = RunKey & RunSums & RunSketches
export type StepRollup = StepKey & StepSums & { readonly durations: string; readonly queues: string }

export interface RunSketches {
  readonly durations: string
  readonly cutShort: string
}

export interface RunTally {
  readonly sums: RunSums
  /** Of all that ended. */
  readonly durations: Sketch
  /** Of those among them that failed or were cancelled: when they ended says nothing of how long the work takes. */
  readonly cutShort: Sketch
}

export interface StepTally {
  readonly sums: StepSums
  readonly durations: Sketch
  readonly queues: Sketch
}

export function emptyRunTally(): RunTally {
  return { sums: zeros(runSums), durations: new Map(), cutShort: new Map() }
}

export function emptyStepTally(): StepTally {
  return { sums: zeros(stepSums), durations: new Map(), queues: new Map() }
}

function zeros<const Names extends readonly string[]>(names: Names): Record<Names[number], number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Names[number], number>
}

/** What a finished run's row tells; `durationMs` is null where it never began. */
export type CountedRun = Pick<
  RunRow,
  "status" | "retryCount" | "hitl" | "rerunOf" | "tokens" | "computeMs" | "costUsd" | "effectiveness"
> & { readonly durationMs: number | null }

export type CountedStep = Pick<
  StepRow,
  | "name"
  | "status"
  | "attempt"
  | "retries"
  | "enteredAt"
  | "scheduledAt"
  | "startedAt"
  | "completedAt"
  | "tokens"
  | "computeMs"
  | "costUsd"
>

export function countRun({ sums, durations, cutShort }: RunTally, run: CountedRun): void {
  const outcome = outcomes[run.status]
  if (outcome === undefined) return
  sums[outcome] += 1
  if (isFirstPass(run)) sums.firstPass += 1
  sums.retries += run.retryCount
  sums.tokens += run.tokens
  sums.tokenSquares += run.tokens ** 2
  sums.computeMs += run.computeMs
  sums.costUsd += run.costUsd
  sums.costSquares += run.costUsd ** 2
  if (run.durationMs !== null) {
    sums.durationSum += run.durationMs
    addValue(durations, run.durationMs)
    if (outcome === "failed" || outcome === "cancelled") addValue(cutShort, run.durationMs)
  }
  if (run.effectiveness !== null) countEffect(sums, run.effectiveness)
}

const outcomes: { readonly [status: string]: "completed" | "failed" | "timedOut" | "cancelled" } = {
  COMPLETED: "completed",
  FAILED: "failed",
  TIMED_OUT: "timedOut",
  CANCELLED: "cancelled",
}

/** Settled 30: completed with no retry, rejection or re-run. */
export function isFirstPass(run: Pick<CountedRun, "status" | "retryCount" | "hitl" | "rerunOf">): boolean {
  return run.status === "COMPLETED" && run.retryCount === 0 && run.hitl !== "rejected" && run.rerunOf === null
}

function countEffect(sums: RunSums, text: string): void {
  const { accuracy, throughputDelta } = JSON.parse(text) as { accuracy?: unknown; throughputDelta?: unknown }
  if (typeof accuracy === "number") {
    sums.accuracyCount += 1
    sums.accuracySum += accuracy
    sums.accuracySquares += accuracy ** 2
  }
  if (typeof throughputDelta === "number") {
    sums.throughputCount += 1
    sums.throughputSum += throughputDelta
  }
}

export function countStep({ sums, durations, queues }: StepTally, step: CountedStep): void {
  sums.steps += 1
  sums.attempts += step.attempt
  sums.retries += step.retries
  if (step.status === "SUCCEEDED") sums.succeeded += 1
  else if (step.status === "FAILED") sums.failed += 1
  else if (step.status === "TIMED_OUT") sums.timedOut += 1
  else sums.cancelled += 1
  sums.tokens += step.tokens
  sums.computeMs += step.computeMs
  sums.costUsd += step.costUsd
  const began = step.startedAt ?? step.enteredAt
  if (step.completedAt !== null) {
    const took = Math.max(0, step.completedAt - began)
    sums.durationSum += took
    addValue(durations, took)
  }
  if (step.scheduledAt !== null && step.startedAt !== null) {
    const waited = Math.max(0, step.startedAt - step.scheduledAt)
    sums.queueSum += waited
    addValue(queues, waited)
  }
}

export function addRunTally(into: RunTally, other: RunTally, times = 1): void {
  for (const name of runSums) into.sums[name] += other.sums[name] * times
  addSketch(into.durations, other.durations, times)
  addSketch(into.cutShort, other.cutShort, times)
}

/**
 * How long runs took that completed, or whose time was up: what a target for durations and a comparison judge. Fewer than
 * none were cut short where a run was taken out that was counted before there was this: it is no run that completed.
 */
export function judgedDurations({ durations, cutShort }: RunTally): Sketch {
  const judged = new Map(durations)
  addSketch(judged, new Map([...cutShort].filter(([, count]) => count > 0)), -1)
  return judged
}

export function addStepTally(into: StepTally, other: StepTally): void {
  for (const name of stepSums) into.sums[name] += other.sums[name]
  addSketch(into.durations, other.durations)
  addSketch(into.queues, other.queues)
}

export function runRollup(key: RunKey, { sums, durations, cutShort }: RunTally): RunRollup {
  return { ...key, ...sums, durations: encodeSketch(durations), cutShort: encodeSketch(cutShort) }
}

export function stepRollup(key: StepKey, { sums, durations, queues }: StepTally): StepRollup {
  return { ...key, ...sums, durations: encodeSketch(durations), queues: encodeSketch(queues) }
}

export function runTallyOf(row: RunSums & RunSketches): RunTally {
  return { sums: picked(row, runSums), durations: decodeSketch(row.durations), cutShort: decodeSketch(row.cutShort) }
}

export function stepTallyOf(row: StepSums & { readonly durations: string; readonly queues: string }): StepTally {
  return { sums: picked(row, stepSums), durations: decodeSketch(row.durations), queues: decodeSketch(row.queues) }
}

function picked<const Names extends readonly string[]>(
  row: Record<Names[number], number>,
  names: Names,
): Record<Names[number], number> {
  return Object.fromEntries(names.map((name) => [name, row[name as Names[number]]])) as Record<Names[number], number>
}
