/** Values as text: pretty for people, one line inside of a line. */
import { cut } from "./table.ts"

/** Indented, with small objects and lists on one line. */
export function prettyJson(value: unknown, width = 100): string {
  return print(value, "", width)
}

function print(value: unknown, indent: string, width: number): string {
  const flat = oneLine(value)
  if (typeof value !== "object" || value === null || indent.length + flat.length <= width) return flat
  const inner = `${indent}  `
  if (Array.isArray(value))
    return `[\n${value.map((item) => inner + print(item, inner, width)).join(",\n")}\n${indent}]`
  const lines = Object.entries(value).map(
    ([key, item]) => `${inner}${JSON.stringify(key)}: ${print(item, inner, width)}`,
  )
  return `{\n${lines.join(",\n")}\n${indent}}`
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null"
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`)
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`
}

export function shortJson(value: unknown, length: number): string {
  return cut(JSON.stringify(value) ?? "null", length)
}
