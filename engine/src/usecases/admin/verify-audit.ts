/** `waybill verify`, the audit's half: whether an entry was changed, taken out, put in between, or cut off the end. */
import { type AuditLink, auditHash, firstAuditLink } from "../../core/audit/audit-chain.ts"
import type { HexSha256 } from "../../core/run/chain.ts"
import type { AuditReport } from "../../door.ts"
import type { AuditStore } from "../../ports/audit-store.ts"

const findingsMax = 1_000
const pageSize = 500

export async function verifyAudit(store: AuditStore, sha256Hex: HexSha256): Promise<AuditReport> {
  const findings: { workspaceId: string; number: number; what: string }[] = []
  const heads = await store.heads()
  let entries = 0
  for (const head of heads) {
    const { workspaceId } = head
    const note = (number: number, what: string) => {
      if (findings.length < findingsMax) findings.push({ workspaceId, number, what })
    }
    let prev: AuditLink = firstAuditLink
    for (let page = await store.chain(workspaceId, 0, pageSize); page.length > 0; ) {
      for (const entry of page) {
        entries++
        if (entry.number !== prev.number + 1) note(entry.number, "entry_missing_before")
        else if (entry.prevHash !== prev.hash) note(entry.number, "link_broken")
        const before = { number: entry.number - 1, hash: entry.prevHash }
        if (auditHash(sha256Hex, before, entry) !== entry.hash) note(entry.number, "entry_altered")
        prev = entry
      }
      page = page.length < pageSize ? [] : await store.chain(workspaceId, prev.number, pageSize)
    }
    if (prev.number !== head.number || prev.hash !== head.hash) note(prev.number, "cut_tail")
  }
  return { entries, heads: [...heads], findings }
}
