/** What the composition root decides about agent hosts; times in milliseconds, sizes in bytes unless named otherwise. */
export interface AgentHostOptions {
  /** Default `thread`. A `process` starts 80 ms later, is as fast, and takes nobody along when native code crashes. */
  readonly isolation?: "thread" | "process"
  /**
   * Hosts for one environment's agents; more than one is started only when tasks wait. Default 2: one answers 45,000
   * trivial calls a second and more on two idle cores (`bench/agent-calls.mts`: 25–45 µs of CPU a call for both ends in
   * batches, 80–175 µs one at a time), so the second is for the time when a task holds the first one's thread.
   */
  readonly hostsMax?: number
  /** Heap of one host in MiB, default 512. */
  readonly heapMb?: number
  /** All that agents see of the process's environment; `agentEnvironment` makes a fit one. */
  readonly env: Readonly<Record<string, string>>
  /** rule 20; default 8 MiB. */
  readonly outputBytesMax?: number
  /** rule 20; default 64. */
  readonly depthMax?: number
  /** Of all that one attempt attaches; default 16 MiB. */
  readonly attachmentBytesMax?: number
  /** Files of one attempt; default 20. */
  readonly attachmentsMax?: number
  /** For the top-level code of one agent file with its imports. Default 30 s. */
  readonly loadMs?: number
  /** Between a task's deadline and the end of its host. Default 5 s. */
  readonly deadlineGraceMs?: number
  /** After an error outside of a task's promise: its time to settle. Default 1 s. */
  readonly uncaughtGraceMs?: number
  /** How long a replaced version stays for runs that pin its contract (rule 21). Default 5 min after its last use. */
  readonly lingerMs?: number
  /** For native code that cannot be interrupted. Default 5 s. */
  readonly terminateMs?: number
  /** The host's file; default: beside this one when built, bundled from source otherwise. */
  readonly entry?: string
}

export type HostConfig = Required<Omit<AgentHostOptions, "entry">> & { readonly entry: URL }

export function hostConfig(options: AgentHostOptions, entry: URL): HostConfig {
  return {
    isolation: "thread",
    hostsMax: 2,
    heapMb: 512,
    outputBytesMax: 8 << 20,
    depthMax: 64,
    attachmentBytesMax: 16 << 20,
    attachmentsMax: 20,
    loadMs: 30_000,
    deadlineGraceMs: 5_000,
    uncaughtGraceMs: 1_000,
    lingerMs: 300_000,
    terminateMs: 5_000,
    ...definedOnly(options),
    entry,
  }
}

function definedOnly(options: AgentHostOptions): AgentHostOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as unknown as AgentHostOptions
}

/** The server's variables without its own: `WAYBILL_*` holds keys and addresses of stores that are no agent's business. */
export function agentEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !name.startsWith("WAYBILL_")) kept[name] = value
  }
  return kept
}
