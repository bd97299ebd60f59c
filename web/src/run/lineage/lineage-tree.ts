/** The relatives of a run as a tree: each under the one through which it was found, so that no circle is walked twice. */
import type { Lineage } from "@waybill/contract"

export type Relative = Lineage["relatives"][number]

export type LineageRow = {
  readonly relative: Relative
  /** 0: related to the run itself. */
  readonly depth: number
}

/** In the order of the server, nearest first; those that were found through another stand below it. */
export function lineageRows({ runId, relatives }: Pick<Lineage, "runId" | "relatives">): readonly LineageRow[] {
  const found = new Map<string, Relative[]>()
  for (const relative of relatives) {
    const known = found.get(relative.via)
    if (known === undefined) found.set(relative.via, [relative])
    else known.push(relative)
  }
  const rows: LineageRow[] = []
  const seen = new Set([runId])
  const todo = (found.get(runId) ?? []).map((relative) => ({ relative, depth: 0 })).reverse()
  while (todo.length > 0) {
    const row = todo.pop()!
    if (seen.has(row.relative.runId)) continue
    seen.add(row.relative.runId)
    rows.push(row)
    const behind = found.get(row.relative.runId) ?? []
    todo.push(...behind.map((relative) => ({ relative, depth: row.depth + 1 })).reverse())
  }
  return rows
}

/** What a relative is to the one above it. */
export const relationWords = {
  parent: "started it",
  child: "was started by it",
  rerun: "is a re-run of it",
  rerun_of: "is what it is a re-run of",
  same_event: "is of the same business event",
} as const satisfies Record<Relative["relation"], string>
