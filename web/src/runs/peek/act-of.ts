import { type Act, actNames } from "../../parts/run-actions/acts.ts"
import type { WhyNextStep } from "../../parts/why/WhyNext.tsx"

/** The next step as an act on the run; null when it is none, as a decision. */
export function actOf({ action, from, signal, stepId }: WhyNextStep): Act | null {
  const name = actNames.find((one) => one === action)
  if (name === undefined) return null
  return {
    name,
    ...(from !== null && { from }),
    ...(signal !== null && { signal }),
    ...(name === "retry-now" && stepId !== null && { stepId }),
  }
}
