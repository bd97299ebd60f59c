/** What the stories' definitions are written with. */
import type { JsonObject } from "../../../core/json.ts"

/** A state that asks an agent; it goes on at `next`, or ends the block. */
export function asks(
  name: string,
  agent: string,
  task: string,
  next: string | null,
  more: JsonObject = {},
): JsonObject {
  const { variables, timeoutSeconds, ...rest } = more
  return {
    name,
    type: "operation",
    action: "agent.run",
    input: {
      agent,
      task,
      ...(variables !== undefined && { variables }),
      ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    },
    resultPath: `steps.${name}`,
    ...rest,
    ...goesOn(next),
  }
}

export function goesOn(next: string | null): JsonObject {
  return next === null ? { end: true } : { next }
}

export const patient: JsonObject = {
  maxAttempts: 4,
  backoffSeconds: 2,
  backoff: "exponential",
  jitter: "full",
  nonRetryable: ["bug"],
}
export const twice: JsonObject = { maxAttempts: 2, backoffSeconds: 1, nonRetryable: ["bug"] }
