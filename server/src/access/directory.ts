/**
 * Who may, whole in memory: a request is answered for without the disk and without a slow hash. Changes are written
 * first, with their audit in the same commit, one after the other; then they hold for the next request. It knows no HTTP.
 */
import type {
  AccessChange,
  AccessRole,
  AccessRows,
  AccessStore,
  AuditDraft,
  KeyRow,
  MemberRow,
  SessionRow,
  TeamRow,
  UserRow,
  WorkspaceRow,
} from "@waybill/engine"

/** Of each kind; a server that has more is split. */
export const directoryMax = {
  workspaces: 1_000,
  users: 10_000,
  members: 50_000,
  teams: 5_000,
  keys: 20_000,
  sessions: 20_000,
} as const

export const defaultWorkspace = "default"

export interface Membership {
  readonly workspace: WorkspaceRow
  readonly role: AccessRole
}

export class Directory {
  readonly #store: AccessStore
  readonly #workspaces = new Map<string, WorkspaceRow>()
  readonly #users = new Map<string, UserRow>()
  readonly #members = new Map<string, Map<string, MemberRow>>()
  readonly #teams = new Map<string, Map<string, TeamRow>>()
  readonly #keys = new Map<string, KeyRow>()
  readonly #keysByHash = new Map<string, KeyRow>()
  readonly #sessions = new Map<string, SessionRow>()
  readonly #sessionsByHash = new Map<string, SessionRow>()
  #line: Promise<unknown> = Promise.resolve()
  /** Raised by every change: what was derived from the rows before is not good any more. */
  version = 0

  private constructor(store: AccessStore, rows: AccessRows) {
    this.#store = store
    for (const row of rows.workspaces) this.#hold({ put: "workspace", row })
    for (const row of rows.users) this.#hold({ put: "user", row })
    for (const row of rows.members) this.#hold({ put: "member", row })
    for (const row of rows.teams) this.#hold({ put: "team", row })
    for (const row of rows.keys) this.#hold({ put: "key", row })
    for (const row of rows.sessions) this.#hold({ put: "session", row })
  }

  static async open(store: AccessStore): Promise<Directory> {
    return new Directory(store, await store.load())
  }

  /**
   * Decides on what holds when its turn comes, and writes it. `decide` throws to refuse; nothing is written then.
   */
  change<T>(
    decide: () => {
      readonly changes: readonly AccessChange[]
      readonly audit: readonly AuditDraft[]
      readonly value: T
    },
  ): Promise<T> {
    const turn = this.#line.then(async () => {
      const { changes, audit, value } = decide()
      if (changes.length > 0 || audit.length > 0) await this.#store.write(changes, audit)
      for (const change of changes) this.#hold(change)
      this.version++
      return value
    })
    this.#line = turn.catch(() => {})
    return turn
  }

  get isEmpty(): boolean {
    return this.#users.size === 0 && this.#keys.size === 0
  }

  /** Somebody who could look after the whole server. */
  get hasAdmin(): boolean {
    return this.admins(defaultWorkspace).length > 0 || [...this.#keys.values()].some((key) => key.role === "admin")
  }

  /** Somebody could sign in with a password. */
  get hasPasswords(): boolean {
    for (const user of this.#users.values()) if (user.password !== null && user.disabledAt === null) return true
    return false
  }

  counts(): Readonly<Record<keyof typeof directoryMax, number>> {
    let members = 0
    let teams = 0
    for (const of of this.#members.values()) members += of.size
    for (const of of this.#teams.values()) teams += of.size
    return {
      workspaces: this.#workspaces.size,
      users: this.#users.size,
      members,
      teams,
      keys: this.#keys.size,
      sessions: this.#sessions.size,
    }
  }

  workspaces(): readonly WorkspaceRow[] {
    return [...this.#workspaces.values()].sort((a, b) => (a.slug < b.slug ? -1 : 1))
  }

  workspace(workspaceId: string): WorkspaceRow | null {
    return this.#workspaces.get(workspaceId) ?? null
  }

  user(userId: string): UserRow | null {
    return this.#users.get(userId) ?? null
  }

  userOfSubject(subject: string): UserRow | null {
    for (const user of this.#users.values()) if (user.subject === subject) return user
    return null
  }

  members(workspaceId: string): readonly MemberRow[] {
    return [...(this.#members.get(workspaceId)?.values() ?? [])]
  }

  member(workspaceId: string, userId: string): MemberRow | null {
    return this.#members.get(workspaceId)?.get(userId) ?? null
  }

  admins(workspaceId: string): readonly MemberRow[] {
    return this.members(workspaceId).filter(
      ({ role, userId }) => role === "admin" && this.#users.get(userId)?.disabledAt === null,
    )
  }

  /** By slug, `default` first. */
  memberships(userId: string): readonly Membership[] {
    return this.workspaces()
      .flatMap((workspace) => {
        const member = this.member(workspace.workspaceId, userId)
        return member === null ? [] : [{ workspace, role: member.role }]
      })
      .sort(
        (a, b) =>
          Number(b.workspace.workspaceId === defaultWorkspace) - Number(a.workspace.workspaceId === defaultWorkspace),
      )
  }

  teams(workspaceId: string): readonly TeamRow[] {
    return [...(this.#teams.get(workspaceId)?.values() ?? [])]
  }

  team(workspaceId: string, name: string): TeamRow | null {
    return this.#teams.get(workspaceId)?.get(name) ?? null
  }

  teamsOf(workspaceId: string, userId: string): readonly string[] {
    return this.teams(workspaceId)
      .filter(({ members }) => (JSON.parse(members) as string[]).includes(userId))
      .map(({ name }) => name)
  }

  keys(workspaceId: string): readonly KeyRow[] {
    return [...this.#keys.values()].filter((key) => key.workspaceId === workspaceId)
  }

  /** Neither revoked nor past their end at `now`. */
  liveKeys(now: number): readonly KeyRow[] {
    return [...this.#keys.values()].filter(
      ({ revokedAt, expiresAt }) => revokedAt === null && (expiresAt === null || expiresAt > now),
    )
  }

  key(keyId: string): KeyRow | null {
    return this.#keys.get(keyId) ?? null
  }

  keyOfHash(sha256: string): KeyRow | null {
    return this.#keysByHash.get(sha256) ?? null
  }

  sessions(userId: string | null): readonly SessionRow[] {
    return [...this.#sessions.values()].filter((session) => userId === null || session.userId === userId)
  }

  session(sessionId: string): SessionRow | null {
    return this.#sessions.get(sessionId) ?? null
  }

  sessionOfHash(sha256: string): SessionRow | null {
    return this.#sessionsByHash.get(sha256) ?? null
  }

  #hold(change: AccessChange): void {
    if ("drop" in change) return this.#forget(change)
    switch (change.put) {
      case "workspace":
        this.#workspaces.set(change.row.workspaceId, change.row)
        break
      case "user":
        this.#users.set(change.row.userId, change.row)
        break
      case "member":
        inner(this.#members, change.row.workspaceId).set(change.row.userId, change.row)
        break
      case "team":
        inner(this.#teams, change.row.workspaceId).set(change.row.name, change.row)
        break
      case "key":
        this.#keys.set(change.row.keyId, change.row)
        this.#keysByHash.set(change.row.sha256, change.row)
        break
      case "session":
        this.#sessions.set(change.row.sessionId, change.row)
        this.#sessionsByHash.set(change.row.sha256, change.row)
        break
    }
  }

  #forget(change: Extract<AccessChange, { readonly drop: string }>): void {
    switch (change.drop) {
      case "member":
        this.#members.get(change.row.workspaceId)?.delete(change.row.userId)
        break
      case "team":
        this.#teams.get(change.row.workspaceId)?.delete(change.row.name)
        break
      case "session":
        this.#sessions.delete(change.row.sessionId)
        this.#sessionsByHash.delete(change.row.sha256)
        break
    }
  }
}

function inner<Row>(map: Map<string, Map<string, Row>>, key: string): Map<string, Row> {
  let found = map.get(key)
  if (found === undefined) {
    found = new Map()
    map.set(key, found)
  }
  return found
}
