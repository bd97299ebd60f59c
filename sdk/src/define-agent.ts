/**
 * Typing for code agents (dsl §5): `export default defineAgent({ … })` in `<environment>/agents/<name>.agent.ts`.
 * Optional: Waybill recognises agents and errors by their shape, a plain object with `run` does as well. Nothing here
 * does anything at run time beyond giving back what it got, and nothing is imported.
 */

/** What goes in and comes out of an agent: no undefined, no dates, no integers beyond ±(2^53−1); at most 8 MiB. */
export type AgentJson = null | boolean | number | string | readonly AgentJson[] | { readonly [key: string]: AgentJson }

/** JSON Schema 2020-12. */
export type AgentSchema = Readonly<Record<string, unknown>>

export interface AgentContext {
  /** The state's `task`, rendered; null when it has none. */
  readonly task: string | null
  readonly runId: string
  readonly stepId: string
  /** Counts from 1. A delivery that was lost is repeated with the same attempt. */
  readonly attempt: number
  /** Run, step and attempt: the same on every delivery of the attempt. */
  readonly idempotencyKey: string
  /** The same over all attempts of the step: give it to third parties that recognise repetitions. */
  readonly effectKey: string
  /** W3C trace context of the step, to be passed on. */
  readonly traceparent: string | undefined
  /**
   * Fires when the step is cancelled (`AbortError`) or out of time (`TimeoutError`). Stop then: an agent that does not
   * is ended with its whole host after a grace.
   */
  readonly signal: AbortSignal
  /** Progress to show; the sign of life is the host's own. */
  heartbeat(details?: AgentJson): void
  readonly log: AgentLog
  /** Adds to what the step has used so far. Never throws: what is no amount and no name is left out. */
  usage(used: AgentUsed): void
  /**
   * A file for the step, kept beside the run and never part of its result: text, bytes, or anything that is JSON. At most
   * 20 files and 16 MiB an attempt. It never throws and is stored behind you; what is not kept is said in the run's log.
   */
  attach(
    name: string,
    data: string | ArrayBuffer | ArrayBufferView | AgentJson,
    options?: { readonly contentType?: string },
  ): void
}

export interface AgentUsed {
  readonly tokens?: number
  readonly computeMs?: number
  readonly costUsd?: number
  /** Whom the agent asked for it. A step that names a model is one of type `model`. */
  readonly model?: string
  /** Only beside a model. */
  readonly provider?: string
  /** What the model was asked with, as `{ temperature: 0 }`; at most 4 KiB, and only beside a model. */
  readonly parameters?: Readonly<Record<string, AgentJson>>
}

export interface AgentLog {
  (message: string, fields?: Readonly<Record<string, AgentJson>>): void
  debug(message: string, fields?: Readonly<Record<string, AgentJson>>): void
  info(message: string, fields?: Readonly<Record<string, AgentJson>>): void
  warn(message: string, fields?: Readonly<Record<string, AgentJson>>): void
  error(message: string, fields?: Readonly<Record<string, AgentJson>>): void
}

export interface AgentDefinition<Input, Output> {
  /** Default: the file's name before `.agent`. */
  readonly name?: string
  readonly description?: string
  /** The input is checked against it before the call; a property that the step leaves out is taken from the context's root. */
  readonly inputSchema?: AgentSchema
  /** The output is checked against it. Without it, text that is returned becomes `{ result: text }`. */
  readonly outputSchema?: AgentSchema
  run(input: Input, context: AgentContext): Output | Promise<Output>
}

export function defineAgent<Input = AgentJson, Output = AgentJson>(
  definition: AgentDefinition<Input, Output>,
): AgentDefinition<Input, Output> {
  return definition
}

/** Steers retry: `validation_failed` and `policy_denied` are not tried again unless the retry policy says so. */
export type AgentFailureClass = "transient" | "validation_failed" | "external_api" | "policy_denied" | "bug"

export interface AgentErrorOptions extends ErrorOptions {
  /** The next attempt begins no earlier than this. */
  readonly retryAfterSeconds?: number
  /** One line for people; the message says more. */
  readonly title?: string
}

/** A failure that says what kind it is. `code` is your own, in lower_snake_case; retry and catch can name it. */
export class AgentError extends Error {
  readonly class: AgentFailureClass
  readonly code: string
  readonly retryAfterSeconds: number | undefined
  readonly title: string | undefined

  constructor(failureClass: AgentFailureClass, code: string, message: string, options: AgentErrorOptions = {}) {
    super(message, options)
    this.name = "AgentError"
    this.class = failureClass
    this.code = code
    this.retryAfterSeconds = options.retryAfterSeconds
    this.title = options.title
  }
}
