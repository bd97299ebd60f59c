/** The understanding half of the door: why a run is where it is, and what lies beside it. Reads only; every answer bounded. */
import type { Actor } from "./core/run/commands.ts"
import type { StepRow } from "./core/views/rows.ts"
import type { StepContext } from "./core/views/step-context.ts"
import type { WhyView } from "./core/views/why/index.ts"
import type { TimelinePage } from "./ports/run-insights.ts"

export type { StepContext, TimelinePage, WhyView }

export interface Insights {
  /** For this actor: the next action is one that they may do, where there is one. Null = no such run. */
  why(runId: string, actor: Actor): Promise<WhyView | null>
  /** Lanes with a higher `seq` than `after`, in the order of their steps. Null = no such run. */
  timeline(runId: string, after: number, limit: number): Promise<TimelinePage | null>
  step(runId: string, stepId: string): Promise<StepRow | null>
  /** What the step added, changed and removed, and who had written what was there. Null = no such step. */
  stepContext(runId: string, stepId: string): Promise<StepContext | null>
}
