/**
 * What one run owes another (rule 11): made from a decision's effects, stored in the same commit, kept until the other
 * has taken it. Its id names the event that caused it, so that a second delivery is recognised.
 */
import type { Json } from "../core/json.ts"
import type { Effect } from "../core/run/effects.ts"
import type { Cause, RunError, Stored } from "../core/run/events.ts"
import type { Limits } from "../core/run/limits.ts"
import type { RunState } from "../core/run/state.ts"
import { type BlobAccess, toStored } from "../core/run/stored.ts"
import type { MessageRow } from "../ports/store.ts"

export type Message =
  | {
      readonly kind: "start-child"
      readonly parentStepId: string
      readonly workflowId: string
      readonly version: string | null
      readonly input: Stored
    }
  | { readonly kind: "cancel-child"; readonly cause: Cause }
  | { readonly kind: "gate-child"; readonly paused: boolean }
  | {
      readonly kind: "finish-child"
      readonly childRunId: string
      readonly status: string
      readonly output: Stored
      readonly error: RunError | null
    }

export function messagesOf(
  effects: readonly Effect[],
  runId: string,
  state: RunState,
  blobs: BlobAccess,
  limits: Limits,
): MessageRow[] {
  const rows: MessageRow[] = []
  const store = (value: Json): Stored => toStored(blobs, value, limits.inlineBytesMax)
  const add = (toRunId: string, message: Message): void => {
    const messageId = `${runId}:${String(state.seq).padStart(12, "0")}:${String(rows.length).padStart(6, "0")}`
    rows.push({ messageId, toRunId, kind: message.kind, body: JSON.stringify(message) })
  }
  for (const effect of effects) {
    switch (effect.kind) {
      case "start-child": {
        const { parentStepId, workflowId, version, input } = effect
        add(effect.childRunId, { kind: "start-child", parentStepId, workflowId, version, input: store(input) })
        break
      }
      case "cancel-child":
        add(effect.childRunId, { kind: "cancel-child", cause: effect.cause })
        break
      case "gate-child":
        add(effect.childRunId, { kind: "gate-child", paused: effect.paused })
        break
      case "finished": {
        if (effect.parentRunId === null) break
        const { status, output, error } = effect
        add(effect.parentRunId, { kind: "finish-child", childRunId: runId, status, output: store(output), error })
        break
      }
      default:
        break
    }
  }
  return rows
}

/** The run that owes it. */
export function sourceOf(messageId: string): string {
  return messageId.slice(0, messageId.indexOf(":"))
}
