/**
 * The whole engine behind its door in a test: real core, real loops, the store in memory, a scripted agent host and a
 * clock that stands still. For what is asked of the door; what the loops do is told in `world.ts`.
 */
import { createHash, createHmac } from "node:crypto"
import { MemoryBulk } from "../../adapters/memory/memory-bulk.ts"
import { MemoryDefinitions, MemoryResumeMarks } from "../../adapters/memory/memory-definitions.ts"
import { MemoryHistory } from "../../adapters/memory/memory-history.ts"
import { MemoryInsights } from "../../adapters/memory/memory-insights.ts"
import { MemoryQueries } from "../../adapters/memory/memory-queries.ts"
import { MemoryRemarks } from "../../adapters/memory/memory-remarks.ts"
import { MemoryStore } from "../../adapters/memory/memory-store.ts"
import { createJsonSchemas } from "../../adapters/schemas/index.ts"
import type { Json, JsonObject } from "../../core/json.ts"
import type { Actor } from "../../core/run/commands.ts"
import type { RunRow, StepRow } from "../../core/views/rows.ts"
import type { StartRequest } from "../../door.ts"
import { type OpenEngine, openEngine } from "../../open-engine.ts"
import type { BulkStore } from "../../ports/bulk-store.ts"
import type { RuntimeLimits } from "../../runtime/limits.ts"
import { keepAll } from "../builders/redaction.ts"
import { patientLimits } from "./patient.ts"
import { type Script, ScriptedHost } from "./scripted-host.ts"
import { VirtualClock } from "./virtual-clock.ts"

export const admin: Actor = { id: "user:ada", teams: [], role: "admin" }
export const operator: Actor = { id: "user:olga", teams: [], role: "operator" }
export const viewer: Actor = { id: "user:vera", teams: [], role: "viewer" }

export interface EngineWorldOptions {
  /** YAML. */
  readonly workflows: readonly string[]
  readonly agents?: { readonly [name: string]: Script }
  readonly runtime?: Partial<RuntimeLimits>
  readonly holdDispatch?: boolean
  readonly clock?: VirtualClock
  readonly bulk?: BulkStore
}

export class EngineWorld {
  readonly clock: VirtualClock
  readonly host: ScriptedHost
  readonly store: MemoryStore
  engine!: OpenEngine

  private constructor(options: EngineWorldOptions) {
    this.clock = options.clock ?? new VirtualClock(Date.UTC(2026, 0, 1))
    this.host = new ScriptedHost(options.agents ?? {})
    this.store = new MemoryStore({ sha256: sha256Hex, now: () => this.clock.now() })
  }

  static async open(options: EngineWorldOptions): Promise<EngineWorld> {
    const world = new EngineWorld(options)
    await world.#open(options)
    for (const text of options.workflows) await world.save(text)
    return world
  }

  async #open(options: EngineWorldOptions): Promise<void> {
    const { tables } = this.store
    const schemas = createJsonSchemas()
    let ids = 0
    const fraction = random(7)
    this.engine = await openEngine(
      {
        clock: this.clock,
        chance: {
          id: (prefix) => `${prefix}_${String(++ids).padStart(8, "0")}`,
          fraction,
          hex: (digits) => Array.from({ length: digits }, () => Math.floor(fraction() * 16).toString(16)).join(""),
        },
        hashing: { sha256: (text) => createHash("sha256").update(text).digest(), sha256Hex },
        log: { write: () => {} },
        store: this.store,
        host: this.host,
        schemas,
        compileSchema: schemas.compile,
        marks: new MemoryResumeMarks(),
        stepLogs: { keep: () => {} },
        redaction: keepAll,
        queries: new MemoryQueries(tables, (text) => createHmac("sha256", "key").update(text).digest("hex")),
        insights: new MemoryInsights(tables),
        bulk: options.bulk ?? new MemoryBulk(),
        remarks: new MemoryRemarks(tables),
        definitionStore: new MemoryDefinitions(tables),
        history: new MemoryHistory(tables, sha256Hex),
        files: {
          environments: async () => [],
          list: async () => ({ directory: "", agentsDirectory: "", found: false, workflows: [], unreadable: [] }),
        },
      },
      {
        instance: "world",
        blobSecret: "secret",
        waybillVersion: "0.0.0",
        recordedEnv: {},
        holdDispatch: options.holdDispatch ?? false,
        runtime: { ...patientLimits, ...options.runtime },
        fatal: (message) => {
          throw new Error(message)
        },
      },
    )
  }

  /** A new workflow, or a new version of one. */
  async save(text: string): Promise<void> {
    const workflowId = /^id: (.+)$/m.exec(text)?.[1] ?? null
    const known = workflowId !== null && (await this.engine.definitions.get("default", workflowId)) !== null
    const request = { environment: "default", workflowId, text, format: "yaml" as const, expectNew: !known, note: null }
    const saved = await this.engine.definitions.save(admin, request, null)
    if (!saved.ok)
      throw new Error(
        [saved.rejection.message, ...(saved.rejection.problems ?? []).map((one) => one.message)].join("\n"),
      )
  }

  /** Starts a run and lets everything happen that takes no time. */
  async started(workflowId: string, input: Json = {}, more: Partial<StartRequest> = {}): Promise<string> {
    const request: StartRequest = {
      workflowId,
      environment: "default",
      version: null,
      input,
      businessEventId: null,
      correlationId: null,
      traceparent: null,
      parentRunId: null,
      tags: [],
      startPaused: false,
      trigger: { kind: "api" },
      ...more,
    }
    const answer = await this.engine.runs.start(operator, request, null)
    if (!answer.ok) throw new Error(`${answer.rejection.code}: ${answer.rejection.message}`)
    await this.turn()
    return answer.value.runId
  }

  async row(runId: string): Promise<RunRow> {
    const row = await this.engine.queries.run(runId)
    if (row === null) throw new Error(`run ${runId} is not stored`)
    return row
  }

  /** The newest step of a name. */
  async step(runId: string, name: string): Promise<StepRow> {
    const rows = await this.engine.queries.steps(runId, 0, 10_000)
    const row = rows.findLast((step) => step.name === name)
    if (row === undefined) throw new Error(`run ${runId} has no step ${name}`)
    return row
  }

  /** Lets everything happen that takes no time. */
  async turn(): Promise<void> {
    for (let quiet = 0; quiet < 2; ) {
      await new Promise<void>((resolve) => setImmediate(resolve))
      const next = this.clock.nextAt()
      if (next !== null && next <= this.clock.monotonic()) {
        this.clock.step(this.clock.monotonic())
        quiet = 0
      } else quiet++
    }
  }

  /** Time passes; everything that is due happens on the way. */
  async advance(ms: number): Promise<void> {
    const until = this.clock.monotonic() + ms
    await this.turn()
    while (this.clock.step(until)) await this.turn()
    await this.turn()
  }
}

/** A workflow of one environment from its states, as YAML's flow style takes JSON. */
export function workflow(id: string, states: readonly JsonObject[], more: JsonObject = {}): string {
  const head = { version: "1", name: id, ...more }
  const lines = Object.entries(head).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
  return [`id: ${id}`, ...lines, "states:", ...states.map((state) => `  - ${JSON.stringify(state)}`), ""].join("\n")
}

export function agentStep(name: string, agent: string, more: JsonObject = {}): JsonObject {
  return { name, type: "operation", action: "agent.run", input: { agent }, ...more }
}

function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex")
}

function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
