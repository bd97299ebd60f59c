import type { RunState } from "../state.ts"

export function isFinished(state: RunState): boolean {
  return state.terminal !== null
}
