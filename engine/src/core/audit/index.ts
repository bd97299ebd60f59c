/**
 * The invariants I1–I16 as pure checks over one run's events and rows: asked by the simulator after every step, and of a
 * real database by `waybill fsck`. What crosses runs (I9 keys, I12 parents, I15 the feed) is checked where those meet.
 */
import type { Definition } from "../definition/model.ts"
import { checkLink, type EncodedEvent, genesisHash, type HexSha256 } from "../run/chain.ts"
import type { RunEvent } from "../run/events.ts"
import { RowFold } from "../views/fold.ts"
import type { Finding } from "./finding.ts"
import { HistoryAudit } from "./history-audit.ts"
import { auditRows, type StoredRows } from "./rows-audit.ts"

export type { Finding, Invariant } from "./finding.ts"
export { HistoryAudit } from "./history-audit.ts"
export { auditRows, type StoredRows } from "./rows-audit.ts"

/** @param definition the one the run pins; without it the bounds that only it knows are not checked. */
export function checkRun(
  runId: string,
  events: readonly RunEvent[],
  rows: StoredRows,
  definition: Definition | null = null,
): Finding[] {
  const audit = new HistoryAudit(runId, definition)
  const fold = new RowFold(runId)
  try {
    for (const event of events) {
      audit.apply(event)
      fold.apply(event)
    }
  } catch (error) {
    const detail = `the events cannot be folded: ${error instanceof Error ? error.message : String(error)}`
    return [...audit.findings, { invariant: "I5", runId, seq: null, detail }]
  }
  return [...audit.findings, ...auditRows(fold.state, fold.rows(rows.run.headHash), rows)]
}

/** I16: every link of the chain, and that it ends where the run's row says. */
export function checkChain(
  sha256: HexSha256,
  runId: string,
  events: readonly EncodedEvent[],
  headHash: string,
): Finding[] {
  const found: Finding[] = []
  let prev = { seq: 0, hash: genesisHash }
  for (const event of events) {
    const broken = checkLink(sha256, runId, prev, event)
    if (broken !== null) found.push({ invariant: "I16", runId, seq: broken.seq, detail: broken.what })
    prev = event
  }
  if (prev.hash !== headHash)
    found.push({ invariant: "I16", runId, seq: null, detail: "the run's row names another head of the chain" })
  return found
}
