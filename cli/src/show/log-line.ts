/** One JSON line of the server's log as a line for people; what is no such line is left as it is. */
import type { Style } from "./style.ts"

const HIDDEN = new Set(["level", "time", "msg", "service", "pid", "hostname", "err"])

export function logLine(style: Style, line: string): string {
  const record = parsed(line)
  if (record === null) return line
  const { level, time, msg, err } = record
  const fields = Object.entries(record)
    .filter(([name, value]) => !HIDDEN.has(name) && value !== null && value !== 0)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
  const head = `${style.dim(String(time ?? "").slice(11, 19))} ${toneOf(style, level)} ${String(msg ?? "")}`
  return `${head}${fields.length === 0 ? "" : `  ${style.dim(fields.join(" "))}`}\n${stackOf(style, err)}`
}

interface LogRecord {
  readonly [name: string]: unknown
}

function parsed(line: string): LogRecord | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === "object" && value !== null ? (value as LogRecord) : null
  } catch {
    return null
  }
}

function toneOf(style: Style, level: unknown): string {
  const word = String(level ?? "info").padEnd(5)
  if (level === "error" || level === "fatal") return style.red(word)
  return level === "warn" ? style.yellow(word) : style.dim(word)
}

function stackOf(style: Style, err: unknown): string {
  const stack = typeof err === "object" && err !== null && "stack" in err ? err.stack : undefined
  return typeof stack === "string" ? `${style.dim(stack)}\n` : ""
}
