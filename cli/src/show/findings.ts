/** What the checker found in a file, with the line it found it in and a mark under the place. */
import type { Finding } from "@waybill/contract"
import type { Style } from "./style.ts"

/** `text`: the document the findings speak of, where it is at hand. */
export function findings(style: Style, found: readonly Finding[], text: string | null): string {
  const lines = text?.split(/\r?\n/) ?? []
  return found.map((one) => finding(style, one, lines)).join("\n")
}

function finding(style: Style, one: Finding, lines: readonly string[]): string {
  const severity = one.severity ?? "error"
  const tone = severity === "error" ? style.red : severity === "warning" ? style.yellow : style.cyan
  const head = `${style.bold(placeOf(one))} ${tone(severity)} ${style.dim(one.code)}\n  ${one.message}\n`
  return head + excerpt(style, one, lines, tone) + expectation(style, one) + hint(style, one)
}

/** `file:line:column`, as editors and terminals open it. */
export function placeOf({ file, line, column, pointer }: Finding): string {
  const place = [line, column].filter((part) => part !== null && part !== undefined)
  if (place.length > 0) return [file ?? "-", ...place].join(":")
  return [file, pointer].filter((part) => part !== undefined && part !== null && part !== "").join(" ") || "-"
}

const WIDTH = 120

function excerpt(style: Style, { line, column }: Finding, lines: readonly string[], tone: Style["red"]): string {
  const text = typeof line === "number" ? lines[line - 1] : undefined
  if (text === undefined || typeof line !== "number") return ""
  const at = Math.max(0, (column ?? 1) - 1)
  const from = at < WIDTH - 20 ? 0 : at - 40
  const shown = text.slice(from, from + WIDTH).replace(/\t/g, " ")
  const word = /^[\w.-]+|^"[^"]*"|^'[^']*'/.exec(text.slice(at))?.[0].length ?? 1
  const mark = tone("^".repeat(Math.max(1, Math.min(word, shown.length - (at - from)))))
  const margin = " ".repeat(String(line).length)
  return [
    `  ${style.dim(`${margin} │`)}`,
    `  ${style.dim(`${line} │`)} ${shown}`,
    `  ${style.dim(`${margin} │`)} ${" ".repeat(at - from)}${mark}`,
    "",
  ].join("\n")
}

function expectation(style: Style, { expected, actual }: Finding): string {
  if (expected === undefined) return ""
  const saw = actual === undefined ? "" : `, found ${short(actual)}`
  return `  ${style.dim("expected")} ${choices(expected) ?? short(expected)}${saw}\n`
}

const CHOICES_MAX = 20

/** A list of words to choose from is shown whole, as one reads it. */
function choices(expected: unknown): string | null {
  const isWords = Array.isArray(expected) && expected.length > 1 && expected.every((one) => typeof one === "string")
  if (!isWords) return null
  const shown = expected.slice(0, CHOICES_MAX).map(short).join(", ")
  const more = expected.length - CHOICES_MAX
  return more > 0 ? `one of ${shown} and ${more} more` : `one of ${shown}`
}

function hint(style: Style, { hint: text }: Finding): string {
  return text === undefined ? "" : `  ${style.dim("hint")} ${text}\n`
}

function short(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "")
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

/** `2 errors, 1 warning` */
export function countOf(found: readonly Finding[]): string {
  const parts = (["error", "warning", "hint"] as const).flatMap((severity) => {
    const count = found.filter((one) => (one.severity ?? "error") === severity).length
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? "" : "s"}`]
  })
  return parts.length === 0 ? "no problems" : parts.join(", ")
}
