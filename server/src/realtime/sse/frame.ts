/** Events as bytes of `text/event-stream`, encoded once for all readers (rule 27). */
import type { FeedEvent, Remarked, StoredEventRow } from "@waybill/engine"
import { terminalEvents } from "@waybill/engine"
import { eventJson } from "../../http/shared/event-json.ts"

export interface Frame {
  readonly id: number
  /** Null: nothing to send, only the cursor moves. */
  readonly bytes: Buffer | null
  /** Nothing comes after it. */
  readonly isLast: boolean
}

export const opening: Buffer = Buffer.from("retry: 1000\n\n")
export const heartbeat: Buffer = Buffer.from(":\n\n")

export function runFrame(event: StoredEventRow): Frame {
  return { id: event.seq, bytes: encode(event.seq, event.type, eventJson(event)), isLast: isTerminal(event.type) }
}

/** `matches` false: the run has just left the reader's filter (rule 17). */
export function listFrame(event: FeedEvent, matches: boolean): Frame {
  const message = {
    position: event.position,
    runId: event.runId,
    seq: event.seq,
    type: event.type,
    at: new Date(event.at).toISOString(),
    actor: event.actor,
    stepId: event.stepId,
    workflowId: event.workflowId,
    environment: event.environment,
    status: event.status,
    matches,
  }
  return { id: event.position, bytes: encode(event.position, event.type, JSON.stringify(message)), isLast: false }
}

/** What somebody said beside a run. Without an id: the reader's place in the feed does not move. */
export function remarkFrame(remarked: Remarked, matches: boolean): Buffer {
  const { position, remark, seq, workflowId, environment, status } = remarked
  const { remarkId, runId, number, at, actor, body } = remark
  const message = {
    position,
    runId,
    seq,
    type: "run.remarked",
    at: new Date(at).toISOString(),
    actor,
    stepId: body.kind === "note.added" ? body.stepId : null,
    workflowId,
    environment,
    status,
    remark: { remarkId, number, kind: body.kind },
    matches,
  }
  return Buffer.from(`event: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`)
}

/** The id that was sent lies beyond the newest event (a restore): the reader forgets all and goes on after `id`. */
export function resetFrame(id: number, head: number, asked: number): Buffer {
  return encode(id, "reset", JSON.stringify({ head, asked }))
}

/** JSON text holds no line breaks, so one `data:` line is enough. */
function encode(id: number, type: string, data: string): Buffer {
  return Buffer.from(`id: ${id}\nevent: ${type}\ndata: ${data}\n\n`)
}

const terminal: ReadonlySet<string> = terminalEvents

function isTerminal(type: string): boolean {
  return terminal.has(type)
}
