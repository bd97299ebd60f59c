/**
 * Signing in and out. Who is not known and who is wrong get the same answer after the same time; each sign-in is a new
 * session, so that one that somebody planted is worth nothing; an account holds a bounded number of them.
 */
import type { AccessChange, SessionRow } from "@waybill/engine"
import { ProblemError } from "../http/shared/problem.ts"
import { type Deed, said } from "./deed.ts"
import { type Directory, defaultWorkspace, directoryMax } from "./directory.ts"
import { userIdOf } from "./manage-people.ts"
import { networkOf } from "./network-of.ts"
import type { Passwords } from "./passwords.ts"
import { newSecret, sha256Hex } from "./secrets.ts"
import type { StoredAccess } from "./stored-access.ts"
import { Tries } from "./tries.ts"

/** How often somebody may fail in a quarter of an hour. */
export const failuresMax = { account: 10, address: 50 } as const
const sessionsPerUser = 50

export interface SignIn {
  readonly session: SessionRow
  /** For the cookie; it is nowhere else. */
  readonly secret: string
}

export interface SignInFrom {
  readonly at: number
  readonly address: string
  readonly agent: string
  readonly requestId: string
  readonly door: string
}

export interface SessionPorts {
  readonly directory: Directory
  readonly access: StoredAccess
  readonly passwords: Passwords
  readonly id: (prefix: string) => string
  readonly now: () => number
  /** A session ends then, however much it is used. */
  readonly lifeMs: number
  readonly failuresMax?: { readonly account: number; readonly address: number }
}

export function sessionVerbs({
  directory,
  access,
  passwords,
  id,
  now,
  lifeMs,
  failuresMax: most = failuresMax,
}: SessionPorts) {
  const accounts = new Tries(most.account, now)
  const addresses = new Tries(most.address, now)

  const begin = (from: SignInFrom, userId: string, method: SessionRow["method"]): Promise<SignIn> => {
    const secret = newSecret("")
    return directory.change(() => {
      const session: SessionRow = {
        sessionId: id("ses"),
        sha256: sha256Hex(secret),
        userId,
        method,
        createdAt: from.at,
        lastSeenAt: from.at,
        expiresAt: from.at + lifeMs,
        address: from.address,
        agent: from.agent.slice(0, 200),
      }
      const changes: AccessChange[] = [{ put: "session", row: session }, ...surplus(userId)]
      const audit = homesOf(userId).map((workspaceId) =>
        said(deedOf(from, userId, workspaceId, session.sessionId), "session.begin", userId, { method }),
      )
      return { changes, audit, value: { session, secret } }
    })
  }

  /** Those that are over, and of one account the oldest ones beyond the bound. */
  const surplus = (userId: string): AccessChange[] => {
    const ended = directory.sessions(null).filter((one) => !access.lasts(one))
    const own = directory
      .sessions(userId)
      .filter((one) => access.lasts(one))
      .sort((a, b) => b.createdAt - a.createdAt)
    const full = directory.counts().sessions >= directoryMax.sessions ? own.slice(0) : own.slice(sessionsPerUser - 1)
    return [...ended, ...full].map((row) => ({ drop: "session", row }))
  }

  const homesOf = (userId: string): readonly string[] => {
    const homes = directory.memberships(userId).map(({ workspace }) => workspace.workspaceId)
    return homes.length === 0 ? [defaultWorkspace] : homes
  }

  return {
    /** Null: e-mail and password do not fit, whichever of them it is. */
    async withPassword(from: SignInFrom, email: string, password: string): Promise<SignIn | null> {
      const userId = userIdOf(email)
      const network = networkOf(from.address)
      if (!accounts.mayTry(userId) || !addresses.mayTry(network))
        throw new ProblemError("too_many_tries", "too many sign-ins have failed; wait a quarter of an hour")
      accounts.begin(userId)
      addresses.begin(network)
      const user = directory.user(userId)
      const isRight = await passwords.matches(password, user?.password ?? null)
      if (!isRight || user === null || user.disabledAt !== null || directory.memberships(userId).length === 0) {
        await directory.change(() => ({
          changes: [],
          audit: refusedFor(from, user === null ? null : userId),
          value: null,
        }))
        return null
      }
      accounts.forget(userId)
      addresses.forget(network)
      return begin(from, userId, "password")
    },

    begin,

    /** Own ones; an admin of the server sees everybody's. */
    list({ caller }: Deed, all: boolean): readonly SessionRow[] {
      return directory
        .sessions(all ? null : caller.actor.id)
        .filter((one) => access.lasts(one))
        .sort((a, b) => access.lastSeen(b) - access.lastSeen(a))
    },

    end(deed: Deed, sessionId: string, mayAll: boolean): Promise<null> {
      return directory.change(() => {
        const row = directory.session(sessionId)
        if (row === null || (!mayAll && row.userId !== deed.caller.actor.id))
          throw new ProblemError("session_not_found", `there is no session ${sessionId}`)
        const audit = [said(deed, "session.end", row.userId, { sessionId }, { outcome: "done", status: 204 })]
        return { changes: [{ drop: "session", row }], audit, value: null }
      })
    },
  }

  /** @param userId null: there is no such account. What was typed is not kept, since it may be a password. */
  function refusedFor(from: SignInFrom, userId: string | null) {
    const ended = { outcome: "refused", status: 401 } as const
    const detail = userId === null ? { account: "unknown" } : null
    const homes = userId === null ? [defaultWorkspace] : homesOf(userId)
    return homes.map((home) => said(deedOf(from, nobody, home, null), "session.begin", userId ?? "", detail, ended))
  }
}

/** Who did not get in: only that somebody asked to be the target is known. */
export const nobody = "nobody"

/** A sign-in that the identity provider vouched for and that came to nothing here. */
export function refusedSignIn(from: SignInFrom, who: string, why: string) {
  const ended = { outcome: "refused", status: 403 } as const
  return said(deedOf(from, nobody, defaultWorkspace, null), "session.begin", who, { method: "oidc", why }, ended)
}

function deedOf(from: SignInFrom, userId: string, workspaceId: string, sessionId: string | null): Deed {
  const credential = sessionId === null ? "none" : `session:${sessionId}`
  return {
    ...from,
    caller: { actor: { id: userId, teams: [], role: "viewer" }, role: "viewer", scopes: null, workspaceId, credential },
  }
}
