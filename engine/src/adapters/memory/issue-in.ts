/** The issue of a run in memory, from how it ended. */
import { createHash } from "node:crypto"
import { issueOfRun } from "../../core/measures/issue-name.ts"
import type { RunError } from "../../core/run/events.ts"
import type { MemoryRun } from "./tables.ts"

export function issueIn({ row, events }: MemoryRun): string | null {
  const payload = events.find(({ event }) => event.seq === row.seq)?.event.payload ?? null
  const error = payload === null ? null : ((JSON.parse(payload) as { readonly error?: RunError }).error ?? null)
  return issueOfRun(row, error, issueHash)
}

function issueHash(text: string): string {
  return createHash("sha256").update(text).digest("base64url")
}
