/**
 * Asks `decide` about one command and puts what it says into the batch being filled. What cannot be decided leaves
 * nothing behind but, perhaps, a spoiled state: slots taken and places in queues are given back here.
 */

import type { Definition } from "../core/definition/model.ts"
import { genesisHash } from "../core/run/chain.ts"
import type { Command } from "../core/run/commands.ts"
import { type Decision, decide } from "../core/run/decide/index.ts"
import type { RunCreated } from "../core/run/events.ts"
import { originOf } from "../core/run/origin.ts"
import { NeedsBlobs } from "../core/run/stored.ts"
import { runRow } from "../core/views/projection.ts"
import type { Clock } from "../ports/clock.ts"
import type { Committer } from "./committer.ts"
import { encodeDecision, keepRecorded, type RecorderPorts, type SnapshotLimits } from "./decision-recorder.ts"
import { type Envelope, type Outcome, rejected } from "./envelope.ts"
import { PendingCommit } from "./pending-commit.ts"
import type { ActorCommit, RunActor } from "./run-actor.ts"
import { type EnvPorts, RunEnv } from "./run-env.ts"

export interface DecisionPorts extends EnvPorts, RecorderPorts {
  readonly clock: Clock
  /** Whether a new run gets a slot of its concurrency key now; it is noted as holder or as waiting (rule 28). */
  joinConcurrency(runId: string, created: RunCreated): "slot" | "queue" | "refused"
  leaveConcurrency(runId: string): void
  unreserve(stepId: string): void
  /** A run has left quarantine. */
  revive(runId: string): void
  /** Position of the newest durable event. */
  head(): number
}

export type Verdict =
  /** In the batch: answered when that is durable. */
  | { readonly kind: "recorded" }
  /** Nothing to commit for it. */
  | { readonly kind: "answer"; readonly outcome: Outcome }
  /** The state is spoiled; with these values at hand the same command can be decided (rule 20). */
  | { readonly kind: "needs"; readonly hashes: readonly string[] }
  /** The state is spoiled: a fault of ours. */
  | { readonly kind: "bug"; readonly error: unknown }

const recorded: Verdict = { kind: "recorded" }

export function expiredText(runId: string): string {
  return `what happened in run ${runId} is past its retention: only its summary is left`
}

export class DecisionMaker {
  readonly #ports: DecisionPorts
  readonly #limits: SnapshotLimits
  readonly #committer: Committer

  constructor(ports: DecisionPorts, limits: SnapshotLimits, committer: Committer) {
    this.#ports = ports
    this.#limits = limits
    this.#committer = committer
  }

  envFor(runId: string, definition: Definition, created: RunCreated): RunEnv {
    const { workspaceId, workflowId, environment, traceId } = created
    const isApart = originOf(created) !== "live"
    const place = { runId, workspaceId, workflowId, environment, traceId, isApart }
    return new RunEnv(this.#ports, definition, place, created)
  }

  decide(actor: RunActor, envelope: Envelope): Verdict {
    const { command } = envelope
    if (actor.isExpired) return answer(rejected("evidence_expired", expiredText(actor.runId)))
    if (actor.state === null) {
      if (command.kind !== "start-run" || envelope.definition === null) {
        return answer(rejected("run_not_found", `there is no run ${actor.runId}`))
      }
      actor.env = this.envFor(actor.runId, envelope.definition, command.created)
    } else if (command.kind === "start-run") {
      return answer(rejected("run_exists", `run ${actor.runId} exists already`))
    }
    const asked = actor.revived && command.kind === "retry-now" ? this.#revive(actor) : this.#withSlot(actor, command)
    if (asked === null) return answer(concurrencyFull(command))
    const env = actor.env!
    env.begin(this.#ports.clock.now(), envelope.blobs)
    try {
      return this.#record(actor, envelope, decide(actor.runId, actor.state, asked, envelope.actor, env))
    } catch (error) {
      this.#undo(actor, command)
      return error instanceof NeedsBlobs ? { kind: "needs", hashes: error.hashes } : { kind: "bug", error }
    }
  }

  /** Gives back what the decisions of a refused commit had taken. */
  throwAway(pending: ActorCommit): void {
    for (const stepId of pending.reserved) this.#ports.unreserve(stepId)
    if (pending.joined) this.#ports.leaveConcurrency(pending.actor.runId)
  }

  /** Out of quarantine: that is written down, and what the run is owed is looked for as after a crash. */
  #revive(actor: RunActor): Command {
    actor.revived = false
    this.#ports.revive(actor.runId)
    return { kind: "repair", leaf: "run", why: actor.why }
  }

  /** Whether a concurrency slot is free is asked at the last moment, in the order of decisions (rule 28). */
  #withSlot(actor: RunActor, command: Command): Command | null {
    if (command.kind !== "start-run" || command.created.concurrency === null) return command
    const joined = this.#ports.joinConcurrency(actor.runId, command.created)
    return joined === "refused" ? null : { ...command, slotFree: joined === "slot" }
  }

  #undo(actor: RunActor, command: Command): void {
    const env = actor.env!
    const { reserved } = env
    env.reserved = []
    for (const stepId of reserved) this.#ports.unreserve(stepId)
    if (command.kind === "start-run") this.#ports.leaveConcurrency(actor.runId)
  }

  #record(actor: RunActor, envelope: Envelope, decision: Decision): Verdict {
    const { events, effects, state } = decision
    const nothing = events.length === 0 && effects.length === 0
    if (!decision.ok && nothing) {
      this.#undo(actor, envelope.command)
      return answer({ kind: "rejected", rejection: decision.rejection })
    }
    if (state === null) throw new Error(`a decision over ${actor.runId} has events and no state`)
    if (nothing && envelope.answer === null && envelope.messagesIn.length === 0) {
      // What was decided is as durable as the run is.
      const run = runRow(state, actor.headHash)
      return answer({ kind: "committed", position: this.#ports.head(), run, commit: null })
    }
    if (actor.state === null) actor.headHash = genesisHash
    const made = encodeDecision(this.#ports, this.#limits, actor, state, decision)
    const pending = this.#pendingOf(actor, actor.state === null ? 0 : state.seq - events.length)
    const { bytes } = pending
    actor.state = state
    keepRecorded(actor, pending, decision, made)
    if (decision.ok) pending.take(envelope)
    // A deadline had passed before the command was looked at: that is committed, the command is not.
    else pending.asked.push({ envelope, refusal: { kind: "rejected", rejection: decision.rejection } })
    if (envelope.command.kind === "start-run") pending.joined = true
    this.#committer.open().bytes += pending.bytes - bytes
    return recorded
  }

  #pendingOf(actor: RunActor, expectedSeq: number): ActorCommit {
    if (actor.pending !== null) return actor.pending
    const pending = new PendingCommit(actor, actor.env!, expectedSeq)
    actor.pending = pending
    actor.latest = pending
    actor.undurable++
    this.#committer.open().commits.push(pending)
    return pending
  }
}

function answer(outcome: Outcome): Verdict {
  return { kind: "answer", outcome }
}

function concurrencyFull(command: Command): Outcome {
  const key = command.kind === "start-run" ? (command.created.concurrency?.key ?? "") : ""
  return rejected("concurrency_limit", `as many runs as allowed hold the concurrency key "${key}"`, { data: { key } })
}
