/**
 * Somebody comes from the identity provider: they are made known, and belong where their groups belong. What the provider
 * gave it also takes; a role that an admin gave here stays.
 */
import type { AccessChange, MemberRow, UserRow } from "@waybill/engine"
import { mayAct } from "../http/shared/auth.ts"
import { type Deed, said } from "./deed.ts"
import { type Directory, defaultWorkspace } from "./directory.ts"
import { userIdOf, userRow } from "./manage-people.ts"
import type { SignInFrom } from "./manage-sessions.ts"
import type { Person } from "./oidc.ts"
import { OidcRefused } from "./oidc-refused.ts"

export interface GroupRule {
  readonly group: string
  /** Slug. */
  readonly workspace: string
  readonly role: MemberRow["role"]
}

const byProvider = "oidc"

/** @returns whose session begins. @throws OidcRefused */
export function admitPerson(
  directory: Directory,
  rules: readonly GroupRule[],
  person: Person,
  from: SignInFrom,
): Promise<string> {
  return directory.change(() => {
    const known = directory.userOfSubject(person.subject)
    const user = known ?? userByMail(directory, person)
    const userId = user?.userId ?? userIdOf(person.email)
    if (user !== null && user.disabledAt !== null) throw new OidcRefused("You have no access to this server.")
    const deed = deedOf(from, userId)
    const fresh = user ?? userRow(deed, person.email, person.name, null)
    const now: UserRow = { ...fresh, name: person.name, subject: person.subject }
    const changes: AccessChange[] = [
      ...(known === null && user !== null ? adopted(directory, now) : [{ put: "user", row: now } as const]),
      ...memberships(directory, rules, person, userId, from.at),
    ]
    if (!staysSomewhere(directory, userId, changes))
      throw new OidcRefused("None of your groups has access to this server.")
    const audit = user === null ? [said(deed, "member.admit", userId, { groups: person.groups.slice(0, 50) })] : []
    return { changes, audit, value: userId }
  })
}

/** Known by e-mail, but not seen from the provider yet. */
function userByMail(directory: Directory, person: Person): UserRow | null {
  const user = directory.user(userIdOf(person.email))
  if (user !== null && user.subject !== null && user.subject !== person.subject)
    throw new OidcRefused("This e-mail belongs to somebody else here. Ask an admin.")
  return user
}

/** Whoever knew their password until now is not them: it goes, with what was opened by it. */
function adopted(directory: Directory, user: UserRow): AccessChange[] {
  const sessions = directory.sessions(user.userId).map((row) => ({ drop: "session", row }) as const)
  return [{ put: "user", row: { ...user, password: null } }, ...sessions]
}

function memberships(
  directory: Directory,
  rules: readonly GroupRule[],
  person: Person,
  userId: string,
  at: number,
): AccessChange[] {
  return directory.workspaces().flatMap(({ workspaceId, slug }): AccessChange[] => {
    const before = directory.member(workspaceId, userId)
    if (before !== null && before.createdBy !== byProvider) return []
    const role = highest(rules.filter((rule) => rule.workspace === slug && person.groups.includes(rule.group)))
    if (role === null) return before === null ? [] : [{ drop: "member", row: before }]
    if (before?.role === role) return []
    const row: MemberRow = { workspaceId, userId, role, createdAt: before?.createdAt ?? at, createdBy: byProvider }
    return [{ put: "member", row }]
  })
}

function highest(rules: readonly GroupRule[]): MemberRow["role"] | null {
  let found: MemberRow["role"] | null = null
  for (const { role } of rules) if (found === null || mayAct(role, found)) found = role
  return found
}

function staysSomewhere(directory: Directory, userId: string, changes: readonly AccessChange[]): boolean {
  const put = changes.some((change) => "put" in change && change.put === "member")
  const dropped = changes.filter((change) => "drop" in change && change.drop === "member").length
  return put || directory.memberships(userId).length > dropped
}

function deedOf(from: SignInFrom, userId: string): Deed {
  const actor = { id: userId, teams: [], role: "viewer" } as const
  return { ...from, caller: { actor, role: "viewer", workspaceId: defaultWorkspace, credential: "oidc" } }
}
