/** What customers of the example's service saw in a span of time, counted where they call, not by the pods. */
export interface Measurement {
  readonly requests: number
  readonly errors: number
  /** errors ÷ requests, 0 to 1; 0 when there were no requests. */
  readonly errorRate: number
}

export interface Example {
  /** The supervisor's address. */
  readonly service: string
  /** The webhook receiver's address; `GET /messages` lists what came. */
  readonly receiver: string
  /** Where the example's customers send their orders. */
  readonly front: string
  /** Holds `service.json`, `logs/`, `messages.jsonl` and what the agents write (`staging/`, `warehouse/`, `reports/`). */
  readonly directory: string
  /** For agents: set it as `EXAMPLE_STATE_FILE` when `directory` is not the default. */
  readonly stateFile: string
  /** The input with which `incident-triage` meets this service. */
  readonly input: { readonly namespace: string; readonly service: string }
  readonly pids: { readonly service: number; readonly receiver: number }
  /** @param options.since milliseconds since the epoch; ten seconds ago when absent */
  measure(options?: { readonly since?: number }): Promise<Measurement>
  /** Resolves when customers see errors well over `errorRate` (0.05); rejects after `timeoutMs` (30,000). */
  untilFailing(options?: { readonly errorRate?: number; readonly timeoutMs?: number }): Promise<Measurement>
  /** Ends every process of the example and takes back `service.json`. */
  stop(): Promise<void>
}

export interface ExampleOptions {
  /** Made when it is missing. Default: `examples/.runtime`. */
  readonly directory?: string
  readonly log?: (line: string) => void
  /** 1 to 40; default 30. */
  readonly ordersPerSecond?: number
  /** After which order the malformed message comes that makes a pod fail; default 45. */
  readonly malformedAfter?: number
}

export const DEFAULT_DIRECTORY: string

/** Starts the service and the receiver; both end with the calling process, however it ends. */
export function startExample(options?: ExampleOptions): Promise<Example>
