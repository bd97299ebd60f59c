import { cx } from "../cx.ts"
import { type JsonKind, kindOf } from "./json-rows.ts"
import { shownText } from "./shown-text.ts"

const looks = {
  string: "text-fg",
  number: "text-fg font-semibold",
  boolean: "text-fg font-semibold",
  null: "text-faint",
  object: "text-muted",
  array: "text-muted",
} as const satisfies Record<JsonKind, string>

const PREVIEW_CHARS = 200

/** A value in one line: texts in quotes, what is large by its size. */
export function JsonScalar({ value, className }: { value: unknown; className?: string }) {
  const kind = kindOf(value)
  return <span className={cx("text-mono", looks[kind], className)}>{inOneLine(value)}</span>
}

export function inOneLine(value: unknown): string {
  const kind = kindOf(value)
  if (kind === "array")
    return (value as readonly unknown[]).length === 0 ? "[]" : counted((value as unknown[]).length, "item")
  if (kind === "object") {
    const count = Object.keys(value as object).length
    return count === 0 ? "{}" : counted(count, "field")
  }
  const text = shownText(JSON.stringify(value ?? null))
  return text.length > PREVIEW_CHARS ? `${text.slice(0, PREVIEW_CHARS)}…` : text
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`
