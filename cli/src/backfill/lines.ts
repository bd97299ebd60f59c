/**
 * A file of inputs, one JSON object a line, as runs that are owed. Each has a key of what it is about, so that the same
 * line is the same run however often the command is given.
 */
import { createHash } from "node:crypto"
import type { Json } from "@waybill/contract"
import { parseStrictJson } from "../offline/strict-json.ts"

export interface OwedRun {
  /** From 1. */
  readonly line: number
  readonly input: { readonly [name: string]: Json }
  readonly key: string
}

export interface BadLine {
  readonly line: number
  readonly message: string
}

/** @param of what the keys belong to besides the input */
export function readLines(
  text: string,
  of: readonly string[],
): { readonly owed: readonly OwedRun[]; readonly bad: BadLine[] } {
  const owed: OwedRun[] = []
  const bad: BadLine[] = []
  const seen = new Map<string, number>()
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = index + 1
    if (raw.trim() === "") continue
    const input = objectOf(raw)
    if (typeof input === "string") {
      bad.push({ line, message: input })
      continue
    }
    const content = JSON.stringify(sorted(input))
    // The same input twice in one file is two runs.
    const number = (seen.get(content) ?? 0) + 1
    seen.set(content, number)
    const hash = createHash("sha256").update(JSON.stringify([...of, content, number]))
    owed.push({ line, input, key: `backfill-${hash.digest("hex").slice(0, 32)}` })
  }
  return { owed, bad }
}

function objectOf(raw: string): OwedRun["input"] | string {
  try {
    const value: unknown = parseStrictJson(raw, "the line")
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as OwedRun["input"]
    return "must be a JSON object"
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Whatever the order in which names are written. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== "object" || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, part]) => [name, sorted(part)]))
}
