/** Events as lines: seq, time, type, step, and as much of the payload as fits. */
import type { Event } from "@waybill/contract"
import { shortJson } from "./json.ts"
import type { Style } from "./style.ts"

interface Width {
  readonly isTty: boolean
  readonly columns: number
}

const TYPE_WIDTH = 22
const STEP_WIDTH = 31
const HEAD = 6 + 2 + 12 + 2 + TYPE_WIDTH + 2 + STEP_WIDTH + 2
const PAYLOAD_MIN = 40
const PAYLOAD_PIPED = 400

export function eventTable(style: Style, events: readonly Event[], width: Width): string {
  if (events.length === 0) return "no events\n"
  const head = `${"SEQ".padStart(6)}  ${"TIME".padEnd(12)}  ${"TYPE".padEnd(TYPE_WIDTH)}  ${"STEP".padEnd(STEP_WIDTH)}  PAYLOAD`
  return `${style.bold(head)}\n${events.map((event) => eventLine(style, event, width)).join("")}`
}

export function eventLine(style: Style, event: Event, { isTty, columns }: Width): string {
  const length = isTty ? Math.max(PAYLOAD_MIN, columns - HEAD) : PAYLOAD_PIPED
  const payload = event.payload === null ? "(erased)" : shortJson(event.payload, length)
  const seq = String(event.seq).padStart(6)
  const step = (event.stepId ?? "").padEnd(STEP_WIDTH)
  return `${seq}  ${style.dim(event.at.slice(11, 23))}  ${event.type.padEnd(TYPE_WIDTH)}  ${style.dim(step)}  ${style.dim(payload)}\n`
}
