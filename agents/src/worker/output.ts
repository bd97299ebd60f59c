/**
 * What an agent returned, as JSON text within the limits of rules 20 and 23, or the reason why not. Checked here, in the
 * host, so that the engine's thread never sees a value it would have to refuse.
 */
import { checkJson } from "@waybill/engine/core/json-reader"
import type { AgentFailure } from "@waybill/engine/ports/agent-host"
import { clean, failure } from "./failure.ts"

export interface OutputLimits {
  /** Size of the compact UTF-8 JSON. */
  readonly bytesMax: number
  readonly depthMax: number
}

export type CheckedOutput =
  | { readonly ok: true; readonly text: string; readonly bytes: number }
  | { readonly ok: false; readonly failure: AgentFailure }

/** Nothing returned is null; text from an agent without an output schema is `{ result: text }` (dsl §5). */
export function toOutput(returned: unknown, hasSchema: boolean, limits: OutputLimits): CheckedOutput {
  const value =
    returned === undefined ? null : typeof returned === "string" && !hasSchema ? { result: returned } : returned
  try {
    const problem = checkJson(value, { depthMax: limits.depthMax, lengthMax: limits.bytesMax })
    if (problem !== null) return bad(problem.message, problem.pointer, problem.hint)
    const text = JSON.stringify(value)
    const bytes = Buffer.byteLength(text)
    if (bytes <= limits.bytesMax) return { ok: true, text, bytes }
    return bad(`the value is ${bytes} bytes of JSON, more than ${limits.bytesMax}`, "")
  } catch (error) {
    // A getter that throws, a revoked proxy, a text beyond the longest string.
    return bad(`the value cannot be read: ${error instanceof Error ? error.message : String(error)}`, "")
  }
}

function bad(message: string, at: string, hint?: string): CheckedOutput {
  // The offending thing may be a key, and so stand in its own address.
  const pointer = clean(at, 1_000)
  const place = pointer === "" ? "The agent's output is refused" : `The agent's output is refused at ${pointer}`
  const detail = hint === undefined ? `${place}: ${message}.` : `${place}: ${message}. ${hint}`
  return {
    ok: false,
    failure: failure("validation_failed", "bad_output", clean(detail, 2_000), {
      title: "The agent's output is not usable",
      pointer,
    }),
  }
}
