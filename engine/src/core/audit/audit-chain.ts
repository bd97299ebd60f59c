/** The chain over what people did: each entry's hash covers all it says and the hash of the one before. */
import { genesisHash, type HexSha256 } from "../run/chain.ts"
import type { AuditDraft } from "./audit-draft.ts"

export interface AuditLink {
  readonly number: number
  readonly hash: string
}

export const firstAuditLink: AuditLink = { number: 0, hash: genesisHash }

export function auditHash(sha256Hex: HexSha256, prev: AuditLink, draft: AuditDraft): string {
  const { workspaceId, at, actor, credential, action, target, door, address, outcome, status, requestId, detail } =
    draft
  const said = [workspaceId, at, actor, credential, action, target, door, address, outcome, status, requestId, detail]
  return sha256Hex(JSON.stringify([prev.hash, prev.number + 1, ...said]))
}
