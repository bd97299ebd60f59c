/** What agents logged, as lines: number, time, level, step, message and what was given beside it. */
import type { RunLogLine } from "@waybill/contract"
import { shortJson } from "./json.ts"
import { printable } from "./printable.ts"
import type { Style } from "./style.ts"

const STEP_CHARS = 13
const FIELDS_MAX = 400
/** A longer number only moves its own line. On the left: only a line begins there. */
const NUMBER_CHARS = 5

/** Of a step by its id, null where it is not known. */
export type NameOf = (stepId: string) => string | null

export function logTable(style: Style, lines: readonly RunLogLine[], nameOf: NameOf): string {
  return lines.length === 0 ? "no log lines\n" : lines.map((line) => logLine(style, line, nameOf)).join("")
}

/** A message may have line breaks: those stay, indented, so that no message can pretend to be a line. */
export function logLine(
  style: Style,
  { number, at, level, stepId, attempt, message, fields }: RunLogLine,
  nameOf: NameOf,
): string {
  const word = level.padEnd(5)
  const shown = level === "error" ? style.red(word) : level === "warn" ? style.yellow(word) : style.dim(word)
  const step = `${printable(nameOf(stepId) ?? stepId.slice(0, STEP_CHARS))}#${attempt}`
  const given = fields === null ? "" : ` ${style.dim(shortJson(fields, FIELDS_MAX))}`
  const place = style.dim(String(number).padEnd(NUMBER_CHARS))
  return `${place}  ${style.dim(at.slice(11, 23))}  ${shown}  ${style.dim(step)}  ${printable(message.replace(/\r\n?/g, "\n")).replaceAll("\n", "\n      ")}${given}\n`
}
