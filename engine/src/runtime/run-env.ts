/** The `env` of one run's decisions (rule 2): the runtime's ports behind the plain functions that `decide` may call. */
import type { Definition } from "../core/definition/model.ts"
import type { Json, JsonObject } from "../core/json.ts"
import type { AgentContractView, Env } from "../core/run/env.ts"
import type { RunCreated } from "../core/run/events.ts"
import type { Limits } from "../core/run/limits.ts"
import type { Sha256 } from "../core/run/place.ts"
import type { BlobAccess } from "../core/run/stored.ts"
import type { Validator } from "../core/schema/types.ts"
import type { AgentHost } from "../ports/agent-host.ts"
import type { Chance } from "../ports/chance.ts"
import type { Hashing } from "../ports/hashing.ts"
import type { Schemas } from "../ports/schemas.ts"
import type { BlobWrite } from "../ports/store.ts"
import { agentAt } from "./agent-name.ts"
import type { BlobCache } from "./blob-cache.ts"
import type { RunPlace } from "./run-place.ts"

/** What all runs share. */
export interface EnvPorts {
  readonly chance: Chance
  readonly hashing: Hashing
  readonly schemas: Schemas
  readonly host: Pick<AgentHost, "find">
  readonly blobCache: BlobCache
  readonly limits: Limits
  readonly instance: string
  /** Makes the keys of large values unguessable (rule 20). */
  readonly blobSecret: string
  reserve(place: RunPlace, stepId: string, agent: string, contractHash: string | null): boolean
}

export class RunEnv implements Env {
  readonly definition: Definition
  readonly place: RunPlace
  readonly limits: Limits
  readonly instance: string
  readonly sha256: Sha256
  readonly blobs: BlobAccess
  now = 0
  /** Slots taken and large values kept by the decision in progress. */
  reserved: string[] = []
  kept: BlobWrite[] = []
  #held: ReadonlyMap<string, Json> | null = null
  /** Put by the decision in progress: not stored yet, so they must be at hand however small the cache is. */
  readonly #put = new Map<string, Json>()
  readonly created: RunCreated | null
  readonly #ports: EnvPorts

  /** `created` null: before the run exists, the newest agents are looked at. */
  constructor(ports: EnvPorts, definition: Definition, place: RunPlace, created: RunCreated | null) {
    this.#ports = ports
    this.created = created
    this.definition = definition
    this.place = place
    this.limits = ports.limits
    this.instance = ports.instance
    this.sha256 = ports.hashing.sha256
    this.blobs = {
      put: (value, json) => this.#keep(value, json),
      get: (hash) => this.#held?.get(hash) ?? ports.blobCache.get(hash) ?? this.#put.get(hash),
    }
  }

  /** `held`: large values that an earlier try of the same command asked for. */
  begin(now: number, held: ReadonlyMap<string, Json> | null): void {
    this.now = now
    this.#held = held
    if (this.reserved.length > 0) this.reserved = []
    if (this.kept.length > 0) this.kept = []
    if (this.#put.size > 0) this.#put.clear()
  }

  contractHash(agent: string): string | null {
    return this.created?.agents[agent]?.contractHash ?? null
  }

  agent(name: string): AgentContractView | null {
    const at = agentAt(name, this.place.environment)
    const found = this.#ports.host.find(at.environment, at.name, this.contractHash(name))
    if (found === null) return null
    const { contractHash, sourceHash, inputSchema, outputSchema } = found
    return { name, inputSchema, outputSchema, pin: { contractHash, sourceHash } }
  }

  validator(schema: JsonObject): Validator {
    return this.#ports.schemas.validator(schema)
  }

  newId(prefix: string): string {
    return this.#ports.chance.id(prefix)
  }

  randomHex(digits: number): string {
    return this.#ports.chance.hex(digits)
  }

  chance(): number {
    return this.#ports.chance.fraction()
  }

  reserveSlot(stepId: string, agent: string): boolean {
    if (!this.#ports.reserve(this.place, stepId, agent, this.contractHash(agent))) return false
    this.reserved.push(stepId)
    return true
  }

  /** Keyed with the workspace, so that equal contents of two workspaces are two blobs (rule 20). */
  #keep(value: Json, json: string): string {
    const hash = this.#ports.hashing.sha256Hex(`${this.#ports.blobSecret}\n${this.place.workspaceId}\n${json}`)
    this.#ports.blobCache.set(hash, value, json.length)
    this.kept.push({ hash, json })
    this.#put.set(hash, value)
    return hash
  }
}
