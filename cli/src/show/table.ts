/** Columns without lines around them, as a terminal likes them and as `awk` can read them. */
import Table from "cli-table3"
import type { Style } from "./style.ts"

const bare = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
} as const

/** `rows` hold texts that may be coloured; a line break in one is a space. */
export function table(style: Style, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const made = new Table({
    head: head.map((name) => style.bold(name)),
    chars: bare,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  })
  made.push(...rows.map((row) => row.map((cell) => cell.replace(/\s*\n\s*/g, " "))))
  return `${made.toString().replace(/[ \t]+$/gm, "")}\n`
}

/** `name  value` lines under each other; those without a value are left out. */
export function fields(style: Style, pairs: readonly (readonly [name: string, value: string | null])[]): string {
  const shown = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== null && pair[1] !== "")
  const width = Math.max(0, ...shown.map(([name]) => name.length))
  const indent = " ".repeat(width + 4)
  return shown
    .map(([name, value]) => `  ${style.dim(name.padEnd(width))}  ${value.replace(/\n/g, `\n${indent}`)}\n`)
    .join("")
}

/** At most `length` characters, `…` where it was cut. */
export function cut(text: string, length: number): string {
  const line = text.replace(/\s+/g, " ").trim()
  return line.length <= length ? line : `${line.slice(0, Math.max(1, length - 1))}…`
}
