/**
 * One run of a story from its start to its end, in the time that it would have taken: every event comes from `decide`,
 * every row from its projection, as in the runtime. Only the clock and what comes from outside are made up.
 */
import type { Definition } from "../../core/definition/model.ts"
import { isJsonObject, type JsonObject } from "../../core/json.ts"
import type { Random } from "../../core/random.ts"
import { encodeEvent, genesisHash } from "../../core/run/chain.ts"
import type { Actor, AttemptOutcome, Command } from "../../core/run/commands.ts"
import { decide } from "../../core/run/decide/index.ts"
import type { Effect, ExecuteEffect } from "../../core/run/effects.ts"
import type { RunEvent } from "../../core/run/events.ts"
import { prepareStart, type StartFacts } from "../../core/run/start.ts"
import type { RunState } from "../../core/run/state.ts"
import type { RunCommit } from "../../ports/store.ts"
import { failedOutcome, overdueOutcome } from "../../runtime/delivery-failure.ts"
import { system } from "../../runtime/envelope.ts"
import { Heap } from "../../runtime/heap.ts"
import { PendingCommit } from "../../runtime/pending-commit.ts"
import { type EnvPorts, RunEnv } from "../../runtime/run-env.ts"
import { around, type Story } from "./story.ts"

export interface Play {
  readonly runId: string
  readonly story: Story
  readonly definition: Definition
  readonly facts: StartFacts
  readonly input: JsonObject
  readonly actor: Actor
  /** When it starts, and up to when time passes; milliseconds since the epoch. */
  readonly at: number
  readonly until: number
  /** Somebody cancels it so long after its start; null: nobody does. */
  readonly cancelAfterMs: number | null
}

interface Due {
  readonly at: number
  readonly number: number
  readonly command: Command
  readonly actor: Actor
}

const commandsMax = 10_000

/** Null: at the end of the period it would be in the middle of something. */
export function playRun(ports: EnvPorts, random: Random, play: Play): RunCommit | null {
  const player = new Player(ports, random, play)
  player.start()
  return player.playOn() ? player.commit() : null
}

class Player {
  readonly #ports: EnvPorts
  readonly #random: Random
  readonly #play: Play
  readonly #env: RunEnv
  readonly #pending: PendingCommit
  readonly #due = new Heap<Due>((a, b) => a.at < b.at || (a.at === b.at && a.number < b.number))
  readonly #cancelled = new Set<string>()
  #state: RunState | null = null
  #head = genesisHash
  #numbers = 0

  constructor(ports: EnvPorts, random: Random, play: Play) {
    const { runId, definition, facts } = play
    const { workspaceId, environment, traceId } = facts
    this.#ports = ports
    this.#random = random
    this.#play = play
    this.#env = new RunEnv(
      ports,
      definition,
      { runId, workspaceId, workflowId: definition.id, environment, traceId, isApart: false },
      null,
    )
    this.#pending = new PendingCommit({ runId }, this.#env, 0)
  }

  start(): void {
    const { runId, facts, input, actor, at, cancelAfterMs } = this.#play
    this.#env.begin(at, null)
    const prepared = prepareStart(runId, facts, input, this.#env)
    if (!prepared.ok) throw new Error(`${facts.environment}/${this.#play.definition.id}: ${prepared.rejection.message}`)
    const { created } = prepared
    this.#decide(
      { kind: "start-run", created, input: prepared.input, context: null, paused: false, slotFree: true },
      actor,
      at,
    )
    if (cancelAfterMs === null) return
    const cause = { kind: "cancel", reason: "not needed any more", force: false } as const
    this.#later(at + cancelAfterMs, { kind: "cancel", cause }, actor)
  }

  /** False: the period ends while something is under way. */
  playOn(): boolean {
    for (let count = 0; this.#state?.terminal === null && count < commandsMax; count++) {
      const next = this.#due.peek()
      if (next === undefined || next.at > this.#play.until) return this.#rests()
      this.#due.pop()
      const { command } = next
      if (command.kind === "fire-timer" && this.#cancelled.has(command.timer)) continue
      this.#decide(command, next.actor, next.at)
    }
    return this.#state?.terminal !== null
  }

  commit(): RunCommit {
    return this.#pending.seal()
  }

  /** It waits for a person or a signal, and for nothing else. */
  #rests(): boolean {
    const { status } = this.#pending
    if (status !== "WAITING_APPROVAL" && status !== "WAITING_SIGNAL") return false
    let busy = false
    this.#due.retain(({ command: { kind } }) => {
      busy ||= kind === "finish-attempt" || kind === "start-attempt"
      return true
    })
    return !busy
  }

  #later(at: number, command: Command, actor: Actor = system): void {
    this.#due.push({ at, number: ++this.#numbers, command, actor })
  }

  #decide(command: Command, actor: Actor, at: number): void {
    const { runId } = this.#play
    this.#env.begin(at, null)
    const decision = decide(runId, this.#state, command, actor, this.#env)
    this.#state = decision.state
    if (decision.events.length === 0) return
    for (const event of decision.events) {
      const encoded = encodeEvent(this.#ports.hashing.sha256Hex, runId, this.#head, this.#random.hex(16), event)
      this.#head = encoded.hash
      this.#pending.events.push(encoded)
    }
    for (const blob of this.#env.kept) this.#pending.keepBlob(blob)
    this.#pending.project(decision.projection.rows(decision.state!, this.#head))
    for (const event of decision.events) this.#answer(event)
    for (const effect of decision.effects) this.#perform(effect, at)
  }

  #perform(effect: Effect, at: number): void {
    switch (effect.kind) {
      case "execute":
        return this.#execute(effect, at)
      case "enqueue": {
        const { stepId, attempt } = effect
        return this.#later(at + around(this.#random, 40, 1), { kind: "start-attempt", stepId, attempt })
      }
      case "set-timer":
        this.#cancelled.delete(effect.timer)
        return this.#later(effect.dueAt, { kind: "fire-timer", timer: effect.timer })
      case "cancel-timer":
        this.#cancelled.add(effect.timer)
        return
      case "continue":
        return this.#later(at, { kind: "continue" })
      case "abort": {
        const { stepId, attempt, fence } = effect
        return this.#later(at + around(this.#random, 30), {
          kind: "finish-attempt",
          stepId,
          attempt,
          fence,
          outcome: { kind: "stopped" },
        })
      }
      default:
        return
    }
  }

  #execute({ stepId, attempt, fence, agent, input, timeoutMs }: ExecuteEffect, at: number): void {
    const random = this.#random
    const habit = this.#play.story.agents[agent]!
    const ms = around(random, habit.typicalMs)
    const sums = { computeMs: Math.round(ms * 0.7), ...tokensOf(habit.tokens, random) }
    const model = habit.model?.(this.#play.definition.version)
    const usage = { ...sums, ...(model !== undefined && { models: [{ ...model, ...sums }] }) }
    const finish = (afterMs: number, outcome: AttemptOutcome) =>
      this.#later(at + afterMs, { kind: "finish-attempt", stepId, attempt, fence, outcome })
    const { version } = this.#play.definition
    let left = random.fraction()
    for (const { share, failure, versions } of habit.fails ?? []) {
      if (versions !== undefined && !versions.includes(version)) continue
      left -= share
      if (left >= 0) continue
      const limitMs = timeoutMs ?? 60_000
      if (failure === "timeout") return finish(limitMs, overdueOutcome("attempt", limitMs, attempt, usage))
      return finish(ms, failedOutcome(failure, attempt, usage))
    }
    const output = habit.output(isJsonObject(input) ? input : {}, random)
    finish(timeoutMs === null ? ms : Math.min(ms, timeoutMs - 1), { kind: "succeeded", output, usage })
  }

  /** What people and other systems do about what has happened. */
  #answer(event: RunEvent): void {
    const { decides, sends } = this.#play.story
    const random = this.#random
    if (event.type === "approval.requested" && decides !== undefined) {
      const outcome = random.weighted(decides.outcomes)
      if (outcome === "nobody") return
      const comment = random.pick(decides.comments[outcome] ?? [""]) || null
      this.#later(
        event.at + around(random, decides.typicalMs, 1),
        { kind: "decide-approval", approval: event.payload.approval, outcome, comment, form: null, contentHash: null },
        random.pick(decides.people),
      )
    }
    if (event.type === "wait.opened" && sends !== undefined && !random.chance(sends.silence)) {
      const data = sends.data(this.#play.input, random)
      this.#later(
        event.at + around(random, sends.typicalMs, 1),
        { kind: "send-signal", name: event.payload.signal, id: `sig_${random.hex(16)}`, data },
        this.#play.actor,
      )
    }
  }
}

function tokensOf(typical: number | undefined, random: Random): { tokens?: number; costUsd?: number } {
  if (typical === undefined) return {}
  const tokens = around(random, typical, 0.3)
  // Whole micro-dollars: sums of them stay readable.
  return { tokens, costUsd: Math.round(tokens * 3) / 1_000_000 }
}
