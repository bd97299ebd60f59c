/**
 * What a bench prints: a Markdown table of medians with their spread, and for each goal whether it was met or by how
 * much it was missed. A missed goal fails nothing: a time is never a test (settled 32).
 */
import { median } from "./numbers.ts"

export interface Measured {
  readonly what: string
  /** Whose: Waybill, or a peer with its version and durability. */
  readonly system: string
  readonly unit: string
  /** One a round. */
  readonly values: readonly number[]
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number }
  readonly note?: string
}

/** A peer that could not be asked; why. */
export interface Absent {
  readonly what: string
  readonly system: string
  readonly absent: string
}

export type Row = Measured | Absent

export function report(title: string, rows: readonly Row[]): void {
  console.log(`\n### ${title}\n`)
  console.log("| what | who | median | spread | goal | |")
  console.log("|---|---|---:|---|---|---|")
  for (const row of rows) console.log(`| ${cellsOf(row).join(" | ")} |`)
  console.log("")
}

function cellsOf(row: Row): readonly string[] {
  if ("absent" in row) return [row.what, row.system, "–", "", "", row.absent]
  const { what, system, unit, values, goal, note } = row
  const spread = values.length < 2 ? "one round" : `${show(Math.min(...values))} … ${show(Math.max(...values))}`
  const verdict = goal === undefined ? "" : verdictOf(median(values), goal)
  return [
    what,
    system,
    `${show(median(values))} ${unit}`.trim(),
    spread,
    goal === undefined ? "" : `${"atMost" in goal ? "≤" : "≥"} ${show("atMost" in goal ? goal.atMost : goal.atLeast)}`,
    [verdict, note ?? ""].filter((part) => part !== "").join("; "),
  ]
}

function verdictOf(value: number, goal: NonNullable<Measured["goal"]>): string {
  const missed = "atMost" in goal ? value / goal.atMost - 1 : goal.atLeast / value - 1
  return missed <= 0 ? "**met**" : `missed: ${(1 + missed).toFixed(2)} × the goal`
}

function show(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString("en")
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
