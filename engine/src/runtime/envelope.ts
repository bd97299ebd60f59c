/**
 * A command on its way through a run's actor, with all that must happen in the same commit. It is plain data plus one
 * callback, so that a refused batch can be taken apart and its commands asked again (rule 3).
 */
import type { Definition } from "../core/definition/model.ts"
import type { Json } from "../core/json.ts"
import type { Actor, Command, Rejection } from "../core/run/commands.ts"
import type { RunRow } from "../core/views/rows.ts"
import type { RunCommit } from "../ports/store.ts"

/** Rule 24: what a header key is answered with, stored in the commit of the effect. */
export interface AnswerDraft {
  readonly scope: string
  readonly key: string
  readonly bodyHash: string
  readonly expiresAt: number
  /** Encoded from the rows of the commit. */
  readonly encode: (commit: RunCommit) => string
}

export interface Envelope {
  readonly runId: string
  readonly actor: Actor
  readonly command: Command
  /** The pinned definition, when the sender has it at hand: a start does. */
  readonly definition: Definition | null
  readonly answer: AnswerDraft | null
  /** Messages that this commit takes in (rule 11). */
  readonly messagesIn: readonly string[]
  readonly definitionKey: RunCommit["definitionKey"]
  /** The run id was just made up: there is nothing to load. */
  readonly fresh: boolean
  /** Called once: when the effect is durable, or when there will be none. */
  readonly settle: (outcome: Outcome) => void
  /** Large values that a decision asked for, held until it is made (rule 20). */
  blobs: Map<string, Json> | null
  /** How often it was asked again after a bug or a refused commit. */
  failures: number
}

export type Outcome =
  /** `commit` null: nothing had to change. `position`: the feed's, at or after which a reader sees it. */
  | { readonly kind: "committed"; readonly position: number; readonly run: RunRow; readonly commit: RunCommit | null }
  | { readonly kind: "rejected"; readonly rejection: Rejection }

export function rejected(code: string, message: string, more: Pick<Rejection, "data" | "hint"> = {}): Outcome {
  return { kind: "rejected", rejection: { code, message, ...more } }
}

export const internalError = rejected("internal_error", "the command could not be decided; the server's log says why")

export const system: Actor = { id: "system", teams: [], role: "system" }

type EnvelopeParts = Pick<Envelope, "runId" | "command" | "settle"> & Partial<Omit<Envelope, "blobs" | "failures">>

export function envelope(parts: EnvelopeParts): Envelope {
  return {
    runId: parts.runId,
    actor: parts.actor ?? system,
    command: parts.command,
    definition: parts.definition ?? null,
    answer: parts.answer ?? null,
    messagesIn: parts.messagesIn ?? none,
    definitionKey: parts.definitionKey ?? null,
    fresh: parts.fresh ?? false,
    settle: parts.settle,
    blobs: null,
    failures: 0,
  }
}

const none: readonly string[] = []
