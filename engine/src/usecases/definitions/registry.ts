/**
 * The definitions in memory: which exist, which version serves, and their compiled form by content hash (rule 31).
 * It is the engine's `DefinitionSource`. Every change goes through `commit`: stored first, known afterwards.
 */
import type { Definition } from "../../core/definition/model.ts"
import { didYouMean } from "../../core/definition/read/did-you-mean.ts"
import type { DefinitionRead, KnownAgents } from "../../core/definition/read-text.ts"
import type { AgentContract, AgentHost } from "../../ports/agent-host.ts"
import type { DefinitionReader } from "../../ports/definition-reader.ts"
import type { DefinitionSource, Resolved } from "../../ports/definition-source.ts"
import type {
  DefinitionChange,
  DefinitionKey,
  DefinitionRecord,
  DefinitionStore,
  VersionRecord,
} from "../../ports/definition-store.ts"

export interface RegistryPorts {
  readonly store: DefinitionStore
  readonly agents: Pick<AgentHost, "agents">
  readonly reader: DefinitionReader
  readonly now: () => number
}

export const fileWorkspace = "default"

export type Read = DefinitionRead

export class Registry implements DefinitionSource {
  readonly ports: RegistryPorts
  readonly #records = new Map<string, DefinitionRecord>()
  readonly #newest = new Map<string, { hash: string; versionNumber: number }>()
  readonly #compiled = new Map<string, Definition>()
  /** Stored versions that are being read, by hash: many runs of one wait for one reading. */
  readonly #reading = new Map<string, Promise<Definition | null>>()

  private constructor(ports: RegistryPorts) {
    this.ports = ports
  }

  static async open(ports: RegistryPorts): Promise<Registry> {
    const registry = new Registry(ports)
    for (const record of await ports.store.records()) registry.#records.set(keyText(record), record)
    return registry
  }

  record(key: DefinitionKey): DefinitionRecord | null {
    return this.#records.get(keyText(key)) ?? null
  }

  records(workspaceId: string, environment: string): readonly DefinitionRecord[] {
    return [...this.#records.values()].filter(
      (record) => record.workspaceId === workspaceId && record.environment === environment,
    )
  }

  environments(workspaceId: string): ReadonlySet<string> {
    const names = new Set<string>()
    for (const record of this.#records.values()) if (record.workspaceId === workspaceId) names.add(record.environment)
    return names
  }

  /** Reads a text as this environment would: with its agents and its schemas checked. */
  async read(
    environment: string,
    text: string,
    format: "yaml" | "json",
    file: string | null,
    options: { readonly agents?: readonly AgentContract[] } = {},
  ): Promise<Read> {
    return this.ports.reader.read({ text, format, file, agents: this.#known(environment, options.agents ?? null) })
  }

  /** @param own the environment's agents in place of those that serve now */
  #known(environment: string, own: readonly AgentContract[] | null): KnownAgents {
    const serving = this.ports.agents.agents()
    const contracts = own === null ? serving : [...serving.filter((one) => one.environment !== environment), ...own]
    return { environment, agents: contracts.map((agent) => ({ name: agent.name, environment: agent.environment })) }
  }

  /** One transaction; memory follows only when it is stored. */
  async commit(changes: readonly DefinitionChange[]): Promise<void> {
    if (changes.length === 0) return
    await this.ports.store.apply(changes)
    for (const change of changes) this.#follow(change)
  }

  #follow(change: DefinitionChange): void {
    switch (change.kind) {
      case "put-record":
        this.#records.set(keyText(change.record), change.record)
        return
      case "add-version":
        this.#newest.set(keyText(change.version), {
          hash: change.version.hash,
          versionNumber: change.version.versionNumber,
        })
        return
      case "delete":
        this.#records.delete(keyText(change.key))
        this.#newest.delete(keyText(change.key))
        return
      case "keep-answer":
    }
  }

  resolve(
    workspaceId: string,
    environment: string,
    workflowId: string,
    version: string | number | null,
  ): Resolved | Promise<Resolved> {
    const key = { workspaceId, environment, workflowId }
    const record = this.record(key)
    if (record === null)
      return {
        ok: false,
        rejection: {
          code: "workflow_not_found",
          message: `there is no workflow ${workflowId} in environment ${environment}`,
          hint: this.near(key),
        },
      }
    if (record.status === "disabled")
      return {
        ok: false,
        rejection: {
          code: "workflow_disabled",
          message: `workflow ${workflowId} is disabled`,
          data: { syncState: record.syncState },
        },
      }
    const newest = this.#newest.get(keyText(key))
    const compiled = newest === undefined ? undefined : this.#compiled.get(newest.hash)
    if (version === null && newest !== undefined && compiled !== undefined)
      return { ok: true, found: { definition: compiled, hash: newest.hash, versionNumber: newest.versionNumber } }
    return this.#resolveStored(key, version)
  }

  /** A hint for a workflow that is not there. */
  near(key: DefinitionKey): string {
    const others = [...this.environments(key.workspaceId)].filter(
      (environment) => environment !== key.environment && this.record({ ...key, environment }) !== null,
    )
    if (others.length > 0) return `it is in ${others.slice(0, 10).sort().join(", ")}: name the environment`
    const known = this.records(key.workspaceId, key.environment).map((record) => record.workflowId)
    if (known.length === 0) return "no workflow is loaded there"
    return didYouMean(key.workflowId, known) ?? `loaded are ${known.slice(0, 10).join(", ")}`
  }

  async #resolveStored(key: DefinitionKey, version: string | number | null): Promise<Resolved> {
    const { store } = this.ports
    const stored =
      typeof version === "string" ? await store.versionByLabel(key, version) : await store.version(key, version)
    if (stored === null)
      return {
        ok: false,
        rejection: { code: "version_not_found", message: `workflow ${key.workflowId} has no version ${version}` },
      }
    const definition = await this.#compile(stored)
    if (definition === null)
      return {
        ok: false,
        rejection: {
          code: "definition_invalid",
          message: `version ${stored.versionNumber} of ${key.workflowId} cannot be read by this Waybill`,
        },
      }
    if (version === null) this.#newest.set(keyText(key), { hash: stored.hash, versionNumber: stored.versionNumber })
    return { ok: true, found: { definition, hash: stored.hash, versionNumber: stored.versionNumber } }
  }

  byHash(hash: string): Definition | null | Promise<Definition | null> {
    const compiled = this.#compiled.get(hash)
    if (compiled !== undefined) return compiled
    return this.ports.store.byHash(hash).then((stored) => (stored === null ? null : this.#compile(stored)))
  }

  /** A stored version was valid when it was stored: agents that have gone since do not make it unreadable. */
  #compile(stored: VersionRecord): Definition | null | Promise<Definition | null> {
    const known = this.#compiled.get(stored.hash) ?? this.#reading.get(stored.hash)
    if (known !== undefined) return known
    const read = this.ports.reader.read({ text: stored.text, format: stored.format, file: null, agents: null })
    if (!(read instanceof Promise)) return this.#keep(stored.hash, read)
    const reading = read.then((one) => this.#keep(stored.hash, one)).finally(() => this.#reading.delete(stored.hash))
    this.#reading.set(stored.hash, reading)
    return reading
  }

  #keep(hash: string, { definition }: Read): Definition | null {
    if (definition !== null) this.#compiled.set(hash, definition)
    return definition
  }

  compiled(hash: string, definition: Definition): void {
    this.#compiled.set(hash, definition)
  }
}

export function keyText(key: DefinitionKey): string {
  return `${key.workspaceId}\u0000${key.environment}\u0000${key.workflowId}`
}
