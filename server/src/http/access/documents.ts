/** Rows of the directory and of the audit as the contract has them. Hashes of secrets never leave. */
import type { ApiKey, AuditEntry, Member, SignedIn, Team, Workspace } from "@waybill/contract"
import type { AuditEntry as AuditRow, KeyRow, SessionRow, TeamRow, WorkspaceRow } from "@waybill/engine"
import { scopesOf } from "../../access/key-scopes.ts"
import type { MemberView } from "../../access/manage-people.ts"
import type { StoredAccess } from "../../access/stored-access.ts"
import { rfc3339, rfc3339OrNull } from "../shared/time.ts"

export function workspaceDocument({ workspaceId, slug, name, createdAt, createdBy }: WorkspaceRow): Workspace {
  return { workspaceId, slug, name, createdAt: rfc3339(createdAt), createdBy }
}

export function memberDocument({ member, user, teams }: MemberView): Member {
  return {
    user: user.userId,
    email: user.email,
    name: user.name,
    role: member.role,
    teams: [...teams],
    hasPassword: user.password !== null,
    disabled: user.disabledAt !== null,
    createdAt: rfc3339(member.createdAt),
    createdBy: member.createdBy,
  }
}

export function teamDocument({ name, description, members, createdAt, createdBy }: TeamRow): Team {
  return { name, description, members: JSON.parse(members) as string[], createdAt: rfc3339(createdAt), createdBy }
}

export function keyDocument(key: KeyRow, stored: StoredAccess): ApiKey {
  return {
    keyId: key.keyId,
    name: key.name,
    prefix: key.prefix,
    actor: key.actor,
    role: key.role,
    scopes: scopesOf(key),
    createdAt: rfc3339(key.createdAt),
    createdBy: key.createdBy,
    expiresAt: rfc3339OrNull(key.expiresAt),
    lastUsedAt: rfc3339OrNull(stored.lastUsed(key)),
    revokedAt: rfc3339OrNull(key.revokedAt),
    revokedBy: key.revokedBy,
  }
}

export function sessionDocument(row: SessionRow, stored: StoredAccess, credential: string): SignedIn {
  return {
    sessionId: row.sessionId,
    user: row.userId,
    method: row.method,
    createdAt: rfc3339(row.createdAt),
    lastSeenAt: rfc3339(stored.lastSeen(row)),
    expiresAt: rfc3339(row.expiresAt),
    address: row.address,
    agent: row.agent,
    current: credential === `session:${row.sessionId}`,
  }
}

export function auditDocument({ workspaceId: _workspace, at, detail, ...row }: AuditRow): AuditEntry {
  const { number, actor, credential, action, target, door, address, outcome, status, requestId, prevHash, hash } = row
  const said = detail === null ? null : (JSON.parse(detail) as unknown)
  const where = { door, address, outcome, status, requestId }
  return { number, at: rfc3339(at), actor, credential, action, target, ...where, detail: said, prevHash, hash }
}
