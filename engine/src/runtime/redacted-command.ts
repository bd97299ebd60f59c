/**
 * What an executor brought, or a person said for a reason, without what the store may not keep (rule 9): `decide` never
 * sees the rest.
 */
import { isJsonObject, type Json } from "../core/json.ts"
import type { Command } from "../core/run/commands.ts"
import type { RunError } from "../core/run/events.ts"
import type { Redaction, RedactionPlace } from "../ports/redaction.ts"

export function redactedCommand(redaction: Redaction, where: Omit<RedactionPlace, "kind">, command: Command): Command {
  switch (command.kind) {
    case "finish-attempt":
      return redactedOutcome(redaction, where, command)
    case "pause":
    case "resume":
      return { ...command, reason: redactedWords(redaction, where, command.reason) }
    case "delegate-approval":
      return { ...command, comment: redactedWords(redaction, where, command.comment) }
    case "cancel": {
      const { cause } = command
      return "reason" in cause
        ? { ...command, cause: { ...cause, reason: redactedWords(redaction, where, cause.reason) } }
        : command
    }
    default:
      return command
  }
}

/** Null where nobody said anything, or where all of it may not be kept. */
export function redactedWords(redaction: Redaction, where: Omit<RedactionPlace, "kind">, words: string | null) {
  if (words === null) return null
  const kept = redaction.redact({ ...where, kind: "comment" }, words)
  return typeof kept === "string" ? kept : null
}

function redactedOutcome(
  redaction: Redaction,
  where: Omit<RedactionPlace, "kind">,
  command: Extract<Command, { kind: "finish-attempt" }>,
): Command {
  const { outcome } = command
  switch (outcome.kind) {
    case "succeeded": {
      const output = redaction.redact({ ...where, kind: "output" }, outcome.output)
      return output === outcome.output ? command : { ...command, outcome: { ...outcome, output } }
    }
    case "failed":
    case "timed_out": {
      const error = redactedError(redaction, where, outcome.error)
      return error === outcome.error ? command : { ...command, outcome: { ...outcome, error } }
    }
    case "stopped":
      return command
  }
}

/** What steers the retry stays; what an agent wrote into it may be anything. */
function redactedError(redaction: Redaction, where: Omit<RedactionPlace, "kind">, error: RunError): RunError {
  const written = error as unknown as Json
  const kept = redaction.redact({ ...where, kind: "error" }, written)
  if (kept === written) return error
  const { type, class: failureClass, code, title } = error
  const bare: RunError = { type, class: failureClass, code, title, detail: "" }
  if (!isJsonObject(kept)) return error.kind === undefined ? bare : { ...bare, kind: error.kind }
  const words = { ...(kept as unknown as RunError), type, class: failureClass, code }
  return error.kind === undefined ? words : { ...words, kind: error.kind }
}
