/**
 * What an executor brought, or a person said for a reason, without what the store may not keep (rule 9): `decide` never
 * sees the rest.
 */
import { isJsonObject, type JsonObject } from "../core/json.ts"
import type { Command } from "../core/run/commands.ts"
import type { ModelUse, RunError, Usage } from "../core/run/events.ts"
import { type Redaction, type RedactionPlace, redactedText } from "../ports/redaction.ts"

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

function redactedWords(redaction: Redaction, where: Omit<RedactionPlace, "kind">, words: string | null) {
  return words === null ? null : redactedText(redaction, { ...where, kind: "comment" }, words)
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
      const usage = redactedUsage(redaction, where, outcome.usage)
      if (output === outcome.output && usage === outcome.usage) return command
      return { ...command, outcome: { ...outcome, output, ...(usage !== undefined && { usage }) } }
    }
    case "failed":
    case "timed_out": {
      const error = redactedError(redaction, where, outcome.error)
      const usage = redactedUsage(redaction, where, outcome.usage)
      return { ...command, outcome: { ...outcome, error, ...(usage !== undefined && { usage }) } }
    }
    case "stopped":
      return command
  }
}

/** Names of models are words like any other, and what they were asked with is a part of what came out. */
function redactedUsage(redaction: Redaction, where: Omit<RedactionPlace, "kind">, usage: Usage | undefined) {
  if (usage?.models === undefined) return usage
  const words = (text: string) => redactedText(redaction, { ...where, kind: "output" }, text)
  const models = usage.models.map((one): ModelUse => {
    const { model, provider, parameters } = one
    return {
      ...one,
      model: words(model),
      ...(provider !== undefined && { provider: words(provider) }),
      ...(parameters !== undefined && { parameters: redactedObject(redaction, where, "output", parameters) }),
    }
  })
  return { ...usage, models }
}

/** What steers the retry stays as it is; words are looked at one by one, and the evidence beside them. */
function redactedError(redaction: Redaction, where: Omit<RedactionPlace, "kind">, error: RunError): RunError {
  const words = (text: string) => redactedText(redaction, { ...where, kind: "error" }, text)
  const { title, detail, stack, cause, data } = error
  return {
    ...error,
    code: words(error.code),
    title: words(title),
    detail: words(detail),
    ...(stack !== undefined && { stack: words(stack) }),
    ...(cause !== undefined && { cause: redactedError(redaction, where, cause) }),
    ...(data !== undefined && { data: redactedObject(redaction, where, "error", data) }),
  }
}

function redactedObject(
  redaction: Redaction,
  where: Omit<RedactionPlace, "kind">,
  kind: "error" | "output",
  value: JsonObject,
): JsonObject {
  const kept = redaction.redact({ ...where, kind }, value)
  return isJsonObject(kept) ? kept : { redacted: kept }
}
