/** What agents really did, as they wrote it down themselves: the outside's view of a run. */
import { existsSync, readFileSync } from "node:fs"

export interface LedgerLine {
  readonly what: "begin" | "end"
  readonly stepId: string
  readonly attempt: number
  readonly key: string
  readonly at: number
}

export function readLedger(file: string): readonly LedgerLine[] {
  if (!existsSync(file)) return []
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => {
      // A kill can cut the last line in the middle.
      try {
        return [JSON.parse(line) as LedgerLine]
      } catch {
        return []
      }
    })
}
