/** The fields a query can name, each with its short names, what it takes and one example: the language's vocabulary. */

import { resolutionWords } from "../../remarks/standing.ts"
import { runOrigins } from "../../run/origin.ts"
import type { RunStatus } from "../../run/state.ts"
import type { NumberField, PresentField, TextField } from "../run-term.ts"
import { runStatuses, statusesOf } from "../status-words.ts"

export interface QueryField {
  readonly name: string
  readonly aliases: readonly string[]
  readonly takes: Takes
  readonly about: string
  readonly example: string
}

export type Takes =
  /** Exact, with `*`, or `/pattern/`. */
  | { readonly kind: "text"; readonly field: TextField }
  /** Found anywhere in it. */
  | { readonly kind: "contained"; readonly field: TextField }
  /** The engine's words first, and any other door's. */
  | { readonly kind: "status"; readonly words: readonly string[] }
  | { readonly kind: "words"; readonly field: TextField; readonly words: readonly string[] }
  | { readonly kind: "present"; readonly words: readonly PresentField[] }
  | { readonly kind: "is"; readonly words: readonly ["archived", "stalled", "late"] }
  | { readonly kind: "number"; readonly field: NumberField }
  | { readonly kind: "duration"; readonly field: NumberField }
  | { readonly kind: "time"; readonly field: NumberField }
  /** Of a run's input or output; the path stands behind the name's dot. */
  | { readonly kind: "value"; readonly side: "in" | "out" }

function text(field: TextField): Takes {
  return { kind: "text", field }
}

const groups: { readonly [word: string]: readonly RunStatus[] } = {
  open: runStatuses.filter((status) => !["COMPLETED", "FAILED", "CANCELLED", "TIMED_OUT"].includes(status)),
  ended: ["COMPLETED", "FAILED", "CANCELLED", "TIMED_OUT"],
  waiting: ["WAITING_APPROVAL", "WAITING_SIGNAL"],
}

export const queryFields: readonly QueryField[] = [
  field(
    "status",
    [],
    { kind: "status", words: statusSuggestions() },
    "where the run stands",
    "status:failed,timed_out",
  ),
  field("workflow", ["wf"], text("workflowId"), "the workflow's id", "wf:invoice_*"),
  field("env", ["environment"], text("environment"), "the environment", "env:prod"),
  field("version", ["v"], text("version"), "the version's label or number", "version:1.2"),
  field("tag", ["tags"], text("tag"), "one of the run's tags", "tag:/^q[1-4]$/"),
  field("owner", [], text("owner"), "who it is assigned to", "owner:user:ann"),
  field(
    "resolution",
    [],
    { kind: "words", field: "resolution", words: resolutionWords },
    "what became of its failure",
    "resolution:open",
  ),
  field("started", ["start"], { kind: "time", field: "sortAt" }, "when it started", "started:>-24h"),
  field("created", [], { kind: "time", field: "createdAt" }, "when it was asked for", "created:2026-11-20"),
  field("ended", ["completed", "finished"], { kind: "time", field: "completedAt" }, "when it ended", "ended:today"),
  field("dur", ["duration"], { kind: "duration", field: "durationMs" }, "how long it took, or goes on", "dur:>30s"),
  field("has", [], { kind: "present", words: presentWords() }, "what the run has", "has:error"),
  field("is", [], { kind: "is", words: ["archived", "stalled", "late"] }, "what the run is", "is:stalled"),
  field("code", ["error"], text("errorCode"), "the code of what ended it", "code:agent_timeout"),
  field("class", [], text("errorClass"), "the class of what ended it", "class:transient"),
  field("message", ["msg"], { kind: "contained", field: "errorMessage" }, "in the error's message", 'msg:"rate limit"'),
  field("step", [], text("errorStep"), "the step whose failure ended it", "step:charge_card"),
  field("issue", [], text("issue"), "the issue that its failure belongs to", "issue:iss_4xKd"),
  field(
    "hitl",
    [],
    { kind: "words", field: "hitl", words: ["requested", "approved", "rejected"] },
    "its newest approval",
    "hitl:requested",
  ),
  field("actor", ["by"], text("actor"), "who started it", "actor:user:ann"),
  field("id", ["run"], text("runId"), "the run's id", "id:run_01J*"),
  field("event", ["business"], text("businessEventId"), "the business event's id", "event:order-42"),
  field("correlation", [], text("correlationId"), "the correlation id", "correlation:checkout-7"),
  field("trace", [], text("traceId"), "the trace id", "trace:4bf92f3577b34da6a3ce929d0e0e4736"),
  field("parent", [], text("parentRunId"), "the run that started it", "parent:run_01J8"),
  field("root", [], text("rootRunId"), "the run at the top of its tree", "root:run_01J8"),
  field("rerun", ["of"], text("rerunOf"), "the run it repeats", "rerun:run_01J8"),
  field("trigger", [], text("triggerKind"), "what started it", "trigger:schedule"),
  field(
    "origin",
    [],
    { kind: "words", field: "origin", words: runOrigins },
    "what it was started for",
    "origin:backfill",
  ),
  field("reason", [], text("reason"), "why it stands where it stands", "reason:retry_backoff"),
  field("steps", [], { kind: "number", field: "stepCount" }, "how many steps it made", "steps:>100"),
  field("retries", [], { kind: "number", field: "retryCount" }, "how often steps were tried again", "retries:>2"),
  field("tokens", [], { kind: "number", field: "tokens" }, "tokens used", "tokens:>10k"),
  field("cost", [], { kind: "number", field: "costUsd" }, "US dollars", "cost:>0.5"),
  field("in", ["input"], { kind: "value", side: "in" }, "a value of the input, by its path", "in.customer.id:42"),
  field("out", ["output"], { kind: "value", side: "out" }, "a value of the output, by its path", "out.status:paid"),
]

/** Known, and not there: said so instead of searched for, with what to do instead. */
export const laterFields: ReadonlyMap<string, string> = new Map([
  ["ctx", "Values are searched by in. and out., as in in.customer.id:42."],
  ["text", "Words are searched for as they are, without a field."],
  ["tenant", "A query is of one workspace: tenant= beside it names another; in the pages, the menu beside the name."],
])

function field(name: string, aliases: readonly string[], takes: Takes, about: string, example: string): QueryField {
  return { name, aliases, takes, about, example }
}

function presentWords(): readonly PresentField[] {
  return ["error", "hitl", "tag", "note", "owner", "parent", "event", "rerun", "retry", "output"]
}

const byName = new Map(queryFields.flatMap((one) => [one.name, ...one.aliases].map((name) => [name, one] as const)))

/** `in.customer.id` is the field `in`. */
export function findField(name: string): QueryField | null {
  const whole = byName.get(name.toLowerCase())
  if (whole !== undefined) return whole
  const base = byName.get(name.split(".")[0]!.toLowerCase())
  return base?.takes.kind === "value" ? base : null
}

/** `customer.id` of `in.customer.id`; empty: none is named. */
export function valuePath(name: string): string {
  const dot = name.indexOf(".")
  return dot === -1 ? "" : name.slice(dot + 1)
}

export const fieldNames: readonly string[] = [...byName.keys()]

/** A status in any door's spelling, or `open`, `ended`, `waiting`; null = none. */
export function statusWord(word: string): readonly RunStatus[] | null {
  return groups[word.toLowerCase()] ?? statusesOf(word)
}

function statusSuggestions(): readonly string[] {
  return [...runStatuses.map((status) => status.toLowerCase()), ...Object.keys(groups)]
}
