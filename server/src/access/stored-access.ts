/**
 * Turns a key or a session of the store into who asks. What it made of a credential it keeps until anything changes, so
 * that a request costs one hash; a key that was revoked and a session that has ended are refused at once.
 */
import type { IncomingHttpHeaders } from "node:http"
import type { AccessChange, KeyRow, SessionRow } from "@waybill/engine"
import {
  type Authenticate,
  bearer,
  type Caller,
  inWorkspace,
  mayAct,
  narrowed,
  noSuchWorkspace,
  type Role,
} from "../http/shared/auth.ts"
import type { Directory } from "./directory.ts"
import { scopesOf } from "./key-scopes.ts"
import { sha256Hex } from "./secrets.ts"

export interface StoredAccessOptions {
  readonly directory: Directory
  readonly now: () => number
  readonly cookieName: string
  /** A session that nobody has used for so long has ended. */
  readonly idleMs: number
}

/** Resolved callers that are kept; then all are made anew. */
const keptMax = 20_000

interface Kept {
  readonly caller: Caller | typeof noSuchWorkspace | null
  readonly key: KeyRow | null
  readonly session: SessionRow | null
}

export class StoredAccess {
  readonly #options: StoredAccessOptions
  readonly #kept = new Map<string, Kept>()
  #version = -1
  /** When each was last used, since it was last written. */
  readonly #used = new Map<string, number>()

  constructor(options: StoredAccessOptions) {
    this.#options = options
  }

  readonly authenticate: Authenticate = (headers, workspace, isUse = true) => {
    const key = bearer(headers.authorization)
    if (key !== null) return this.#ofKey(key, workspace, isUse)
    // Whoever sends a header means it: a cookie beside it does not help.
    const cookie = headers.authorization === undefined ? this.cookie(headers) : null
    return cookie === null ? null : this.#ofSession(cookie, workspace, isUse)
  }

  /** The session that a browser's cookie names, while it lasts. */
  sessionOf(headers: IncomingHttpHeaders): SessionRow | null {
    const cookie = this.cookie(headers)
    const session = cookie === null ? null : this.#options.directory.sessionOfHash(sha256Hex(cookie))
    return session === null || !this.lasts(session) ? null : session
  }

  lasts(session: SessionRow): boolean {
    const now = this.#options.now()
    const user = this.#options.directory.user(session.userId)
    return now < session.expiresAt && now - this.lastSeen(session) < this.#options.idleMs && user?.disabledAt === null
  }

  lastSeen(session: SessionRow): number {
    return Math.max(session.lastSeenAt, this.#used.get(session.sessionId) ?? 0)
  }

  lastUsed(key: KeyRow): number | null {
    return this.#used.get(key.keyId) ?? key.lastUsedAt
  }

  /**
   * Worth writing now and then, and losing in a crash. To be asked within `Directory.change`: what others change of the
   * same rows must hold by then.
   */
  takeUsed(): readonly AccessChange[] {
    const changes: AccessChange[] = []
    const { directory } = this.#options
    for (const [id, at] of this.#used) {
      const key = directory.key(id)
      const session = directory.session(id)
      if (key !== null) changes.push({ put: "key", row: { ...key, lastUsedAt: at } })
      if (session !== null) changes.push({ put: "session", row: { ...session, lastSeenAt: at } })
    }
    this.#used.clear()
    return changes
  }

  cookie(headers: IncomingHttpHeaders): string | null {
    const { cookie } = headers
    if (cookie === undefined) return null
    for (const part of cookie.split(";")) {
      const at = part.indexOf("=")
      if (part.slice(0, at).trim() === this.#options.cookieName) return part.slice(at + 1).trim()
    }
    return null
  }

  #ofKey(secret: string, workspace: string | null, isUse: boolean): Caller | typeof noSuchWorkspace | null {
    const hash = sha256Hex(secret)
    const kept = this.#keptOf(hash, workspace, () => this.#resolveKey(hash, workspace))
    const { key } = kept
    if (key === null) return kept.caller
    const now = this.#options.now()
    if (key.expiresAt !== null && key.expiresAt <= now) return null
    if (isUse) this.#used.set(key.keyId, now)
    return kept.caller
  }

  #ofSession(secret: string, workspace: string | null, isUse: boolean): Caller | typeof noSuchWorkspace | null {
    const hash = sha256Hex(secret)
    const kept = this.#keptOf(hash, workspace, () => this.#resolveSession(hash, workspace))
    const { session } = kept
    if (session === null || !this.lasts(session)) return null
    if (isUse) this.#used.set(session.sessionId, this.#options.now())
    return kept.caller
  }

  #keptOf(hash: string, workspace: string | null, resolve: () => Kept): Kept {
    const { directory } = this.#options
    if (this.#version !== directory.version || this.#kept.size > keptMax) {
      this.#kept.clear()
      this.#version = directory.version
    }
    const name = workspace === null ? hash : `${hash} ${workspace}`
    const kept = this.#kept.get(name)
    if (kept !== undefined) return kept
    const made = resolve()
    // What is not known is not kept, no name of a workspace either: nobody must fill the memory with made-up ones.
    const isKnown = (made.key !== null || made.session !== null) && made.caller !== noSuchWorkspace
    if (isKnown) this.#kept.set(name, made)
    return made
  }

  #resolveKey(hash: string, workspace: string | null): Kept {
    const { directory } = this.#options
    const key = directory.keyOfHash(hash)
    if (key === null || key.revokedAt !== null) return nobody
    const most = this.#roleOfKey(key)
    const place = directory.workspace(key.workspaceId)
    if (most === null || place === null) return nobody
    const scopes = scopesOf(key)
    const role = narrowed(most, scopes)
    const caller: Caller = {
      actor: { id: key.actor, teams: directory.teamsOf(key.workspaceId, key.actor), role },
      role,
      scopes,
      workspaceId: key.workspaceId,
      workspaceSlug: place.slug,
      credential: `key:${key.keyId}`,
      auth: "keys",
    }
    return { caller: inWorkspace(caller, workspace), key, session: null }
  }

  /** Never more than who it acts for, or who made one that acts as itself, has now; null: they are not there any more. */
  #roleOfKey(key: KeyRow): Role | null {
    const { directory } = this.#options
    const user = directory.user(key.actor) ?? directory.user(key.createdBy)
    if (user === null) return key.role
    const member = directory.member(key.workspaceId, user.userId)
    if (member === null || user.disabledAt !== null) return null
    return mayAct(member.role, key.role) ? key.role : member.role
  }

  #resolveSession(hash: string, workspace: string | null): Kept {
    const { directory } = this.#options
    const session = directory.sessionOfHash(hash)
    if (session === null) return nobody
    const all = directory.memberships(session.userId)
    const asked = (one: (typeof all)[number]) =>
      workspace === null || one.workspace.workspaceId === workspace || one.workspace.slug === workspace
    const found = all.find(asked)
    if (found === undefined) return { caller: all.length === 0 ? null : noSuchWorkspace, key: null, session }
    const { workspaceId, slug } = found.workspace
    const caller: Caller = {
      actor: { id: session.userId, teams: directory.teamsOf(workspaceId, session.userId), role: found.role },
      role: found.role,
      scopes: null,
      workspaceId,
      workspaceSlug: slug,
      credential: `session:${session.sessionId}`,
      auth: "session",
    }
    return { caller, key: null, session }
  }
}

const nobody: Kept = { caller: null, key: null, session: null }
