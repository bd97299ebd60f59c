/** Keys: made with at most their maker's role, shown once, revoked for good. One that is revoked is refused at once. */
import type { CreateKey, KeyScope } from "@waybill/contract"
import type { KeyRow } from "@waybill/engine"
import { leastRole, mayAct, type Role, uselessScopes } from "../http/shared/auth.ts"
import { ProblemError } from "../http/shared/problem.ts"
import { type Deed, said } from "./deed.ts"
import { type Directory, directoryMax } from "./directory.ts"
import { scopesFor, scopesOf } from "./key-scopes.ts"
import { isOfServer } from "./manage-people.ts"
import { refuseSecrets } from "./refuse-secrets.ts"
import { newSecret, sha256Hex, shownPrefix } from "./secrets.ts"

const dayMs = 86_400_000
const defaultDays = 90
/** One person must not use up the server's. */
const keysPerPerson = 100

export interface MadeKey {
  readonly row: KeyRow
  readonly scopes: KeyScope[] | null
  readonly key: string
}

export function keyVerbs(directory: Directory, id: (prefix: string) => string) {
  return {
    /** Newest first; an admin sees all, others their own. */
    list({ caller }: Deed): readonly KeyRow[] {
      return directory
        .keys(caller.workspaceId)
        .filter((key) => caller.role === "admin" || isOwn(key, caller))
        .sort((a, b) => b.createdAt - a.createdAt || (a.keyId < b.keyId ? 1 : -1))
    },

    create(
      deed: Deed,
      { name, role: named, scopes: asked, expiresInDays = defaultDays, service = false }: CreateKey,
    ): Promise<MadeKey> {
      const { caller, at } = deed
      const { actor, workspaceId } = caller
      const key = newSecret("wb_")
      return directory.change(() => {
        refuseSecrets({ name })
        const role = named ?? leastRole(asked ?? caller.scopes)
        if (!mayAct(caller.role, role))
          throw new ProblemError("role_too_high", `the role ${role} is higher than ${caller.role}`)
        if (service && caller.role !== "admin")
          throw new ProblemError("forbidden", "only an admin makes a key that acts as itself")
        const scopes = scopesFor(caller.scopes, asked ?? null)
        refuseUseless(role, scopesOf({ scopes }))
        const by = makerOf(directory, deed)
        const full = roomFor(directory, by.id, deed)
        if (full !== null) throw new ProblemError("access_full", full)
        const row: KeyRow = {
          keyId: id("key"),
          workspaceId,
          name,
          sha256: sha256Hex(key),
          prefix: shownPrefix(key),
          actor: service ? `key:${name}` : actor.id,
          role,
          scopes,
          createdAt: at,
          createdBy: by.id,
          expiresAt: Math.min(at + expiresInDays * dayMs, by.until),
          lastUsedAt: null,
          revokedAt: null,
          revokedBy: null,
        }
        const audit = [
          said(deed, "key.create", row.keyId, { name, role, scopes: scopesOf(row), actor: row.actor }, made),
        ]
        return { changes: [{ put: "key", row }], audit, value: { row, scopes: scopesOf(row), key } }
      })
    },

    /** Asked twice it is the same. */
    revoke(deed: Deed, keyId: string): Promise<KeyRow> {
      const { caller, at } = deed
      return directory.change(() => {
        const key = directory.key(keyId)
        const isTheirs = key !== null && (caller.role === "admin" || isOwn(key, caller))
        if (key === null || key.workspaceId !== caller.workspaceId || !isTheirs)
          throw new ProblemError("key_not_found", `there is no key ${keyId}`)
        if (key.revokedAt !== null) return { changes: [], audit: [], value: key }
        const row = { ...key, revokedAt: at, revokedBy: caller.actor.id }
        return {
          changes: [{ put: "key", row }],
          audit: [said(deed, "key.revoke", keyId, { name: key.name })],
          value: row,
        }
      })
    },
  }
}

/** @throws ProblemError `invalid_request`: a key that is made for what its role never opens would be refused at every door */
function refuseUseless(role: Role, scopes: readonly KeyScope[] | null): void {
  const [useless] = uselessScopes(role, scopes)
  if (useless === undefined) return
  const message = `the scope ${useless.scope} opens nothing to a ${role}`
  const hint = `Give it the role ${useless.needed}, or leave the scope out.`
  const errors = [{ code: "invalid_value", message, pointer: "/role", hint }]
  throw new ProblemError("invalid_request", `role: ${message}`, { errors, hint })
}

/** A key makes others in the name of who made it, and none that outlives it. */
function makerOf(directory: Directory, { caller }: Deed): { readonly id: string; readonly until: number } {
  const { credential, actor } = caller
  const key = credential.startsWith("key:") ? directory.key(credential.slice("key:".length)) : null
  return key === null
    ? { id: actor.id, until: Number.POSITIVE_INFINITY }
    : { id: key.createdBy, until: key.expiresAt ?? Number.POSITIVE_INFINITY }
}

/** Of those that still let somebody in. @returns what is full, or null */
function roomFor(directory: Directory, maker: string, { caller, at }: Deed): string | null {
  const live = directory.liveKeys(at)
  if (live.length >= directoryMax.keys) return `there are ${directoryMax.keys} keys`
  // Whoever looks after the server makes the keys of all its programs.
  if (isOfServer(caller) || live.filter((key) => key.createdBy === maker).length < keysPerPerson) return null
  return `${maker} has ${keysPerPerson} keys: revoke one first`
}

const made = { outcome: "done", status: 201 } as const

function isOwn(key: KeyRow, { actor }: Deed["caller"]): boolean {
  return key.createdBy === actor.id || key.actor === actor.id
}
