/**
 * Tells what happens to one run, step by step, with time that passes when the story says so. Everything is decided by
 * the real core; agents, people and clocks are the storyteller's.
 */
import { type Definition, parseDefinitionDocument } from "../../core/definition/index.ts"
import type { Json, JsonObject } from "../../core/json.ts"
import type { Actor, AttemptOutcome, Command, Rejection } from "../../core/run/commands.ts"
import { materialise } from "../../core/run/context.ts"
import type { Effect, ExecuteEffect } from "../../core/run/effects.ts"
import type { AgentContractView } from "../../core/run/env.ts"
import type { Cause, RunError, RunEvent } from "../../core/run/events.ts"
import type { Limits } from "../../core/run/limits.ts"
import { prepareStart } from "../../core/run/start.ts"
import type { SchemaCompiler } from "../../core/schema/types.ts"
import { runStatus } from "../../core/views/status.ts"
import { CoreRun, runCreated, system } from "./core-run.ts"
import { Random } from "./random.ts"

export const alice: Actor = { id: "user:alice", teams: ["platform"], role: "operator" }
export const bob: Actor = { id: "user:bob", teams: ["platform"], role: "operator" }
export const carol: Actor = { id: "user:carol", teams: [], role: "operator" }

/** Any agent name is known, with no schemas. */
class AnyAgents extends Map<string, AgentContractView> {
  override get(name: string): AgentContractView {
    return { name, inputSchema: null, outputSchema: null, pin: { contractHash: "c", sourceHash: "s" } }
  }
}

export function definitionOf(document: JsonObject): Definition {
  const { definition, problems } = parseDefinitionDocument(document)
  if (definition === null)
    throw new Error(problems.map((problem) => `${problem.pointer} ${problem.message}`).join("\n"))
  return definition
}

export interface StoryOptions {
  readonly input?: JsonObject
  readonly limits?: Partial<Limits>
  /** How many attempts may run at once. */
  readonly slots?: number
  readonly timeoutMs?: number
  readonly paused?: boolean
  readonly compile?: SchemaCompiler
  /** Whether the run is read back after every command; true unless said. */
  readonly reloads?: boolean
}

export class Story {
  now = 1_700_000_000_000
  readonly run: CoreRun
  readonly running = new Map<string, ExecuteEffect>()
  readonly queue: { stepId: string; attempt: number }[] = []
  readonly children: Extract<Effect, { kind: "start-child" }>[] = []
  readonly cancelledChildren: string[] = []
  readonly aborted: string[] = []
  finished: Extract<Effect, { kind: "finished" }> | null = null
  /** Whether the run is read back after every command. */
  reloading: boolean
  #continues = 0

  constructor(states: readonly JsonObject[], options: StoryOptions = {}, top: JsonObject = {}) {
    const definition = definitionOf({ id: "story", ...top, states })
    this.reloading = options.reloads ?? true
    this.run = new CoreRun({
      runId: "run_story",
      definition,
      agents: new AnyAgents(),
      random: new Random(1),
      now: () => this.now,
      limits: options.limits,
      ...(options.compile === undefined ? {} : { compile: options.compile }),
      slotFree: () => this.running.size < (options.slots ?? 100),
    })
    const base = runCreated(definition, "run_story", { value: {} })
    const { input: _none, ...facts } = base
    const prepared = prepareStart("run_story", facts, options.input ?? {}, {
      now: this.now,
      definition,
      validator: () => () => null,
      agent: () => null,
      blobs: { put: (_, json) => json, get: () => undefined },
      limits: this.run.limits,
    })
    if (!prepared.ok) throw new Error(prepared.rejection.message)
    const created = { ...prepared.created, timeoutMs: options.timeoutMs ?? definition.timeoutMs }
    this.ask(
      {
        kind: "start-run",
        created,
        input: options.input ?? {},
        context: null,
        paused: options.paused ?? false,
        slotFree: true,
      },
      alice,
    )
  }

  /** A command; its effects are done, and a decision that owes a `continue` gets it. */
  ask(command: Command, actor: Actor = system): Rejection | null {
    const { rejection, effects } = this.run.decide(command, actor)
    let goOn = false
    for (const effect of effects) goOn = this.#do(effect) || goOn
    this.run.checkRows()
    if (this.reloading) this.run.reload(Math.floor(this.run.books.events.length / 2))
    if (goOn) {
      if (++this.#continues > 10_000) throw new Error("the story never comes to rest")
      this.ask({ kind: "continue" })
    }
    return rejection
  }

  #do(effect: Effect): boolean {
    switch (effect.kind) {
      case "execute":
        this.running.set(effect.stepId, effect)
        return false
      case "enqueue":
        this.queue.push({ stepId: effect.stepId, attempt: effect.attempt })
        return false
      case "dequeue":
        this.queue.splice(0, this.queue.length, ...this.queue.filter((one) => one.stepId !== effect.stepId))
        return false
      case "abort":
        this.aborted.push(this.place(effect.stepId))
        return false
      case "start-child":
        this.children.push(effect)
        return false
      case "cancel-child":
        this.cancelledChildren.push(effect.childRunId)
        return false
      case "finished":
        this.finished = effect
        return false
      case "continue":
        return true
      case "await-agent":
      case "set-timer":
      case "cancel-timer":
      case "gate-child":
        return false
    }
  }

  get status(): string {
    return runStatus(this.run.state!)
  }

  get context(): Json {
    return materialise(this.run.state!.context)
  }

  get timers(): readonly { readonly kind: string; readonly inMs: number }[] {
    return [...this.run.books.timers.values()].map((row) => ({ kind: row.kind, inMs: row.dueAt - this.now }))
  }

  /** `branch/path/name`, with `#n` from the second visit on. */
  place(stepId: string): string {
    const row = this.run.books.steps.get(stepId)
    if (row === undefined) return stepId
    const name = row.visit > 1 ? `${row.name}#${row.visit}` : row.name
    return row.branchPath === "" ? name : `${row.branchPath}/${name}`
  }

  /** The open step at a place, such as `checks/pods/check`. */
  step(place: string): string {
    const open = [...this.run.state!.visits.keys()].find((stepId) => this.place(stepId) === place)
    if (open === undefined)
      throw new Error(
        `no open step at ${place}; there are ${[...this.run.state!.visits.keys()].map((id) => this.place(id)).join(", ")}`,
      )
    return open
  }

  get executing(): string[] {
    return [...this.running.keys()].map((stepId) => this.place(stepId))
  }

  inputOf(place: string): Json {
    return this.running.get(this.step(place))!.input
  }

  succeed(place: string, output: Json = {}): Rejection | null {
    return this.#finish(place, { kind: "succeeded", output })
  }

  fail(place: string, code = "boom", failureClass: RunError["class"] = "bug"): Rejection | null {
    return this.#finish(place, {
      kind: "failed",
      error: { type: code, class: failureClass, code, title: code, detail: code },
    })
  }

  stop(place: string): Rejection | null {
    return this.#finish(place, { kind: "stopped" })
  }

  #finish(place: string, outcome: AttemptOutcome): Rejection | null {
    const stepId = this.step(place)
    const { attempt, fence } = this.running.get(stepId)!
    this.running.delete(stepId)
    return this.ask({ kind: "finish-attempt", stepId, attempt, fence, outcome })
  }

  lose(place: string, counted = true): Rejection | null {
    const stepId = this.step(place)
    const { attempt, fence } = this.running.get(stepId)!
    this.running.delete(stepId)
    return this.ask({ kind: "lose-attempt", stepId, attempt, fence, reason: "crash", counted })
  }

  /** Gives free slots to those that wait, oldest first. */
  serve(): void {
    const one = this.queue.shift()
    if (one !== undefined) this.ask({ kind: "start-attempt", ...one })
  }

  /** Time passes; timers fire in order of their due times. */
  pass(ms: number): void {
    const until = this.now + ms
    for (;;) {
      const due = [...this.run.books.timers.values()]
        .filter((row) => row.dueAt <= until)
        .sort((a, b) => a.dueAt - b.dueAt || (a.timerId < b.timerId ? -1 : 1))[0]
      if (due === undefined) break
      this.now = Math.max(this.now, due.dueAt)
      const refused = this.ask({ kind: "fire-timer", timer: due.timerId })
      if (refused !== null && this.run.books.timers.has(due.timerId)) throw new Error(`timer refused: ${refused.code}`)
    }
    this.now = until
  }

  decide(place: string, outcome: string, by: Actor = alice, comment: string | null = null): Rejection | null {
    const visit = this.run.state!.visits.get(this.step(place))!
    if (visit.phase.kind !== "approval") throw new Error(`${place} asks nothing`)
    const { id: approval, contentHash } = visit.phase.approval
    return this.ask({ kind: "decide-approval", approval, outcome, comment, form: null, contentHash }, by)
  }

  signal(name: string, data: Json = {}, id = `${name}-1`): Rejection | null {
    return this.ask({ kind: "send-signal", name, id, data }, alice)
  }

  cancel(force = false, kind: Cause["kind"] = "cancel"): Rejection | null {
    return this.ask({ kind: "cancel", cause: { kind, reason: null, force } }, alice)
  }

  pause(): Rejection | null {
    return this.ask({ kind: "pause", reason: null }, alice)
  }

  resume(): Rejection | null {
    return this.ask({ kind: "resume", reason: null }, alice)
  }

  /** How each step ended, in order. */
  get ends(): string[] {
    return this.#events("state.exited").map((event) => `${this.place(event.stepId!)} ${event.payload.status}`)
  }

  get types(): string[] {
    return this.run.books.events.map((event) => event.type)
  }

  get error(): RunError | null {
    return this.run.state!.terminal?.error ?? null
  }

  get output(): Json {
    const terminal = this.run.state!.terminal
    if (terminal?.status !== "COMPLETED") return null
    if (terminal.output !== null && "value" in terminal.output) return terminal.output.value
    const from = this.run.books.events.find((event) => event.seq === terminal.outputSeq)
    const payload = from?.payload as { output?: { value?: Json }; data?: { value?: Json } } | undefined
    return payload?.output?.value ?? payload?.data?.value ?? null
  }

  #events<T extends RunEvent["type"]>(type: T): Extract<RunEvent, { type: T }>[] {
    return this.run.books.events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type)
  }
}

/** `agent.run` in one line. */
export function agent(name: string, more: JsonObject = {}): JsonObject {
  const { variables, ...rest } = more
  return {
    name,
    type: "operation",
    action: "agent.run",
    input: { agent: "worker", ...(variables === undefined ? {} : { variables }) },
    resultPath: `steps.${name}`,
    ...rest,
  }
}

export function approval(name: string, input: JsonObject = {}, more: JsonObject = {}): JsonObject {
  return {
    name,
    type: "operation",
    action: "human.approval",
    input: { message: `May ${name} go on?`, approvers: ["team:platform"], ...input },
    resultPath: `steps.${name}`,
    ...more,
  }
}
