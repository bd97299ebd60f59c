/**
 * The hash chain (rule 10): `hash = sha256(prev ‖ header)`, the header holding a salted hash of the payload's exact
 * stored bytes (rule 23), so that erasing a payload later does not break the chain.
 */
import type { RunEvent } from "./events.ts"

export type HexSha256 = (text: string) => string

export interface EncodedEvent {
  readonly seq: number
  readonly v: number
  readonly type: string
  readonly at: number
  readonly actor: string
  readonly stepId: string | null
  /** The exact JSON text that is stored and hashed; nobody encodes it again. */
  readonly payload: string
  readonly salt: string
  readonly payloadHash: string
  readonly prevHash: string
  readonly hash: string
}

export const genesisHash = "0".repeat(64)

export function payloadHash(sha256: HexSha256, salt: string, payload: string): string {
  return sha256(`${salt}\n${payload}`)
}

export function eventHash(
  sha256: HexSha256,
  runId: string,
  event: Omit<EncodedEvent, "hash" | "payload" | "salt">,
): string {
  const { seq, v, type, at, stepId } = event
  // A JSON array, put together by hand: encoding eight short values costs as much as hashing them.
  const step = stepId === null ? "null" : quoted(stepId)
  return sha256(
    `${event.prevHash}\n[${quoted(runId)},${seq},${v},${quoted(type)},${at},${quoted(event.actor)},${step},${quoted(event.payloadHash)}]`,
  )
}

const plain = /^[\w:./@ -]*$/

function quoted(text: string): string {
  return plain.test(text) ? `"${text}"` : JSON.stringify(text)
}

export function encodeEvent(
  sha256: HexSha256,
  runId: string,
  prevHash: string,
  salt: string,
  event: RunEvent,
): EncodedEvent {
  const payload = JSON.stringify(event.payload)
  // One object, filled in: a copy by spread costs more than the hash.
  const encoded = {
    seq: event.seq,
    v: event.v,
    type: event.type,
    at: event.at,
    actor: event.actor,
    stepId: event.stepId,
    payload,
    salt,
    payloadHash: payloadHash(sha256, salt, payload),
    prevHash,
    hash: "",
  }
  encoded.hash = eventHash(sha256, runId, encoded)
  return encoded
}

export type ChainFinding = {
  readonly seq: number
  readonly what: "gap" | "broken_link" | "header_altered" | "payload_altered"
}

/** Null = intact so far. A null payload has been erased: its hash still stands in the header. */
export function checkLink(
  sha256: HexSha256,
  runId: string,
  prev: { seq: number; hash: string },
  event: Omit<EncodedEvent, "payload" | "salt"> & { payload: string | null; salt: string | null },
): ChainFinding | null {
  if (event.seq !== prev.seq + 1) return { seq: event.seq, what: "gap" }
  if (event.prevHash !== prev.hash) return { seq: event.seq, what: "broken_link" }
  if (eventHash(sha256, runId, event) !== event.hash) return { seq: event.seq, what: "header_altered" }
  const { payload, salt } = event
  // Erased are both: without its salt nothing says that a payload is what it was.
  if (payload === null && salt === null) return null
  const isWhole = payload !== null && salt !== null && payloadHash(sha256, salt, payload) === event.payloadHash
  return isWhole ? null : { seq: event.seq, what: "payload_altered" }
}

/** A finished run's head in its workspace's own chain: a removed run or a cut tail shows (rule 10). */
export interface WorkspaceHead {
  readonly workspaceId: string
  /** 1, 2, 3 … in order of commits. */
  readonly number: number
  readonly runId: string
  readonly runSeq: number
  readonly runHead: string
  readonly prevHash: string
  readonly hash: string
}

export function sealRun(
  sha256: HexSha256,
  prev: { readonly number: number; readonly hash: string },
  run: { readonly workspaceId: string; readonly runId: string; readonly seq: number; readonly headHash: string },
): WorkspaceHead {
  const number = prev.number + 1
  const hash = sha256(`${prev.hash}\n${JSON.stringify([run.workspaceId, number, run.runId, run.seq, run.headHash])}`)
  return {
    workspaceId: run.workspaceId,
    number,
    runId: run.runId,
    runSeq: run.seq,
    runHead: run.headHash,
    prevHash: prev.hash,
    hash,
  }
}
