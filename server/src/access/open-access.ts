/**
 * Who may, put together: the directory, what turns a credential into who asks, and the verbs over people, keys and
 * sessions. Open mode and the keys of the configuration stand beside it and need no store.
 */
import type { AccessStore, AuditStore } from "@waybill/engine"
import { type Authenticate, type KeyConfig, keyAccess, openAccess } from "../http/shared/auth.ts"
import type { GroupRule } from "./admit-person.ts"
import { AuditLog } from "./audit-log.ts"
import { Directory } from "./directory.ts"
import { keyVerbs } from "./manage-keys.ts"
import { peopleVerbs } from "./manage-people.ts"
import { sessionVerbs } from "./manage-sessions.ts"
import type { Oidc, OidcSettings } from "./oidc.ts"
import { Passwords } from "./passwords.ts"
import { StoredAccess } from "./stored-access.ts"

export interface AccessSettings {
  readonly auth: "open" | "keys" | "oidc"
  readonly openActor: { readonly id: string; readonly teams: readonly string[] }
  readonly keys: readonly KeyConfig[]
  readonly sessionIdleMinutes: number
  readonly sessionDays: number
  /** People come over https: the cookie goes nowhere else. */
  readonly isSecure: boolean
  /** Null: nobody signs in by a provider. */
  readonly oidc: OidcSettings | null
  /** What the provider's groups may do here. */
  readonly groups: readonly GroupRule[]
}

export interface AccessPorts {
  readonly store: AccessStore
  readonly audit: AuditStore
  readonly now: () => number
  readonly id: (prefix: string) => string
  readonly onError: (error: unknown) => void
}

export type Access = Awaited<ReturnType<typeof openAccessDoors>>

const dayMs = 86_400_000
/** When keys and sessions were last used is written so often. */
const usedMs = 60_000

export async function openAccessDoors(ports: AccessPorts, settings: AccessSettings) {
  const { now, id, onError } = ports
  const directory = await Directory.open(ports.store)
  const passwords = new Passwords()
  // A browser takes a `__Host-` cookie from nobody but this host, over https and for all its paths.
  const cookieName = settings.isSecure ? "__Host-waybill" : "waybill_session"
  const idleMs = settings.sessionIdleMinutes * 60_000
  const lifeMs = settings.sessionDays * dayMs
  const stored = new StoredAccess({ directory, now, cookieName, idleMs })
  const log = new AuditLog(ports.audit, now, onError)
  // Taken when its turn comes: rows of before would bring back a key that was revoked meanwhile.
  const writeUsed = () => directory.change(() => ({ changes: stored.takeUsed(), audit: [], value: null }))
  const writing = setInterval(() => void writeUsed().catch(onError), usedMs)
  writing.unref()
  return {
    settings,
    directory,
    stored,
    cookie: { name: cookieName, maxAgeSeconds: lifeMs / 1_000, isSecure: settings.isSecure },
    authenticate: authenticateBy(settings, stored),
    people: peopleVerbs(directory, passwords, id),
    keys: keyVerbs(directory, id),
    sessions: sessionVerbs({ directory, access: stored, passwords, id, now, lifeMs }),
    oidc: await openOidc(settings.oidc, now),
    audit: ports.audit,
    log,
    now,
    /** Whether pages ask people to sign in: there is somebody who can. */
    asksPeople: () => settings.auth === "oidc" || (settings.auth === "keys" && directory.hasPasswords),
    async close(): Promise<void> {
      clearInterval(writing)
      await log.close()
      await writeUsed().catch(onError)
    },
  }
}

/** Its library is read only where there is a provider. */
async function openOidc(settings: OidcSettings | null, now: () => number): Promise<Oidc | null> {
  if (settings === null) return null
  const { Oidc } = await import("./oidc.ts")
  return new Oidc(settings, now)
}

function authenticateBy(settings: AccessSettings, stored: StoredAccess): Authenticate {
  if (settings.auth === "open") return openAccess(settings.openActor)
  const configured = keyAccess(settings.keys)
  return (headers, workspace, isUse) => stored.authenticate(headers, workspace, isUse) ?? configured(headers, workspace)
}
