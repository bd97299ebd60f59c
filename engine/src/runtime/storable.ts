import type { Envelope } from "./envelope.ts"

/** A result that cannot be stored becomes a failure that says so: the attempt has ended all the same. */
export function storableInstead(envelope: Envelope, why: string): Envelope | null {
  const { command } = envelope
  if (command.kind !== "finish-attempt" || command.outcome.kind !== "succeeded") return null
  const code = "result_not_storable"
  const error = {
    type: `waybill:${code}`,
    class: "validation_failed" as const,
    code,
    title: "The result cannot be stored",
    detail: why,
  }
  return { ...envelope, command: { ...command, outcome: { kind: "failed", error } } }
}
