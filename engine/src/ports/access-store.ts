/** Who may: read whole at start, written row by row with what is said of it in the audit. It decides nothing. */
import type { AuditDraft } from "./audit-store.ts"

export const accessRoles = ["viewer", "operator", "admin"] as const
export type AccessRole = (typeof accessRoles)[number]

export interface WorkspaceRow {
  readonly workspaceId: string
  readonly slug: string
  readonly name: string
  readonly createdAt: number
  readonly createdBy: string
}

export interface UserRow {
  /** `user:alice@example.com` */
  readonly userId: string
  readonly email: string
  readonly name: string
  readonly password: string | null
  readonly subject: string | null
  readonly createdAt: number
  readonly createdBy: string
  readonly disabledAt: number | null
}

export interface MemberRow {
  readonly workspaceId: string
  readonly userId: string
  readonly role: AccessRole
  readonly createdAt: number
  readonly createdBy: string
}

export interface TeamRow {
  readonly workspaceId: string
  readonly name: string
  readonly description: string
  /** JSON: user ids. */
  readonly members: string
  readonly createdAt: number
  readonly createdBy: string
}

export interface KeyRow {
  readonly keyId: string
  readonly workspaceId: string
  readonly name: string
  /** Hex, of the key; the key itself is nowhere. */
  readonly sha256: string
  readonly prefix: string
  readonly actor: string
  readonly role: AccessRole
  /** JSON: what it is narrowed to; null: all that the role gives. */
  readonly scopes: string | null
  readonly createdAt: number
  readonly createdBy: string
  readonly expiresAt: number | null
  readonly lastUsedAt: number | null
  readonly revokedAt: number | null
  readonly revokedBy: string | null
}

export interface SessionRow {
  readonly sessionId: string
  /** Hex, of the cookie's value. */
  readonly sha256: string
  readonly userId: string
  readonly method: "password" | "oidc"
  readonly createdAt: number
  readonly lastSeenAt: number
  readonly expiresAt: number
  readonly address: string
  readonly agent: string
}

export interface AccessRows {
  readonly workspaces: readonly WorkspaceRow[]
  readonly users: readonly UserRow[]
  readonly members: readonly MemberRow[]
  readonly teams: readonly TeamRow[]
  readonly keys: readonly KeyRow[]
  readonly sessions: readonly SessionRow[]
}

/** `put` makes the row or overwrites it whole; `drop` takes it away. */
export type AccessChange =
  | { readonly put: "workspace"; readonly row: WorkspaceRow }
  | { readonly put: "user"; readonly row: UserRow }
  | { readonly put: "member"; readonly row: MemberRow }
  | { readonly put: "team"; readonly row: TeamRow }
  | { readonly put: "key"; readonly row: KeyRow }
  | { readonly put: "session"; readonly row: SessionRow }
  | { readonly drop: "member"; readonly row: MemberRow }
  | { readonly drop: "team"; readonly row: TeamRow }
  | { readonly drop: "session"; readonly row: SessionRow }

export interface AccessStore {
  load(): Promise<AccessRows>
  /** All changes and all that is said of them in the audit, in one commit. */
  write(changes: readonly AccessChange[], audit: readonly AuditDraft[]): Promise<void>
}
