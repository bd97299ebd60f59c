/**
 * The shape of a code agent as the example's agents write it, and the error that tells Waybill what kind of failure it
 * was. Nothing here is needed at run time but `AgentError`: Waybill knows agents and errors by their shape.
 */

/** JSON Schema 2020-12. */
export type Schema = Readonly<Record<string, unknown>>

export interface AgentContext {
  /** The state's `task`, rendered. */
  readonly task: string | null
  readonly runId: string
  readonly stepId: string
  /** Counts from 1. */
  readonly attempt: number
  /** The same on every delivery of one attempt. */
  readonly idempotencyKey: string
  /** The same over all attempts of the step: what third parties get to recognise a repetition. */
  readonly effectKey: string
  /** Fires when the step is cancelled or out of time. */
  readonly signal: AbortSignal
  heartbeat(details?: unknown): void
  readonly log: Logger
  usage(used: { readonly tokens?: number; readonly computeMs?: number; readonly costUsd?: number }): void
}

export interface Logger {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
}

export interface Agent<Input, Output> {
  readonly name: string
  readonly description: string
  readonly inputSchema: Schema
  readonly outputSchema: Schema
  run(input: Input, ctx: AgentContext): Promise<Output>
}

export type FailureClass = "transient" | "validation_failed" | "external_api" | "policy_denied" | "bug"

/** A failure of the outside world or of the input; its class decides whether Waybill tries again. */
export class AgentError extends Error {
  readonly class: FailureClass
  readonly code: string

  constructor(failure: FailureClass, code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = "AgentError"
    this.class = failure
    this.code = code
  }
}

/** `{type: "object"}` with these properties, all required but the optional ones, and no others. */
export function objectSchema(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  return {
    type: "object",
    properties,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    additionalProperties: false,
  }
}
