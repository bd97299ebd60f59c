/**
 * What must be true of a simulated world: memory equals the fold of the events at any time (I5), and in the end every run
 * has ended as the naive interpreter says, with nothing left over between runs.
 */
import { auditRows, checkChain } from "../../core/audit/index.ts"
import type { Json, JsonObject } from "../../core/json.ts"
import { materialise } from "../../core/run/context.ts"
import type { Stored } from "../../core/run/events.ts"
import { encodeState } from "../../core/run/snapshot.ts"
import type { RunState } from "../../core/run/state.ts"
import { isBlobRef } from "../../core/run/stored.ts"
import { sha256Hex } from "./hashing.ts"
import { History } from "./history.ts"
import { interpret, Mismatch, plainErrors } from "./reference.ts"
import type { SeedWorld } from "./seed-world.ts"
import type { DiskRun } from "./sim-disk.ts"

export class Verdict {
  /** Runs that were held against the reference interpreter. */
  compared = 0
  readonly #world: SeedWorld
  readonly #starts: ReadonlyMap<string, { readonly runId: string | null }>

  constructor(world: SeedWorld, starts: ReadonlyMap<string, { readonly runId: string | null }>) {
    this.#world = world
    this.#starts = starts
  }

  /** What a run is in memory equals what its events say (I5), also after a snapshot. */
  compareMemory(): void {
    const process = this.#world.process()
    if (process?.runtime == null) return
    for (const run of this.#world.disk.runs.values()) {
      if (!run.open) continue
      process.runtime
        .inspect(run.runId, (state) => {
          if (process.alive) this.#sameState(run, state)
        })
        .catch((error: unknown) => this.#world.problem(`a run cannot be shown: ${String(error)}`))
    }
  }

  #sameState(run: DiskRun, state: RunState | null): void {
    if (state === null) return this.#world.problem(`${run.runId} is stored, but cannot be read`)
    if (state.seq !== run.run.seq) return
    this.#world.note("memory is compared with the fold")
    const memory = encodeState(state)
    const fold = encodeState(run.fold.state)
    if (memory !== fold) this.#world.problem(`I5 ${run.runId} @${state.seq}: ${difference(memory, fold)}`)
    this.#rows(run)
  }

  #rows(run: DiskRun): void {
    const stored = {
      run: run.run,
      steps: [...run.steps.values()],
      approvals: [...run.approvals.values()],
      signals: [...run.signals.values()],
      timers: [...run.timers.values()],
    }
    this.#world.report(auditRows(run.fold.state, run.fold.rows(run.run.headHash), stored))
  }

  final(): void {
    for (const run of this.#world.disk.runs.values()) {
      if (run.open) {
        const owing = [...run.fold.state.visits.values()].map((visit) => `${visit.name} ${visit.phase.kind}`)
        const mail = [...this.#world.disk.messages.values()].map((row) => `${row.kind} to ${row.toRunId}`)
        this.#world.problem(
          `I7 ${run.runId} never ended: ${run.run.status}/${run.run.reason} ${owing.join(", ")}; ${mail.join(", ")}`,
        )
        continue
      }
      this.#world.note(`ended ${run.run.status}`)
      if (run.events.some((event) => event.type === "scope.unwinding" && event.payload.error !== undefined))
        this.#world.note("a foreach's condition fails while items run")
      for (const type of ["step.agent_missing", "step.agent_found"])
        if (run.events.some((event) => event.type === type)) this.#world.note(type)
      this.#rows(run)
      if (this.#world.random.chance(0.2))
        this.#world.report(checkChain(sha256Hex, run.runId, run.encoded, run.run.headHash))
      this.#compareWithReference(run)
    }
    this.#parents()
    if (!this.#world.isWrong() && this.#world.disk.messages.size > 0)
      this.#world.problem(`I12 ${this.#world.disk.messages.size} messages between runs were never taken`)
    for (const [key, { runId }] of this.#starts) {
      const started = [...this.#world.disk.runs.values()].filter(
        (run) => run.run.correlationId === key && run.run.parentRunId === null,
      )
      if (started.length !== 1) this.#world.problem(`I9 the key ${key} started ${started.length} runs`)
      else if (started[0]!.runId !== runId)
        this.#world.problem(`I9 the key ${key} was answered with ${runId}, but started ${started[0]!.runId}`)
    }
  }

  #parents(): void {
    for (const run of this.#world.disk.runs.values()) {
      const parent = run.run.parentRunId
      if (parent === null) continue
      this.#world.note("a child run ended")
      const asked = this.#world.disk.runs
        .get(parent)
        ?.events.some((event) => event.type === "child.started" && event.payload.childRunId === run.runId)
      if (!asked) this.#world.problem(`I12 ${run.runId} has no parent that asked for it`)
    }
  }

  #compareWithReference(run: DiskRun): void {
    let history: History
    try {
      history = new History(run.events, (stored) => this.#value(stored))
    } catch (error) {
      return this.#world.problem(`I2 ${run.runId}: ${error instanceof Error ? error.message : String(error)}`)
    }
    if (history.cut !== null) return this.#world.note(`not compared: ${history.cut}`)
    const document = this.#world.definitions.documents.find((one) => one.id === run.run.workflowId)!
    const created = run.fold.state.created
    try {
      const expected = interpret(document, this.#value(created.input) as JsonObject, history)
      const terminal = run.fold.state.terminal!
      const actual = {
        status: terminal.status,
        error: terminal.error?.code ?? null,
        context: plainErrors(this.#contextOf(run.fold.state)),
        output: plainErrors(history.output),
      }
      const a = canonical({ ...actual, output: actual.status === "COMPLETED" ? actual.output : null })
      const b = canonical({ ...expected, context: plainErrors(expected.context), output: plainErrors(expected.output) })
      this.compared++
      if (a !== b) this.#world.problem(`I13 ${run.runId} differs from the reference: ${difference(a, b)}`)
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error
      this.#world.problem(`I13 ${run.runId}: ${error.message}`)
    }
  }

  #value(stored: Stored): Json {
    return "value" in stored ? stored.value : (JSON.parse(this.#world.disk.blobs.get(stored.blob)!) as Json)
  }

  #contextOf(state: RunState): Json {
    const resolve = (value: Json): Json => {
      if (isBlobRef(value)) return JSON.parse(this.#world.disk.blobs.get(value.blob)!) as Json
      if (Array.isArray(value)) return value.map(resolve)
      if (typeof value !== "object" || value === null) return value
      return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, resolve(child)]))
    }
    return resolve(materialise(state.context))
  }
}

function canonical(value: Json): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

function difference(a: string, b: string): string {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  const from = Math.max(0, at - 160)
  return `\n  …${a.slice(from, at + 160)}\n  …${b.slice(from, at + 160)}`
}
