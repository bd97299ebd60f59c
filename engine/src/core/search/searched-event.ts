/**
 * What of an event is searched: the values that agents, people and callers brought, and what errors say. Inputs of steps
 * are not: they are made of values that are searched already. A value that lies apart as a file is too large.
 */
import type { Json } from "../json.ts"
import type { EventPayloads, EventType, RunError, RunEvent, Stored } from "../run/events.ts"
import { type Leaf, leavesOf } from "./leaves.ts"
import { wordCharsMax } from "./words.ts"

export type SearchedPart = "input" | "output" | "result" | "error" | "signal" | "decision"

export interface SearchedEvent {
  readonly part: SearchedPart
  readonly value: Json
}

/** The types of events that bring what is searched. */
export const searchedTypes: readonly EventType[] = [
  "run.created",
  "run.completed",
  "run.failed",
  "run.timed_out",
  "step.succeeded",
  "step.failed",
  "step.timed_out",
  "child.finished",
  "context.written",
  "signal.received",
  "approval.voted",
  "approval.approved",
  "approval.rejected",
  "approval.revised",
]

/** Null: nothing; `apart`: a value that is too large. */
export function searchedEvent({ type, payload }: Pick<RunEvent, "type" | "payload">): SearchedEvent | "apart" | null {
  switch (type) {
    case "run.created":
      return stored("input", (payload as EventPayloads["run.created"]).input)
    case "run.completed":
      return stored("output", (payload as EventPayloads["run.completed"]).output)
    case "step.succeeded":
      return stored("result", (payload as EventPayloads["step.succeeded"]).output)
    case "child.finished":
      return stored("result", (payload as EventPayloads["child.finished"]).output)
    case "context.written":
      return stored("result", (payload as EventPayloads["context.written"]).value ?? null)
    case "signal.received":
      return stored("signal", (payload as EventPayloads["signal.received"]).data)
    case "run.failed":
    case "run.timed_out":
    case "step.failed":
    case "step.timed_out": {
      const error = (payload as Partial<EventPayloads["step.failed"]>).error
      return error === undefined ? null : { part: "error", value: said(error) }
    }
    case "approval.voted":
    case "approval.approved":
    case "approval.rejected":
    case "approval.revised": {
      const { comment, form } = payload as EventPayloads["approval.voted"]
      return { part: "decision", value: { comment: comment ?? null, form: form ?? null } }
    }
    default:
      return null
  }
}

function stored(part: SearchedPart, value: Stored | null | undefined): SearchedEvent | "apart" | null {
  if (value === null || value === undefined) return null
  return "value" in value ? { part, value: value.value } : "apart"
}

function said({ code, title, detail, data, cause }: RunError): Json {
  return {
    code,
    title,
    detail,
    ...(data !== undefined && { data }),
    ...(cause !== undefined && { cause: said(cause) }),
  }
}

/** Characters of text: of one event, and of a run in the order of its events. */
export const textLimits = { event: 8_192, run: 65_536 } as const

export interface SearchedText {
  readonly leaves: readonly (Leaf & { readonly text: string })[]
  readonly chars: number
  /** Texts that were left out or cut short. */
  readonly cut: number
}

/** The value's texts and numbers, as far as there is room. */
export function textsOf(value: Json, room: number): SearchedText {
  const leaves: (Leaf & { readonly text: string })[] = []
  let left = Math.min(room, textLimits.event)
  const all = left
  let cut = 0
  for (const leaf of leavesOf(value)) {
    if (typeof leaf.value !== "string" && typeof leaf.value !== "number") continue
    const text = String(leaf.value)
    if (text.length > left) cut++
    if (left > 0 && text !== "") leaves.push({ ...leaf, text: text.slice(0, left) })
    left = Math.max(0, left - text.length)
  }
  return { leaves, chars: all - left, cut }
}

/** Stands between texts, so that no phrase goes from one into the next; no word of anybody's. */
const between = " \u241e "

const asTokenized = new RegExp(`^(?!.*[A-Za-z0-9]{${wordCharsMax + 1}})[\\x20-\\x7e\\n\\r\\t]*$`, "s")

/** What an index is given, whose words are letters and digits of ASCII, and whatever is not ASCII. */
export function indexText(texts: readonly string[], words: (text: string) => readonly string[]): string {
  return texts.map((text) => (asTokenized.test(text) ? text : words(text).join(" "))).join(between)
}
