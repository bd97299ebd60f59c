/**
 * One run, decided directly: no loops, no store, no threads. Every decision is checked against the invariants, its rows
 * against the fold, and now and then the state in memory against the one read back from snapshot and events (I5). The
 * world around it decides what happens when; this only keeps the books.
 */
import { auditRows, type Finding, HistoryAudit } from "../../core/audit/index.ts"
import type { Definition } from "../../core/definition/model.ts"
import type { Actor, Command, Rejection } from "../../core/run/commands.ts"
import { decide } from "../../core/run/decide/index.ts"
import type { Effect } from "../../core/run/effects.ts"
import type { AgentContractView, Env } from "../../core/run/env.ts"
import type { RunCreated, RunEvent } from "../../core/run/events.ts"
import { evolve } from "../../core/run/evolve.ts"
import { defaultLimits, type Limits } from "../../core/run/limits.ts"
import { decodeState, encodeState } from "../../core/run/snapshot.ts"
import type { RunState } from "../../core/run/state.ts"
import type { SchemaCompiler, Validator } from "../../core/schema/types.ts"
import { RowFold } from "../../core/views/fold.ts"
import type { ApprovalRow, RunRow, SignalRow, StepRow, TimerRow } from "../../core/views/rows.ts"
import { hashing } from "./hashing.ts"
import type { Random } from "./random.ts"

export const system: Actor = { id: "system", teams: [], role: "system" }

export interface CoreRunOptions {
  readonly runId: string
  readonly definition: Definition
  readonly agents: ReadonlyMap<string, AgentContractView>
  readonly random: Random
  readonly now: () => number
  readonly limits?: Partial<Limits>
  readonly compile?: SchemaCompiler
  /** Whether an attempt may start in the decision that schedules it. */
  readonly slotFree?: () => boolean
}

export class Violation extends Error {
  readonly findings: readonly Finding[]

  constructor(findings: readonly Finding[]) {
    super(findings.map(({ invariant, runId, seq, detail }) => `${invariant} ${runId} @${seq}: ${detail}`).join("\n"))
    this.name = "Violation"
    this.findings = findings
  }
}

/** Events and rows as a store would have them after the commits so far. */
export class RunBooks {
  readonly events: RunEvent[] = []
  run: RunRow | null = null
  readonly steps = new Map<string, StepRow>()
  readonly approvals = new Map<string, ApprovalRow>()
  readonly signals = new Map<string, SignalRow>()
  readonly timers = new Map<string, TimerRow>()
}

export class CoreRun {
  readonly runId: string
  readonly books = new RunBooks()
  readonly limits: Limits
  state: RunState | null = null
  readonly #options: CoreRunOptions
  readonly #audit: HistoryAudit
  readonly #fold: RowFold
  readonly #env: Env
  readonly #validators = new Map<string, Validator>()
  #ids = 0

  constructor(options: CoreRunOptions) {
    this.runId = options.runId
    this.limits = { ...defaultLimits, ...options.limits }
    this.#options = options
    this.#audit = new HistoryAudit(options.runId, options.definition)
    this.#fold = new RowFold(options.runId)
    this.#env = this.#makeEnv()
  }

  get definition(): Definition {
    return this.#options.definition
  }

  get ended(): boolean {
    return this.state?.terminal != null
  }

  #makeEnv(): Env {
    const { definition, agents, random, now, slotFree, compile } = this.#options
    const validators = this.#validators
    return {
      get now() {
        return now()
      },
      definition,
      agent: (name) => agents.get(name) ?? null,
      validator: (schema) => {
        const key = JSON.stringify(schema)
        let validator = validators.get(key)
        if (validator === undefined) {
          const compiled = compile?.(schema)
          validator = compiled?.ok ? compiled.validate : () => null
          validators.set(key, validator)
        }
        return validator
      },
      newId: (prefix) => `${prefix}_${this.runId}_${++this.#ids}`,
      randomHex: (digits) => random.hex(digits),
      chance: () => random.fraction(),
      sha256: hashing.sha256,
      reserveSlot: slotFree ?? (() => true),
      instance: "sim",
      blobs: { put: (_, json) => json, get: (hash) => JSON.parse(hash) },
      limits: this.limits,
    }
  }

  /** Decides, keeps the books, checks. The effects are the caller's to do. */
  decide(command: Command, actor: Actor = system): { rejection: Rejection | null; effects: readonly Effect[] } {
    const decision = decide(this.runId, this.state, command, actor, this.#env)
    this.state = decision.state
    if (decision.events.length > 0) this.#commit(decision.events, decision.projection.rows(this.state!, ""))
    return { rejection: decision.ok ? null : decision.rejection, effects: decision.effects }
  }

  #commit(events: readonly RunEvent[], rows: ReturnType<RowFold["rows"]>): void {
    const { books } = this
    for (const event of events) {
      books.events.push(event)
      // What is read back has been through JSON once.
      const stored = JSON.parse(JSON.stringify(event)) as RunEvent
      this.#audit.apply(stored)
      this.#fold.apply(stored)
    }
    books.run = rows.run
    for (const row of rows.steps) books.steps.set(row.stepId, row)
    for (const row of rows.approvals) books.approvals.set(row.approvalId, row)
    for (const row of rows.signals) books.signals.set(`${row.name}\u0000${row.signalId}`, row)
    for (const row of rows.timersSet) books.timers.set(row.timerId, row)
    for (const id of rows.timersCancelled) books.timers.delete(id)
    if (this.#audit.findings.length > 0) throw new Violation(this.#audit.findings)
  }

  /** Rows against the fold of all events; expensive for long runs. */
  checkRows(): void {
    const { run, steps, approvals, signals, timers } = this.books
    if (run === null) return
    const findings = auditRows(this.#fold.state, this.#fold.rows(""), {
      run,
      steps: [...steps.values()],
      approvals: [...approvals.values()],
      signals: [...signals.values()],
      timers: [...timers.values()],
    })
    if (findings.length > 0) throw new Violation(findings)
  }

  /** The state as a restart would have it: from a snapshot after `after` events and the events behind it. */
  reload(after: number): void {
    if (this.state === null) return
    const { events } = this.books
    let state: RunState | null = null
    for (const [index, event] of events.entries()) {
      if (index === after && state !== null) state = decodeState(encodeState(state))
      state = evolve(state, JSON.parse(JSON.stringify(event)) as RunEvent, this.runId)
    }
    if (state === null) return
    const memory = encodeState(this.state)
    const stored = encodeState(state)
    if (memory !== stored) throw this.#differs("memory and the fold differ", memory, stored)
    const again = decodeState(stored)
    if (encodeState(again) !== stored)
      throw this.#differs("a snapshot reads back differently", stored, encodeState(again))
    for (const key of this.state.ready)
      if (!again.ready.has(key)) throw this.#violation("I7", `${key} is ready in memory, but not after a reload`)
    this.state = again
  }

  #differs(what: string, a: string, b: string): Violation {
    let at = 0
    while (at < a.length && a[at] === b[at]) at++
    const from = Math.max(0, at - 200)
    return this.#violation("I5", `${what}:\n  ${a.slice(from, at + 200)}\n  ${b.slice(from, at + 200)}`)
  }

  #violation(invariant: Finding["invariant"], detail: string): Violation {
    return new Violation([{ invariant, runId: this.runId, seq: this.state?.seq ?? null, detail }])
  }
}

export function runCreated(definition: Definition, runId: string, input: RunCreated["input"]): RunCreated {
  return {
    workspaceId: "default",
    projectId: "default",
    environment: "default",
    workflowId: definition.id,
    workflowName: definition.name,
    workflowVersion: definition.version,
    versionNumber: 1,
    definitionHash: `hash-${definition.id}`,
    executionNumber: 1,
    input,
    trigger: { kind: "api" },
    correlationId: runId,
    businessEventId: null,
    traceId: "0".repeat(32),
    spanId: "0".repeat(16),
    tags: [],
    parentRunId: null,
    parentStepId: null,
    rootRunId: runId,
    rerunOf: null,
    depth: 0,
    waybillVersion: "test",
    recordedEnv: {},
    agents: {},
    concurrency: null,
    idempotencyKey: null,
    timeoutMs: definition.timeoutMs,
    from: null,
  }
}
