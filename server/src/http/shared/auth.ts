/**
 * Who asks (settled 23, 24): what a credential turns into, and the two ways that need no store. Open mode is one local
 * admin; keys of the configuration are known by their SHA-256. Nothing here looks at the body, and nobody gets an
 * identity or a workspace that the credential does not have.
 */
import { createHash, timingSafeEqual } from "node:crypto"
import type { IncomingHttpHeaders } from "node:http"
import type { KeyScope } from "@waybill/contract"
import type { Actor } from "@waybill/engine"

export const roles = ["viewer", "operator", "admin"] as const
export type Role = (typeof roles)[number]

export interface Caller {
  readonly actor: Actor
  readonly role: Role
  /** What a key is narrowed to; null: all that the role gives. */
  readonly scopes: readonly KeyScope[] | null
  readonly workspaceId: string
  readonly workspaceSlug: string
  /** Names the credential, for the scope of idempotency keys (rule 24) and for the audit. */
  readonly credential: string
  /** `session`: by cookie, which a browser sends by itself, so that writes must come from our own pages. */
  readonly auth: "open" | "keys" | "session"
}

/** The id or the slug that was asked for is no workspace of the credential's. */
export const noSuchWorkspace = "no such workspace"

/**
 * Null = nobody is known by these headers. `workspace`: an id or a slug; null = the credential's own or first one.
 * `isUse` false: it is only looked whether it is still good.
 */
export type Authenticate = (
  headers: IncomingHttpHeaders,
  workspace: string | null,
  isUse?: boolean,
) => Caller | typeof noSuchWorkspace | null

export interface KeyConfig {
  readonly name: string
  /** Hex SHA-256 of the key; the key itself is nowhere on the server. */
  readonly sha256: string
  /** `user:alice@example.com`; absent: the key acts as `key:<name>`. */
  readonly user?: string
  readonly teams?: readonly string[]
  readonly role: Role
  readonly scopes?: readonly KeyScope[]
}

/** Files belong to it, and whoever is admin here looks after the whole server. */
export const defaultWorkspace = "default"

export function openAccess(openActor: { readonly id: string; readonly teams: readonly string[] }): Authenticate {
  const caller: Caller = {
    actor: { id: openActor.id, teams: openActor.teams, role: "admin" },
    role: "admin",
    scopes: null,
    workspaceId: defaultWorkspace,
    workspaceSlug: defaultWorkspace,
    credential: "open",
    auth: "open",
  }
  return (_headers, workspace) => inWorkspace(caller, workspace)
}

export function keyAccess(keys: readonly KeyConfig[]): Authenticate {
  const known = keys.map((key) => ({ digest: Buffer.from(key.sha256, "hex"), caller: keyCaller(key) }))
  return (headers, workspace) => {
    const key = bearer(headers.authorization)
    if (key === null) return null
    const digest = createHash("sha256").update(key).digest()
    let found: Caller | null = null
    // Every key is compared, in constant time each: neither the answer's time nor its order tells which was near.
    for (const one of known) if (timingSafeEqual(one.digest, digest)) found = one.caller
    return found === null ? null : inWorkspace(found, workspace)
  }
}

export function inWorkspace(caller: Caller, workspace: string | null): Caller | typeof noSuchWorkspace {
  const isOwn = workspace === null || workspace === caller.workspaceId || workspace === caller.workspaceSlug
  return isOwn ? caller : noSuchWorkspace
}

function keyCaller(key: KeyConfig): Caller {
  const scopes = key.scopes ?? null
  const role = narrowed(key.role, scopes)
  return {
    actor: { id: key.user ?? `key:${key.name}`, teams: key.teams ?? [], role },
    role,
    scopes,
    workspaceId: defaultWorkspace,
    workspaceSlug: defaultWorkspace,
    credential: `key:${key.name}`,
    auth: "keys",
  }
}

export function bearer(header: string | undefined): string | null {
  const match = header === undefined ? null : /^Bearer +([\x21-\x7e]{1,512}) *$/i.exec(header)
  return match?.[1] ?? null
}

/** The highest role that a route of the scope asks for. */
const roleOfScope: Readonly<Record<KeyScope, Role>> = {
  "runs:read": "viewer",
  "runs:write": "operator",
  "approvals:decide": "operator",
  "definitions:read": "viewer",
  "definitions:write": "admin",
  "metrics:read": "viewer",
  "audit:read": "admin",
  admin: "admin",
}

/** Scopes that open nothing to this role, each with the role that it takes. */
export function uselessScopes(
  role: Role,
  scopes: readonly KeyScope[] | null,
): readonly { readonly scope: KeyScope; readonly needed: Role }[] {
  return (scopes ?? []).flatMap((scope) => {
    const needed = leastRole([scope])
    return mayAct(role, needed) ? [] : [{ scope, needed }]
  })
}

/** The lowest role to which each of the scopes opens something. `admin` does to a viewer: their own keys and sessions. */
export function leastRole(scopes: readonly KeyScope[] | null): Role {
  const needed = (scopes ?? []).map((scope) => (scope === "admin" ? "viewer" : roleOfScope[scope]))
  return roles.findLast((role) => needed.includes(role)) ?? "viewer"
}

/** As much of the role as its scopes can use: what is shown and allowed by role behind a door is narrow, too. */
export function narrowed(role: Role, scopes: readonly KeyScope[] | null): Role {
  if (scopes === null) return role
  const needed = roles.findLast((one) => scopes.some((scope) => roleOfScope[scope] === one)) ?? "viewer"
  return mayAct(role, needed) ? needed : role
}

export function mayAct(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed)
}
