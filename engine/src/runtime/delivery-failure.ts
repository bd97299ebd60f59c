/** What an executor reports, as the error object that steers retries (dsl.md §4, settled 7). */

import type { AttemptOutcome } from "../core/run/commands.ts"
import type { RunError, Usage } from "../core/run/events.ts"
import type { AgentFailure } from "../ports/agent-host.ts"

export function failedOutcome(error: AgentFailure, attempt: number, usage: Usage | undefined): AttemptOutcome {
  const kind = error.kind === "timeout" ? "timed_out" : "failed"
  return { kind, error: runError(error, attempt), ...(usage === undefined ? {} : { usage }) }
}

function runError(error: AgentFailure, attempt: number): RunError {
  const cause = causeOf(error.causes ?? [])
  return {
    type: `waybill:${error.code}`,
    class: error.class,
    ...(error.kind === null ? {} : { kind: error.kind }),
    code: error.code,
    title: error.title,
    detail: error.detail,
    attempt,
    ...(cause === undefined ? {} : { cause }),
    ...(error.retryAfterSeconds === undefined ? {} : { retryAfterMs: Math.round(error.retryAfterSeconds * 1_000) }),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.pointer === undefined ? {} : { data: { pointer: error.pointer } }),
  }
}

/** A chain of messages, outermost first, as nested causes. */
function causeOf(messages: readonly string[]): RunError | undefined {
  return messages.reduceRight<RunError | undefined>(
    (inner, detail) => ({
      type: "waybill:cause",
      class: "bug",
      code: "cause",
      title: "Caused by",
      detail,
      ...(inner === undefined ? {} : { cause: inner }),
    }),
    undefined,
  )
}

export function overdueOutcome(
  what: "attempt" | "heartbeat",
  limitMs: number,
  attempt: number,
  usage: Usage | undefined,
): AttemptOutcome {
  const code = what === "attempt" ? "timeout" : "heartbeat_missed"
  const detail =
    what === "attempt"
      ? `the attempt did not end within ${limitMs} ms and did not stop when it was asked to`
      : `the executor gave no sign of life for ${limitMs} ms`
  return {
    kind: "timed_out",
    error: {
      type: `waybill:${code}`,
      class: "transient",
      kind: "timeout",
      code,
      title: "The attempt timed out",
      detail,
      attempt,
    },
    ...(usage === undefined ? {} : { usage }),
  }
}
