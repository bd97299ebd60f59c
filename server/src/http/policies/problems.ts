/** What is refused about a policy, whichever it is. */
import { ProblemError } from "../shared/problem.ts"

export function invalidPolicy(problems: readonly { readonly pointer: string; readonly message: string }[]) {
  const errors = problems.map(({ pointer, message }) => ({
    code: "invalid_value",
    message,
    pointer: `/policy${pointer}`,
  }))
  const detail = `the policy has ${errors.length} problem${errors.length === 1 ? "" : "s"}`
  return new ProblemError("invalid_policy", detail, { errors })
}

export function policyChanged(version: number) {
  return new ProblemError("policy_changed", `the policy stands at version ${version} by now`, { data: { version } })
}
