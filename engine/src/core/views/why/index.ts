/**
 * Why a run is where it is (ui.md §3.2): what, since when, what is different, who else, and the one thing to do. A pure
 * fold over what the use-case has read; it reads nothing itself and never says what it does not know.
 */
import type { RunRow } from "../rows.ts"
import { headlineOf } from "./headline.ts"
import type { WhyAlike, WhyCause, WhyChanged, WhyEnded, WhyView } from "./model.ts"
import { type NextFacts, nextStep } from "./next-step.ts"
import type { OpenRun } from "./open-run.ts"

export { afterTimeout, approvalTimeout } from "./afterwards.ts"
export { againstLastGood, type Beginning, type ModelsByPlace } from "./against-last-good.ts"
export { alikeQuery } from "./alike-query.ts"
export { type Deadline, nearestDeadline } from "./deadlines.ts"
export { type Link, placeIn, placesNamed } from "./definition-place.ts"
export { childOf, endedWithin, failedWithin, pathDepthMax, stepPlace } from "./failure-path.ts"
export type * from "./model.ts"
export type { AgentNow, NewerVersion, NextFacts } from "./next-step.ts"
export { type OpenRun, readOpenRun } from "./open-run.ts"
export { aloneWait, attemptsMaxOf, type EngineFacts, type Paused, untilDecided } from "./waits.ts"

export interface WhyFacts extends Omit<NextFacts, "run" | "cause" | "open"> {
  readonly run: RunRow
  readonly cause: WhyCause | null
  readonly ended: WhyEnded | null
  readonly changed: WhyChanged | null
  readonly alike: WhyAlike | null
  /** Null: the run has ended. */
  readonly open: OpenRun | null
}

export function explainRun(facts: WhyFacts): WhyView {
  const { run, open, cause, ended, changed, alike } = facts
  return {
    runId: run.runId,
    seq: open?.seq ?? run.seq,
    status: run.status,
    headline: headlineOf(facts),
    cause,
    ended,
    changed,
    alike,
    waits: open?.waits ?? [],
    waitCount: open?.waitCount ?? 0,
    doing: open?.doing ?? [],
    doingCount: open?.doingCount ?? 0,
    next: nextStep(facts),
  }
}
