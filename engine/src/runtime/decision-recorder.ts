/**
 * Puts a decision into its run's pending commit: events encoded and hashed (before any transaction begins, rule 3), rows
 * projected, large values and messages to other runs beside them. Everything here is synchronous and cannot be refused.
 */
import { encodeEvent } from "../core/run/chain.ts"
import type { Decision } from "../core/run/decide/index.ts"
import { encodeState, snapshotCodec } from "../core/run/snapshot.ts"
import type { RunState } from "../core/run/state.ts"
import type { Chance } from "../ports/chance.ts"
import type { Hashing } from "../ports/hashing.ts"
import { messagesOf } from "./message.ts"
import type { PendingCommit } from "./pending-commit.ts"
import type { RunActor } from "./run-actor.ts"

/** What a stored event weighs besides its payload: header, hashes, index entries. */
const headerBytes = 400

export interface RecorderPorts {
  readonly hashing: Hashing
  readonly chance: Chance
}

export interface SnapshotLimits {
  /** A snapshot is due when the events since the last exceed this and twice that snapshot's size (rule 12). */
  readonly snapshotBytesMin: number
}

export function recordDecision(
  ports: RecorderPorts,
  limits: SnapshotLimits,
  actor: RunActor,
  state: RunState,
  pending: PendingCommit,
  decision: Decision,
): void {
  const { runId } = actor
  const env = actor.env!
  const sha256 = ports.hashing.sha256Hex
  let bytes = 0
  for (const event of decision.events) {
    const encoded = encodeEvent(sha256, runId, actor.headHash, ports.chance.hex(16), event)
    actor.headHash = encoded.hash
    pending.events.push(encoded)
    bytes += encoded.payload.length + headerBytes
  }
  pending.bytes += bytes
  actor.bytesSinceSnapshot += bytes
  actor.bytes += 2 * bytes
  for (const effect of decision.effects) pending.effects.push(effect)
  for (const message of messagesOf(decision.effects, runId, state, env.blobs, env.limits))
    pending.messagesOut.push(message)
  // After the messages: they may have put large values aside, too.
  for (const blob of env.kept) pending.keepBlob(blob)
  for (const stepId of env.reserved) pending.reserved.push(stepId)
  pending.project(decision.projection.rows(state, actor.headHash))
  if (state.terminal === null) snapshotWhenDue(limits, actor, state, pending)
}

/** Exact while the state is at the last event of the decision; the rest of the batch comes behind it as events. */
function snapshotWhenDue(limits: SnapshotLimits, actor: RunActor, current: RunState, pending: PendingCommit): void {
  if (actor.bytesSinceSnapshot < Math.max(limits.snapshotBytesMin, 2 * actor.snapshotBytes)) return
  const state = encodeState(current)
  pending.snapshot = { seq: current.seq, codec: snapshotCodec, state }
  pending.bytes += state.length
  actor.snapshotBytes = state.length
  actor.bytesSinceSnapshot = 0
  actor.bytes = weigh(state.length, 0)
}

/** What a run weighs in memory, from what its encoded forms weigh: a bound for the LRU, not an accounting. */
export function weigh(snapshotBytes: number, eventBytes: number): number {
  return 8_192 + 3 * snapshotBytes + 2 * eventBytes
}
