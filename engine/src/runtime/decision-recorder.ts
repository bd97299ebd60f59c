/**
 * Turns a decision into what its run adds to the batch: events encoded and hashed (before any transaction begins, rule
 * 3), rows projected, large values and messages to other runs beside them. First everything is made, then it is put in
 * place: a fault of ours on the way leaves the batch as it was.
 */
import { type EncodedEvent, encodeEvent } from "../core/run/chain.ts"
import type { Decision } from "../core/run/decide/index.ts"
import { encodeState, snapshotCodec } from "../core/run/snapshot.ts"
import type { RunState } from "../core/run/state.ts"
import type { Rows } from "../core/views/projection.ts"
import type { Chance } from "../ports/chance.ts"
import type { Hashing } from "../ports/hashing.ts"
import type { MessageRow, RunCommit } from "../ports/store.ts"
import { messagesOf } from "./message.ts"
import type { PendingCommit } from "./pending-commit.ts"
import type { RunActor } from "./run-actor.ts"
import { eventWeight, memoryWeight } from "./run-weight.ts"

export interface RecorderPorts {
  readonly hashing: Hashing
  readonly chance: Chance
}

export interface SnapshotLimits {
  /**
   * A snapshot is due when the events since the last exceed this and sixteen times that snapshot's size (rule 12). The
   * event that created the run, with its input, stands for the first.
   */
  readonly snapshotBytesMin: number
}

export interface Recorded {
  readonly events: readonly EncodedEvent[]
  readonly headHash: string
  readonly bytes: number
  readonly rows: Rows
  readonly messages: readonly MessageRow[]
  readonly snapshot: RunCommit["snapshot"]
  /** Of this snapshot, of the one before, or of the event that created the run. */
  readonly baseBytes: number
}

export function encodeDecision(
  ports: RecorderPorts,
  limits: SnapshotLimits,
  actor: RunActor,
  state: RunState,
  decision: Decision,
): Recorded {
  const { runId } = actor
  const env = actor.env!
  const events: EncodedEvent[] = []
  let { headHash } = actor
  let bytes = 0
  for (const event of decision.events) {
    const encoded = encodeEvent(ports.hashing.sha256Hex, runId, headHash, ports.chance.hex(16), event)
    headHash = encoded.hash
    events.push(encoded)
    bytes += eventWeight(encoded)
  }
  const messages = messagesOf(decision.effects, runId, state, env.blobs, env.limits)
  const rows = decision.projection.rows(state, headHash)
  const before = actor.state === null ? eventWeight(events[0]!) : actor.baseBytes
  const isDue = actor.bytesSinceSnapshot + bytes >= Math.max(limits.snapshotBytesMin, 16 * before)
  const snapshot = isDue ? snapshotOf(state) : null
  return { events, headHash, bytes, rows, messages, snapshot, baseBytes: snapshot?.state.length ?? before }
}

/** Exact while the state is at the last event of the decision; the rest of the batch comes behind it as events. */
function snapshotOf(state: RunState): RunCommit["snapshot"] {
  return state.terminal === null ? { seq: state.seq, codec: snapshotCodec, state: encodeState(state) } : null
}

export function keepRecorded(actor: RunActor, pending: PendingCommit, decision: Decision, recorded: Recorded): void {
  const { bytes, snapshot, baseBytes } = recorded
  for (const event of recorded.events) pending.events.push(event)
  for (const effect of decision.effects) pending.effects.push(effect)
  for (const message of recorded.messages) pending.messagesOut.push(message)
  for (const blob of actor.env!.kept) pending.keepBlob(blob)
  for (const stepId of actor.env!.reserved) pending.reserved.push(stepId)
  pending.project(recorded.rows)
  pending.bytes += bytes
  actor.headHash = recorded.headHash
  actor.bytesSinceSnapshot += bytes
  actor.baseBytes = baseBytes
  actor.bytes += 2 * bytes
  if (snapshot === null) return
  pending.snapshot = snapshot
  pending.bytes += baseBytes
  actor.bytesSinceSnapshot = 0
  actor.bytes = memoryWeight(baseBytes, 0)
}
