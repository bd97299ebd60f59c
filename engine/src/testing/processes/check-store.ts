/** Looks through a whole database: positions, chains, rows and the workspace's chain. Returns what is wrong. */

import { openReader } from "../../adapters/sqlite/open-database.ts"
import { Reads } from "../../adapters/sqlite/queries/reads.ts"
import { checkLink, genesisHash } from "../../core/run/chain.ts"
import { hexSha256 } from "../builders/run-history.ts"

export interface CheckedStore {
  readonly runIds: readonly string[]
  readonly events: number
  readonly problems: readonly string[]
}

export function checkStore(path: string): CheckedStore {
  const db = openReader(path)
  try {
    const reads = new Reads(db, "00")
    const problems: string[] = []
    const runIds = reads.runIds(null, 1_000_000)
    let events = 0
    for (const runId of runIds) {
      let prev = { seq: 0, hash: genesisHash }
      for (const event of reads.rawEvents(runId, 0, 1_000_000)) {
        const broken = checkLink(hexSha256, runId, prev, event)
        if (broken !== null) problems.push(`${runId} at ${broken.seq}: ${broken.what}`)
        prev = event
        events += 1
      }
      const rows = reads.storedRows(runId)
      if (rows?.run.headHash !== prev.hash || rows.run.seq !== prev.seq)
        problems.push(`${runId}: its row is not its last event's`)
    }
    const feed = reads.since(0, 1_000_000)
    if (feed.some((event, index) => event.position !== index + 1)) problems.push("positions have gaps")
    if (feed.length !== events) problems.push(`${feed.length} events in the feed, ${events} in runs`)
    const integrity = db.pragma("integrity_check(5)", { simple: true })
    if (integrity !== "ok") problems.push(`integrity: ${String(integrity)}`)
    return { runIds, events, problems }
  } finally {
    db.close()
  }
}
