/**
 * An event in one line: what happened, in the words of its payload. It reads what it knows and is total over what a newer
 * server may write: a type it does not know says nothing, and the payload beside it has everything.
 */
import type { Event } from "@waybill/contract"
import { formatDuration } from "../../ui/time/duration.ts"

type Payload = { readonly [key: string]: unknown }

export function eventWords({ type, payload }: Pick<Event, "type" | "payload">): string {
  if (payload === null) return "its payload has been erased"
  if (typeof payload !== "object" || Array.isArray(payload)) return ""
  return words[type]?.(payload as Payload) ?? ""
}

const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "")
const lower = (value: unknown): string => text(value).toLowerCase().replaceAll("_", " ")
const detail = (error: unknown): string => {
  const { code, detail: said } = (error ?? {}) as Payload
  return [text(code), text(said)].filter((part) => part !== "").join(": ")
}
const list = (value: unknown): string => (Array.isArray(value) ? value.map(text).join(", ") : "")
const attempt = (payload: Payload): string => `attempt ${text(payload.attempt)}`
const behind = (word: string, more: string): string => (more === "" ? word : `${word}: ${more}`)
const block = ({ kind, index }: Payload): string =>
  kind === "do" ? `round ${text(index)}` : kind === "cancel" ? "clean-up" : text(kind)
const goesOn = ({ status, next, handled }: Payload): string =>
  [lower(status), handled === true && "dealt with", typeof next === "string" && `goes on at ${next}`]
    .filter(Boolean)
    .join(", ")

const words: { readonly [type: string]: (payload: Payload) => string } = {
  "run.created": ({ workflowName, workflowVersion }) => `${text(workflowName)} ${text(workflowVersion)}`,
  "run.queued": ({ key }) => `waits for its turn at ${text(key)}`,
  "run.started": ({ state }) => `begins at ${text(state)}`,
  "run.paused": ({ reason }) => text(reason),
  "run.resumed": ({ reason }) => text(reason),
  "run.cancel_requested": ({ cause }) => text(((cause ?? {}) as Payload).reason),
  "run.failed": ({ error }) => detail(error),
  "run.timed_out": ({ error }) => detail(error),
  "state.entered": ({ action, type, visit }) =>
    `${text(action ?? type)}${typeof visit === "number" && visit > 1 ? `, visit ${visit}` : ""}`,
  "state.exited": (payload) => behind(goesOn(payload), payload.error === undefined ? "" : detail(payload.error)),
  "scope.opened": ({ kind, count }) => `${text(kind)}${count === 0 ? "" : ` of ${text(count)}`}`,
  "branch.started": ({ name }) => `branch ${text(name)}`,
  "branch.completed": ({ name, status }) => `branch ${text(name)} ${lower(status)}`,
  "item.started": ({ index }) => `item ${text(index)}`,
  "item.completed": ({ index, status }) => `item ${text(index)} ${lower(status)}`,
  "block.started": block,
  "block.completed": (payload) => `${block(payload)} ${lower(payload.status)}`,
  "loop.iterated": ({ index, more }) => `round ${text(index)}, ${more === true ? "goes on" : "was the last"}`,
  "scope.unwinding": ({ cause }) => lower(((cause ?? {}) as Payload).kind),
  "context.written": ({ path, mode }) =>
    `${Array.isArray(path) && path.length > 0 ? path.map(text).join(".") : "the root"}${mode === "replace" ? "" : `, ${text(mode)}`}`,
  "step.scheduled": (payload) => `${attempt(payload)} for ${text(payload.agent)}`,
  "step.started": (payload) =>
    `${attempt(payload)}${payload.delivery === 1 ? "" : `, delivery ${text(payload.delivery)}`}`,
  "step.succeeded": attempt,
  "step.failed": (payload) => behind(attempt(payload), detail(payload.error)),
  "step.timed_out": (payload) => behind(attempt(payload), detail(payload.error)),
  "step.cancelled": (payload) => behind(attempt(payload), text(payload.reason)),
  "step.skipped": ({ reason }) => text(reason),
  "step.lost": (payload) => behind(attempt(payload), text(payload.reason)),
  "step.redelivered": (payload) => `${attempt(payload)}, delivery ${text(payload.delivery)}`,
  "step.retry_scheduled": (payload) =>
    payload.timer === null
      ? "waits until somebody lets it try again"
      : `${attempt(payload)} in ${formatDuration(Number(payload.delayMs))}`,
  "step.agent_missing": ({ agent }) => text(agent),
  "step.agent_found": ({ agent }) => text(agent),
  "timer.set": ({ kind }) => lower(kind),
  "timer.fired": () => "",
  "timer.cancelled": ({ kind }) => lower(kind),
  "approval.requested": ({ message, approvers }) => behind(list(approvers) || "every operator", text(message)),
  "approval.voted": ({ by, outcome }) => `${text(by)}: ${text(outcome)}`,
  "approval.delegated": ({ from, to }) => `${text(from)} to ${text(to)}`,
  "approval.reminded": ({ count }) => `the ${text(count)}. time`,
  "approval.escalated": ({ to }) => list(to),
  "approval.approved": ({ decidedBy, comment }) => behind(list(decidedBy), text(comment)),
  "approval.rejected": ({ decidedBy, comment }) => behind(list(decidedBy), text(comment)),
  "approval.revised": ({ decidedBy, comment }) => behind(list(decidedBy), text(comment)),
  "approval.cancelled": ({ reason }) => text(reason),
  "wait.opened": ({ signal }) => text(signal),
  "wait.closed": ({ reason }) => text(reason),
  "signal.received": ({ name }) => text(name),
  "signal.consumed": ({ name }) => text(name),
  "signal.dropped": ({ name, reason }) => behind(text(name), text(reason)),
  "event.emitted": ({ type }) => text(type),
  "child.started": ({ childRunId, workflowId }) => `${text(workflowId)} as ${text(childRunId)}`,
  "child.finished": ({ childRunId, status }) => `${text(childRunId)} ${lower(status)}`,
}

/** How an event looks at a glance: what went wrong, what waits, what went well; the rest is quiet. */
export function eventTone(type: string): "failed" | "waiting" | "completed" | "quiet" {
  if (/\.(failed|timed_out|rejected|lost|agent_missing)$/.test(type)) return "failed"
  if (/^(approval\.(requested|escalated|warned)|wait\.opened|run\.paused|step\.retry_scheduled)$/.test(type))
    return "waiting"
  return /^(run\.completed|step\.succeeded|approval\.approved)$/.test(type) ? "completed" : "quiet"
}
