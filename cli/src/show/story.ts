/** A run's events as lines to read while it moves: when, what, and what came of it. Bookkeeping is left out. */
import type { Event } from "@waybill/contract"
import { approvalNews } from "./story-approvals.ts"
import { type Payload, place, text } from "./story-words.ts"
import type { Style } from "./style.ts"
import { cut } from "./table.ts"
import { duration, elapsed } from "./times.ts"

/** Null for what is no news. */
export type Story = (event: Event) => string | null

const NAME_WIDTH = 34
const MESSAGE_WIDTH_MIN = 40

export function createStory(style: Style, columns: number): Story {
  const places = new Map<string, string>()
  let began: number | null = null
  return (event) => {
    const at = Date.parse(event.at)
    began ??= at
    const payload = event.payload as Payload | null
    if (event.type === "state.entered" && event.stepId !== null && payload !== null)
      places.set(event.stepId, place(payload))
    const news = newsOf(style, event.type, payload)
    if (news === null) return null
    const [mark, what] = news
    const name = event.stepId === null ? "" : (places.get(event.stepId) ?? "")
    const shown = endOf(name, NAME_WIDTH).padEnd(NAME_WIDTH)
    const width = Math.max(MESSAGE_WIDTH_MIN, columns - NAME_WIDTH - 15)
    const line = `${style.dim(elapsed(at - began))}  ${mark} ${shown} ${cut(what, width)}`.trimEnd()
    return line + toDo(style, event.type, payload)
  }
}

/** The state's own name stands last. */
function endOf(name: string, length: number): string {
  return name.length <= length ? name : `…${name.slice(name.length - length + 1)}`
}

/** The one thing a run asks of the person who watches it. */
function toDo(style: Style, type: string, payload: Payload | null): string {
  if (type !== "approval.requested" || payload === null) return ""
  const command = `waybill approvals show ${text(payload.approval)}`
  return `\n${" ".repeat(INDENT)}${style.dim(command)}`
}

const INDENT = 14 + NAME_WIDTH

type News = readonly [mark: string, what: string]

function newsOf(style: Style, type: string, payload: Payload | null): News | null {
  if (payload === null) return [style.dim("·"), `${type} (erased)`]
  if (type.startsWith("run.")) return runNews(style, type, payload)
  if (type.startsWith("step.")) return stepNews(style, type, payload)
  if (type.startsWith("approval.")) return approvalNews(style, type, payload)
  return otherNews(style, type, payload)
}

function runNews(style: Style, type: string, payload: Payload): News | null {
  const dot = "●"
  switch (type) {
    case "run.created":
      return [
        style.cyan(dot),
        `created: ${text(payload.workflowId)} ${text(payload.workflowVersion)} (#${text(payload.versionNumber)}), execution ${text(payload.executionNumber)}`,
      ]
    case "run.queued":
      return [style.yellow(dot), `waits for its turn: ${text(payload.key)}`]
    case "run.started":
      return [style.cyan(dot), "started"]
    case "run.paused":
      return [style.yellow(dot), `paused${because(payload.reason)}`]
    case "run.resumed":
      return [style.cyan(dot), `resumed${because(payload.reason)}`]
    case "run.cancel_requested":
      return [style.yellow(dot), `cancelling${because(inner(payload.cause).reason)}`]
    case "run.repaired":
      return [style.yellow(dot), `repaired: ${text(payload.why)}`]
    case "run.completed":
      return [style.green(dot), style.green("completed")]
    case "run.failed":
    case "run.timed_out":
      return [
        style.red(dot),
        style.red(`${type === "run.failed" ? "failed" : "timed out"}: ${errorText(payload.error)}`),
      ]
    case "run.cancelled":
      return [style.yellow(dot), style.yellow(`cancelled${because(inner(payload.cause).reason)}`)]
    default:
      return null
  }
}

function stepNews(style: Style, type: string, payload: Payload): News | null {
  switch (type) {
    case "step.started": {
      const again = Number(payload.delivery) > 1 ? "handed out again, " : ""
      const attempt = Number(payload.attempt) > 1 ? `attempt ${text(payload.attempt)} ` : ""
      return [style.cyan("▸"), `${again}${attempt}started`]
    }
    case "step.succeeded":
      return [style.green("✓"), `succeeded${facts(payload.output)}`]
    case "step.failed":
    case "step.timed_out":
      return [style.red("✗"), `${type === "step.failed" ? "failed" : "timed out"}: ${errorText(payload.error)}`]
    case "step.retry_scheduled":
      return [
        style.yellow("↻"),
        payload.paused === true
          ? "no attempts left; waits for `runs retry`"
          : `tries again in ${duration(Number(payload.delayMs))}`,
      ]
    case "step.lost":
      return [style.yellow("↻"), `lost: ${text(payload.reason)}`]
    case "step.redelivered":
      return [style.yellow("↻"), "will be handed out again"]
    case "step.cancelled":
      return [style.dim("–"), `cancelled${because(payload.reason)}`]
    case "step.skipped":
      return [style.dim("–"), `skipped${because(payload.reason)}`]
    default:
      return null
  }
}

function otherNews(style: Style, type: string, payload: Payload): News | null {
  switch (type) {
    case "state.exited":
      return payload.handled === true
        ? [style.yellow("↪"), `handled ${errorText(payload.error)}; goes on at ${text(payload.next)}`]
        : payload.route === undefined || payload.next === null
          ? null
          : [style.dim("↪"), `goes on at ${text(payload.next)}${because(payload.route)}`]
    case "scope.opened":
      return Number(payload.count) > 0 ? [style.dim("·"), `${text(payload.kind)} of ${text(payload.count)}`] : null
    case "wait.opened":
      return [style.yellow("…"), `listens for the signal “${text(payload.signal)}”`]
    case "signal.received":
      return [style.cyan("✉"), `signal “${text(payload.name)}” received`]
    case "signal.dropped":
      return [style.yellow("✉"), `signal “${text(payload.name)}” dropped${because(payload.reason)}`]
    case "timer.set":
      return payload.kind === "wait"
        ? [style.dim("…"), `waits until ${new Date(Number(payload.dueAt)).toISOString()}`]
        : null
    case "child.started":
      return [style.cyan("▸"), `started ${text(payload.childRunId)} of ${text(payload.workflowId)}`]
    case "child.finished":
      return [style.dim("✓"), `${text(payload.childRunId)} is ${text(payload.status)}`]
    case "event.emitted":
      return [style.dim("✉"), `emitted ${text(payload.type)}`]
    default:
      return null
  }
}

function because(reason: unknown): string {
  return typeof reason === "string" && reason !== "" ? ` (${reason})` : ""
}

function inner(value: unknown): Payload {
  return typeof value === "object" && value !== null ? (value as Payload) : {}
}

function errorText(value: unknown): string {
  const { code, detail } = inner(value)
  return [code, detail].filter((part) => typeof part === "string" && part !== "").join(": ")
}

const FACTS_MAX = 3

/** The numbers and short texts of an output. */
function facts(stored: unknown): string {
  const value = inner(stored).value
  if (typeof value !== "object" || value === null || Array.isArray(value)) return ""
  const shown = Object.entries(value)
    .filter(
      ([, fact]) => ["number", "boolean"].includes(typeof fact) || (typeof fact === "string" && fact.length <= 24),
    )
    .slice(0, FACTS_MAX)
    .map(([name, fact]) => `${name} ${typeof fact === "number" ? Number(fact.toFixed(4)) : String(fact)}`)
  return shown.length === 0 ? "" : `: ${shown.join(", ")}`
}
