/**
 * Workspaces, their members and their teams. A workspace keeps somebody who looks after it; whoever changes a password
 * ends the sessions that were opened with the one before.
 */
import type { AddMember, ChangeMember, CreateWorkspace, PutTeam } from "@waybill/contract"
import type { AccessChange, MemberRow, SessionRow, TeamRow, UserRow, WorkspaceRow } from "@waybill/engine"
import { invalidParameter } from "../http/shared/parameters.ts"
import { ProblemError } from "../http/shared/problem.ts"
import { type Deed, said } from "./deed.ts"
import { type Directory, defaultWorkspace, directoryMax } from "./directory.ts"
import type { Passwords } from "./passwords.ts"
import { refuseSecrets } from "./refuse-secrets.ts"

export interface MemberView {
  readonly member: MemberRow
  readonly user: UserRow
  readonly teams: readonly string[]
}

const made = { outcome: "done", status: 201 } as const

export function userIdOf(email: string): string {
  return `user:${email.toLowerCase()}`
}

export function peopleVerbs(directory: Directory, passwords: Passwords, id: (prefix: string) => string) {
  const viewOf = (member: MemberRow): MemberView => ({
    member,
    user: directory.user(member.userId)!,
    teams: directory.teamsOf(member.workspaceId, member.userId),
  })
  const memberOf = ({ caller }: Deed, userId: string): MemberRow => {
    const member = directory.member(caller.workspaceId, userId)
    if (member === null) throw new ProblemError("member_not_found", `nobody is ${userId} here`)
    return member
  }
  /** Somebody who can do it stays, in the workspace that is meant. */
  const keepsAdmin = (workspaceId: string, userId: string) => {
    const others = directory.admins(workspaceId).filter((one) => one.userId !== userId)
    const wasAdmin = directory.admins(workspaceId).length > others.length
    if (wasAdmin && others.length === 0)
      throw new ProblemError("last_admin", `${userId} is the only admin of the workspace`)
  }
  const room = (kind: keyof typeof directoryMax) => {
    if (directory.counts()[kind] >= directoryMax[kind])
      throw new ProblemError("access_full", `there are ${directoryMax[kind]} ${kind}`)
  }
  const sessionsOf = (userId: string): AccessChange[] =>
    directory.sessions(userId).map((row: SessionRow) => ({ drop: "session", row }))

  return {
    workspacesOf({ caller }: Deed): readonly WorkspaceRow[] {
      const all = directory.workspaces()
      if (isOfServer(caller)) return all
      const own = new Set(directory.memberships(caller.actor.id).map(({ workspace }) => workspace.workspaceId))
      return all.filter(({ workspaceId }) => workspaceId === caller.workspaceId || own.has(workspaceId))
    },

    createWorkspace(deed: Deed, { slug, name = slug, admin }: CreateWorkspace): Promise<WorkspaceRow> {
      const { caller, at } = deed
      return directory.change(() => {
        refuseSecrets({ slug, name })
        room("workspaces")
        if (directory.workspaces().some((one) => one.slug === slug || one.workspaceId === slug))
          throw new ProblemError("workspace_exists", `there is a workspace ${slug}`)
        const row: WorkspaceRow = { workspaceId: id("ws"), slug, name, createdAt: at, createdBy: caller.actor.id }
        const changes: AccessChange[] = [{ put: "workspace", row }]
        const first = admin === undefined ? caller.actor.id : userIdOf(admin)
        const isKnown = directory.user(first) !== null
        if (!isKnown && admin === undefined)
          throw invalidParameter("admin", "a workspace needs somebody who looks after it", "Name their e-mail.")
        if (!isKnown) changes.push({ put: "user", row: userRow(deed, admin!, admin!, null) })
        changes.push({ put: "member", row: memberRow(deed, row.workspaceId, first, "admin") })
        return {
          changes,
          audit: [said(deed, "workspace.create", row.workspaceId, { slug, admin: first }, made)],
          value: row,
        }
      })
    },

    renameWorkspace(deed: Deed, workspaceId: string, name: string): Promise<WorkspaceRow> {
      return directory.change(() => {
        const before = directory.workspace(workspaceId)
        if (before === null || workspaceId !== deed.caller.workspaceId)
          throw new ProblemError("workspace_not_found", "the credential has no such workspace")
        refuseSecrets({ name })
        const row = { ...before, name }
        return {
          changes: [{ put: "workspace", row }],
          audit: [said(deed, "workspace.change", workspaceId, { name })],
          value: row,
        }
      })
    },

    members({ caller }: Deed): readonly MemberView[] {
      return directory
        .members(caller.workspaceId)
        .map(viewOf)
        .sort((a, b) => (a.user.email < b.user.email ? -1 : 1))
    },

    member: (deed: Deed, userId: string): MemberView => viewOf(memberOf(deed, userId)),

    async addMember(deed: Deed, { email, name, role, password }: AddMember): Promise<MemberView> {
      refuseSecrets({ email, name })
      const userId = userIdOf(email)
      // A person belongs to the whole server: with a password that others know they would be let in elsewhere too.
      if (password !== undefined && !isOfServer(deed.caller))
        throw new ProblemError(
          "forbidden",
          "only an admin of the workspace default gives somebody a password: add them without one",
        )
      if (password !== undefined) refuseNarrow(deed)
      const kept = password === undefined ? null : await passwords.hash(password)
      return directory.change(() => {
        const { workspaceId } = deed.caller
        if (directory.member(workspaceId, userId) !== null)
          throw new ProblemError("member_exists", `${userId} belongs to the workspace already`)
        room("members")
        const changes: AccessChange[] = []
        const known = directory.user(userId)
        // A workspace's admin must not take over somebody whom others know.
        if (known !== null && kept !== null)
          throw new ProblemError("member_exists", `${userId} is known on this server and has their own way to sign in`)
        if (known === null) {
          room("users")
          changes.push({ put: "user", row: userRow(deed, email, name ?? email, kept) })
        }
        const member = memberRow(deed, workspaceId, userId, role)
        changes.push({ put: "member", row: member })
        const user = known ?? userRow(deed, email, name ?? email, kept)
        const value = { member, user, teams: directory.teamsOf(workspaceId, userId) }
        return { changes, audit: [said(deed, "member.add", userId, { role }, made)], value }
      })
    },

    async changeMember(
      deed: Deed,
      userId: string,
      { role, name, password, disabled }: ChangeMember,
    ): Promise<MemberView> {
      memberOf(deed, userId)
      const { caller, at } = deed
      if (
        (password !== undefined || disabled !== undefined || name !== undefined) &&
        !isOfServer(caller) &&
        caller.actor.id !== userId
      )
        throw new ProblemError(
          "forbidden",
          "a person belongs to the whole server: ask an admin of the workspace default",
        )
      if (password !== undefined && !isOfServer(caller))
        throw new ProblemError("forbidden", "one's own password is changed with the present one, at /session/password")
      if (password !== undefined) refuseNarrow(deed)
      const kept = password === undefined ? null : await passwords.hash(password)
      return directory.change(() => {
        const member = memberOf(deed, userId)
        const before = directory.user(userId)!
        if (role !== undefined && role !== "admin") keepsAdmin(caller.workspaceId, userId)
        if (disabled === true)
          for (const { workspace } of directory.memberships(userId)) keepsAdmin(workspace.workspaceId, userId)
        const user: UserRow = {
          ...before,
          ...(name !== undefined && { name }),
          ...(kept !== null && { password: kept }),
          ...(disabled !== undefined && { disabledAt: disabled ? (before.disabledAt ?? at) : null }),
        }
        // From now on it is this admin's gift: the provider's groups do not change it any more.
        const row = role === undefined ? member : { ...member, role, createdBy: caller.actor.id }
        const changes: AccessChange[] = [
          { put: "user", row: user },
          { put: "member", row },
          ...(kept !== null || disabled === true ? sessionsOf(userId) : []),
        ]
        const detail = { role, name, disabled, password: kept === null ? undefined : "changed" }
        const value = { member: row, user, teams: directory.teamsOf(caller.workspaceId, userId) }
        return { changes, audit: [said(deed, "member.change", userId, detail)], value }
      })
    },

    removeMember(deed: Deed, userId: string): Promise<null> {
      return directory.change(() => {
        const row = memberOf(deed, userId)
        keepsAdmin(deed.caller.workspaceId, userId)
        const isLast = directory.memberships(userId).length === 1
        const changes: AccessChange[] = [
          { drop: "member", row },
          ...keysEnded(directory, row, deed),
          ...(isLast ? sessionsOf(userId) : []),
        ]
        return {
          changes,
          audit: [said(deed, "member.remove", userId, null, { outcome: "done", status: 204 })],
          value: null,
        }
      })
    },

    async changeOwnPassword(deed: Deed, keepSession: string | null, current: string, next: string): Promise<null> {
      const user = directory.user(deed.caller.actor.id)
      if (user === null) throw new ProblemError("member_not_found", "only people of this server have a password")
      if (!(await passwords.matches(current, user.password)))
        throw new ProblemError("password_wrong", "the present password is another one")
      const password = await passwords.hash(next)
      return directory.change(() => {
        const ended = directory.sessions(user.userId).filter((one) => one.sessionId !== keepSession)
        const changes: AccessChange[] = [
          { put: "user", row: { ...directory.user(user.userId)!, password } },
          ...ended.map((row) => ({ drop: "session", row }) as const),
        ]
        return { changes, audit: [said(deed, "session.password", user.userId)], value: null }
      })
    },

    teams: ({ caller }: Deed): readonly TeamRow[] =>
      [...directory.teams(caller.workspaceId)].sort((a, b) => (a.name < b.name ? -1 : 1)),

    putTeam(deed: Deed, name: string, { description, members }: PutTeam): Promise<TeamRow> {
      const { caller, at } = deed
      const { workspaceId } = caller
      return directory.change(() => {
        refuseSecrets({ name, description })
        const before = directory.team(workspaceId, name)
        if (before === null) room("teams")
        const stranger = members.find((userId) => directory.member(workspaceId, userId) === null)
        if (stranger !== undefined) throw new ProblemError("member_not_found", `nobody is ${stranger} here`)
        const row: TeamRow = {
          workspaceId,
          name,
          description: description ?? before?.description ?? "",
          members: JSON.stringify([...members].sort()),
          createdAt: before?.createdAt ?? at,
          createdBy: before?.createdBy ?? caller.actor.id,
        }
        return { changes: [{ put: "team", row }], audit: [said(deed, "team.put", name, { members })], value: row }
      })
    },

    removeTeam(deed: Deed, name: string): Promise<null> {
      return directory.change(() => {
        const row = directory.team(deed.caller.workspaceId, name)
        if (row === null) throw new ProblemError("team_not_found", `there is no team ${name}`)
        return { changes: [{ drop: "team", row }], audit: [said(deed, "team.remove", name)], value: null }
      })
    },
  }
}

/** Those that act as them and those that they made, in the workspace that they leave: a return brings none back. */
export function keysEnded(
  directory: Directory,
  { workspaceId, userId }: MemberRow,
  { caller, at }: Deed,
): AccessChange[] {
  return directory
    .keys(workspaceId)
    .filter((key) => key.revokedAt === null && (key.actor === userId || key.createdBy === userId))
    .map((key) => ({ put: "key", row: { ...key, revokedAt: at, revokedBy: caller.actor.id } }))
}

/** Who signs in with a password has no scopes: whoever knows it would leave those of their key. */
function refuseNarrow({ caller: { scopes } }: Deed): void {
  if (scopes === null) return
  throw new ProblemError("scope_missing", "a key with scopes gives nobody a password", {
    data: { scopes, needed: null },
    hint: "Add them without a password, or use a key without scopes.",
  })
}

/** An admin of `default` looks after the whole server. */
export function isOfServer({ role, workspaceId, isOfServer = false }: Deed["caller"]): boolean {
  return isOfServer || (role === "admin" && workspaceId === defaultWorkspace)
}

function memberRow({ caller, at }: Deed, workspaceId: string, userId: string, role: MemberRow["role"]): MemberRow {
  return { workspaceId, userId, role, createdAt: at, createdBy: caller.actor.id }
}

export function userRow({ caller, at }: Deed, email: string, name: string, password: string | null): UserRow {
  return {
    userId: userIdOf(email),
    email: email.toLowerCase(),
    name,
    password,
    subject: null,
    createdAt: at,
    createdBy: caller.actor.id,
    disabledAt: null,
  }
}
