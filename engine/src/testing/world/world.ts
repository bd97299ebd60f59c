/**
 * The runtime in a test: the real loops and the real core over a plain store, a scripted agent host and a clock that
 * stands still. A process can be killed and another opened over the same store.
 */
import { createHash } from "node:crypto"
import { createJsonSchemas } from "../../adapters/schemas/index.ts"
import { type Definition, parseDefinition } from "../../core/definition/index.ts"
import type { Json } from "../../core/json.ts"
import type { Actor } from "../../core/run/commands.ts"
import { defaultLimits, type Limits } from "../../core/run/limits.ts"
import type { Answer, RunCommands, Started, StartRequest } from "../../door.ts"
import type { DefinitionSource, Resolved } from "../../ports/definition-source.ts"
import type { Redaction } from "../../ports/redaction.ts"
import type { RuntimeLimits } from "../../runtime/limits.ts"
import { Runtime, type RuntimeOptions } from "../../runtime/runtime.ts"
import { runCommands } from "../../usecases/runs/index.ts"
import { keepAll } from "../builders/redaction.ts"
import { patientLimits } from "./patient.ts"
import { PlainMarks, PlainStore } from "./plain-store.ts"
import { type Script, ScriptedHost } from "./scripted-host.ts"
import { VirtualClock } from "./virtual-clock.ts"

export interface WorldOptions {
  /** YAML or JSON texts. */
  readonly workflows: readonly string[]
  readonly agents?: { readonly [name: string]: Script }
  readonly limits?: Partial<Limits>
  readonly runtime?: Partial<RuntimeLimits>
  readonly holdDispatch?: boolean
  readonly redaction?: Redaction
}

export const operator: Actor = { id: "user:olga", teams: [], role: "operator" }

export class World {
  readonly clock = new VirtualClock(Date.UTC(2026, 0, 1))
  readonly store = new PlainStore()
  readonly marks = new PlainMarks()
  readonly deaths: string[] = []
  readonly logs: string[] = []
  host: ScriptedHost
  runtime!: Runtime
  runs!: RunCommands
  /** The same door, of another workspace. */
  runsIn!: (workspaceId: string) => RunCommands
  readonly #options: WorldOptions
  readonly #definitions: PlainDefinitions
  #ids = 0
  #instance = 0

  constructor(options: WorldOptions) {
    this.#options = options
    this.store.now = () => this.clock.now()
    this.#definitions = new PlainDefinitions(options.workflows)
    this.host = new ScriptedHost(options.agents ?? {})
  }

  static async open(options: WorldOptions): Promise<World> {
    const world = new World(options)
    await world.boot()
    return world
  }

  /** A process starts over the store as it is. */
  async boot(scripts: { readonly [name: string]: Script } = this.#options.agents ?? {}): Promise<void> {
    this.host = new ScriptedHost(scripts)
    const fraction = random(7 + this.#instance)
    const hex = (digits: number): string =>
      Array.from({ length: digits }, () => Math.floor(fraction() * 16).toString(16)).join("")
    const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest()
    const schemas = createJsonSchemas()
    const options: RuntimeOptions = {
      ...patientLimits,
      ...this.#options.runtime,
      instance: `world-${++this.#instance}`,
      blobSecret: "secret",
      limits: { ...defaultLimits, ...this.#options.limits },
      holdDispatch: this.#options.holdDispatch ?? false,
      fatal: (message) => this.deaths.push(message),
      prepareChild: (...asked) => commands.prepareChild(...asked),
    }
    const runtime = await Runtime.open(
      {
        clock: this.clock,
        chance: { id: (prefix) => `${prefix}_${String(++this.#ids).padStart(8, "0")}`, fraction, hex },
        hashing: { sha256, sha256Hex: (text) => sha256(text).toString("hex") },
        log: {
          write: (level, message, fields) => this.logs.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`),
        },
        store: this.store,
        host: this.host,
        schemas,
        definitions: this.#definitions,
        marks: this.marks,
        feedSource: this.store,
        stepLogs: { keep: () => {} },
        redaction: this.#options.redaction ?? keepAll,
      },
      options,
    )
    const commandsIn = (workspaceId: string) =>
      runCommands({
        runtime,
        workspaceId,
        projectId: "default",
        waybillVersion: "0.0.0",
        recordedEnv: {},
        idempotencyKeepMs: 86_400_000,
        approval: async (approvalId) => this.store.approvals.get(approvalId) ?? null,
        hasRun: async (runId) => this.store.runs.has(runId),
      })
    const commands = commandsIn("default")
    this.runtime = runtime
    this.runs = commands.runs
    this.runsIn = (workspaceId) => commandsIn(workspaceId).runs
    await this.turn()
  }

  /** The process ends without a word: what was not committed is gone. */
  kill(): void {
    this.host.kill()
    this.clock.clear()
    this.store.gate = null
  }

  /** Lets everything happen that takes no time. */
  async turn(): Promise<void> {
    for (let quiet = 0; quiet < 2; ) {
      await new Promise<void>((resolve) => setImmediate(resolve))
      // Steps of the loop itself, which ask for a turn and not for time.
      if (this.clock.nextAt() !== null && this.clock.nextAt()! <= this.clock.monotonic()) {
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

  start(
    workflowId: string,
    input: Json = {},
    more: Partial<StartRequest> = {},
    header: Parameters<RunCommands["start"]>[2] = null,
    runs: RunCommands = this.runs,
  ): Promise<Answer<Started>> {
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
    return runs.start(operator, request, header)
  }

  /** Starts a run and lets everything happen that takes no time. */
  async started(workflowId: string, input: Json = {}, more: Partial<StartRequest> = {}): Promise<string> {
    const answer = await this.start(workflowId, input, more)
    if (!answer.ok) throw new Error(`${answer.rejection.code}: ${answer.rejection.message}`)
    await this.turn()
    return answer.value.runId
  }

  row(runId: string) {
    const stored = this.store.runs.get(runId)
    if (stored === undefined) throw new Error(`run ${runId} is not stored`)
    return stored.row
  }

  /** The types of a run's events, with the state's name where there is one. */
  story(runId: string, only: RegExp = /./): string[] {
    const names = new Map<string, string>()
    const lines: string[] = []
    for (const { event } of this.store.runs.get(runId)?.events ?? []) {
      const payload = JSON.parse(event.payload) as { name?: string }
      if (event.type === "state.entered") names.set(event.stepId!, payload.name!)
      const line = event.stepId === null ? event.type : `${event.type} ${names.get(event.stepId) ?? "?"}`
      if (only.test(line)) lines.push(line)
    }
    return lines
  }
}

class PlainDefinitions implements DefinitionSource {
  readonly #byId = new Map<string, { definition: Definition; hash: string }>()

  constructor(texts: readonly string[]) {
    for (const text of texts) {
      const { definition, problems } = parseDefinition(text)
      if (definition === null) throw new Error(problems.map((problem) => problem.message).join("\n"))
      this.#byId.set(definition.id, { definition, hash: `hash-${definition.id}` })
    }
  }

  resolve(_workspaceId: string, _environment: string, workflowId: string, _version: string | number | null): Resolved {
    const found = this.#byId.get(workflowId)
    if (found === undefined)
      return { ok: false, rejection: { code: "workflow_not_found", message: `there is no workflow ${workflowId}` } }
    return { ok: true, found: { ...found, versionNumber: 1 } }
  }

  byHash(hash: string): Definition | null {
    for (const found of this.#byId.values()) if (found.hash === hash) return found.definition
    return null
  }
}

function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
