/**
 * All that `decide` may look at besides the run and the command (rule 2): time, definition, agents' contracts,
 * validators, ids and chance. Plain functions and data; the runtime makes the real one, the simulator its own.
 */
import type { Definition } from "../definition/model.ts"
import type { JsonObject } from "../json.ts"
import type { Validator } from "../schema/types.ts"
import type { AgentPin } from "./events.ts"
import type { Limits } from "./limits.ts"
import type { Sha256 } from "./place.ts"
import type { BlobAccess } from "./stored.ts"

export interface AgentContractView {
  readonly name: string
  readonly inputSchema: JsonObject | null
  readonly outputSchema: JsonObject | null
  readonly pin: AgentPin
}

export interface Env {
  /** Milliseconds since the epoch; `decide` never goes back behind the run's last event. */
  readonly now: number
  readonly definition: Definition
  /** The contract a run pinned (rule 21), or null: not loaded here now. */
  agent(name: string): AgentContractView | null
  /** A compiled, pure validator; cached by schema. */
  validator(schema: JsonObject): Validator
  /** Applies the schema's defaults on a copy (rule 30). */
  newId(prefix: "appr" | "evt" | "agr"): string
  /** Hex digits of chance, for span ids. */
  randomHex(digits: number): string
  /** Uniform in [0, 1): jitter. */
  chance(): number
  readonly sha256: Sha256
  /** Takes an executor slot for an attempt that starts in this very decision; false = all are taken. */
  reserveSlot(stepId: string, agent: string): boolean
  /** This process, as the owner of its attempts' leases. */
  readonly instance: string
  readonly blobs: BlobAccess
  readonly limits: Limits
}
