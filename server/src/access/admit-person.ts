/**
 * Somebody comes from the identity provider: they are made known, and belong where their groups belong. What the provider
 * gave it also takes; a role that an admin gave here stays.
 */
import type { AccessChange, MemberRow, UserRow } from "@waybill/engine"
import { mayAct } from "../http/shared/auth.ts"
import { type Deed, said } from "./deed.ts"
import { type Directory, defaultWorkspace } from "./directory.ts"
import { keysEnded, userIdOf, userRow } from "./manage-people.ts"
import { nobody, type SignInFrom } from "./manage-sessions.ts"
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
export async function admitPerson(
  directory: Directory,
  rules: readonly GroupRule[],
  person: Person,
  from: SignInFrom,
): Promise<string> {
  const { userId, isIn, isSaid } = await directory.change(() => {
    const known = directory.userOfSubject(person.subject)
    const user = known ?? userByMail(directory, person)
    const userId = user?.userId ?? userIdOf(person.email)
    if (user !== null && user.disabledAt !== null)
      throw new OidcRefused("You have no access to this server.", { who: userId })
    const deed = deedOf(from, userId)
    const groups = person.groups.slice(0, 50)
    const { given, lost } = memberships(directory, rules, person, userId, from.at)
    const left = leaving(directory, lost, deed)
    const ended = lost.map(({ workspaceId }) =>
      said({ ...deed, caller: { ...deed.caller, workspaceId } }, "member.remove", userId, { groups }, removed),
    )
    if (given.length === 0 && directory.memberships(userId).length === lost.length) {
      const audit =
        user === null ? [] : [...ended, said(deedOf(from, nobody), "session.begin", userId, { groups }, refused)]
      return { changes: left, audit, value: { userId, isIn: false, isSaid: user !== null } }
    }
    const now: UserRow = {
      ...(user ?? userRow(deed, person.email, person.name, null)),
      name: person.name,
      subject: person.subject,
    }
    const changes: AccessChange[] = [
      ...(known === null && user !== null ? adopted(directory, now) : [{ put: "user", row: now } as const]),
      ...given.map((row) => ({ put: "member", row }) as const),
      ...left,
    ]
    const admitted = user === null ? [said(deed, "member.admit", userId, { groups })] : []
    return { changes, audit: [...admitted, ...ended], value: { userId, isIn: true, isSaid: true } }
  })
  // What they had from the provider is gone by now: with sessions, keys and role.
  if (!isIn) throw new OidcRefused("None of your groups has access to this server.", { who: isSaid ? null : userId })
  return userId
}

const refused = { outcome: "refused", status: 403 } as const
const removed = { outcome: "done", status: 204 } as const

function leaving(directory: Directory, lost: readonly MemberRow[], deed: Deed): AccessChange[] {
  return lost.flatMap((row) => [{ drop: "member", row } as const, ...keysEnded(directory, row, deed)])
}

/** Known by e-mail, but not seen from the provider yet. */
function userByMail(directory: Directory, person: Person): UserRow | null {
  const user = directory.user(userIdOf(person.email))
  if (user === null) return null
  if (user.subject !== null && user.subject !== person.subject)
    throw new OidcRefused("This e-mail belongs to somebody else here. Ask an admin.", { who: user.userId })
  // Whoever may write any e-mail into their account must not become somebody who is known here.
  if (!person.isConfirmed)
    throw new OidcRefused("This e-mail is known here, and the identity provider has not confirmed that it is yours.", {
      who: user.userId,
    })
  return user
}

/** Whoever knew their password until now is not them: it goes, with what was opened by it. */
function adopted(directory: Directory, user: UserRow): AccessChange[] {
  const sessions = directory.sessions(user.userId).map((row) => ({ drop: "session", row }) as const)
  return [{ put: "user", row: { ...user, password: null } }, ...sessions]
}

/** What the provider's groups give and take, beside what an admin gave. */
function memberships(
  directory: Directory,
  rules: readonly GroupRule[],
  person: Person,
  userId: string,
  at: number,
): { readonly given: readonly MemberRow[]; readonly lost: readonly MemberRow[] } {
  const given: MemberRow[] = []
  const lost: MemberRow[] = []
  for (const { workspaceId, slug } of directory.workspaces()) {
    const before = directory.member(workspaceId, userId)
    if (before !== null && before.createdBy !== byProvider) continue
    const role = highest(rules.filter((rule) => rule.workspace === slug && person.groups.includes(rule.group)))
    if (role === null && before !== null) lost.push(before)
    if (role !== null && before?.role !== role)
      given.push({ workspaceId, userId, role, createdAt: before?.createdAt ?? at, createdBy: byProvider })
  }
  return { given, lost }
}

function highest(rules: readonly GroupRule[]): MemberRow["role"] | null {
  let found: MemberRow["role"] | null = null
  for (const { role } of rules) if (found === null || mayAct(role, found)) found = role
  return found
}

function deedOf(from: SignInFrom, userId: string): Deed {
  const actor = { id: userId, teams: [], role: "viewer" } as const
  return { ...from, caller: { actor, role: "viewer", scopes: null, workspaceId: defaultWorkspace, credential: "oidc" } }
}
