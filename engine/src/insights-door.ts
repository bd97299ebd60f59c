/** The understanding half of the door: why a run is where it is, and what lies beside it. Reads only; every answer bounded. */
import type { Actor } from "./core/run/commands.ts"
import type { WhyView } from "./core/views/why/index.ts"

export type { WhyView }

export interface Insights {
  /** For this actor: the next action is one that they may do, where there is one. Null = no such run. */
  why(runId: string, actor: Actor): Promise<WhyView | null>
}
