/** CSV as RFC 4180 has it: quoted fields, doubled quotes, line breaks in quotes; `\n` and `\r\n` end a row. */
import { AgentError } from "./agent.ts"

export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** The first row names the columns; a row with another number of fields is refused with its number. */
export function parseCsv(text: string): Table {
  const [columns, ...rows] = splitRows(text)
  if (columns === undefined) throw new AgentError("validation_failed", "csv_empty", "the file has no header")
  const odd = rows.findIndex((row) => row.length !== columns.length)
  if (odd >= 0) {
    const detail = `row ${odd + 2} has ${rows[odd]?.length} fields, the header ${columns.length}`
    throw new AgentError("validation_failed", "csv_ragged", detail)
  }
  return { columns, rows }
}

export function formatCsv({ columns, rows }: Table): string {
  return [columns, ...rows].map((row) => `${row.map(quoted).join(",")}\n`).join("")
}

/** Each row as an object by column name. */
export function records({ columns, rows }: Table): Record<string, string>[] {
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index] ?? ""])))
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) || field === "" ? `"${field.replaceAll('"', '""')}"` : field
}

function splitRows(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  while (at < text.length) {
    const field = text[at] === '"' ? quotedField(text, at) : plainField(text, at)
    row.push(field.value)
    at = field.end
    if (text[at] === ",") {
      at += 1
      if (at === text.length) row.push("")
      else continue
    }
    if (text[at] === "\r") at += 1
    if (text[at] === "\n") at += 1
    rows.push(row)
    row = []
  }
  return rows
}

interface Field {
  readonly value: string
  readonly end: number
}

function plainField(text: string, start: number): Field {
  let end = start
  while (end < text.length && text[end] !== "," && text[end] !== "\n" && text[end] !== "\r") end += 1
  return { value: text.slice(start, end), end }
}

function quotedField(text: string, start: number): Field {
  let value = ""
  let at = start + 1
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote < 0) throw new AgentError("validation_failed", "csv_open_quote", "a quoted field does not end")
    value += text.slice(at, quote)
    if (text[quote + 1] !== '"') return closed(text, value, quote + 1)
    value += '"'
    at = quote + 2
  }
}

function closed(text: string, value: string, end: number): Field {
  const next = text[end]
  if (next === undefined || next === "," || next === "\n" || next === "\r") return { value, end }
  throw new AgentError(
    "validation_failed",
    "csv_after_quote",
    `unexpected ${JSON.stringify(next)} after a quoted field`,
  )
}
