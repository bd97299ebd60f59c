/** What a visit is doing, and the counts behind the run's status that move with it. */
import type { Phase, RunState, Visit } from "./state.ts"

/** The only way a visit's phase moves: keeps the ready set and the counts behind the run's status. */
export function setPhase(state: RunState, visit: Visit, phase: Phase): void {
  count(state, visit.phase, -1)
  visit.phase = phase
  count(state, phase, 1)
  if (phase.kind === "ready") state.ready.add(`v:${visit.stepId}`)
  else state.ready.delete(`v:${visit.stepId}`)
}

function count(state: RunState, phase: Phase, by: 1 | -1): void {
  if (phase.kind === "holding") return
  if (phase.kind === "approval") state.open.approvals += by
  else if (phase.kind === "listening") state.open.listens += by
  else if (phase.kind === "running" || phase.kind === "ready") state.open.executing += by
  else state.open.others += by
}
