/** Who may, over a store in memory whose writes take as long as the test wants: what holds when two things meet. */
import type { CreateKey } from "@waybill/contract"
import type { AccessChange, AccessStore, AuditDraft } from "@waybill/engine"
import { beforeEach, expect, test } from "vitest"
import type { Caller, Role } from "../http/shared/auth.ts"
import { admitPerson, type GroupRule } from "./admit-person.ts"
import type { Deed } from "./deed.ts"
import { failuresMax, type SignInFrom, sessionVerbs } from "./manage-sessions.ts"
import { type Access, openAccessDoors } from "./open-access.ts"
import { Passwords } from "./passwords.ts"

const root = "user:root@example.com"
const from: SignInFrom = { at: 1, address: "127.0.0.1", agent: "", requestId: "req", door: "POST /login" }
const rules: readonly GroupRule[] = [
  { group: "platform", workspace: "default", role: "admin" },
  { group: "all", workspace: "default", role: "viewer" },
]

let access: Access
let said: AuditDraft[]
/** Settled when a write that was begun may end. */
let gate: Promise<void>
let clock: number

beforeEach(async () => {
  said = []
  gate = Promise.resolve()
  clock = 1_000_000
  const store: AccessStore = {
    load: async () => ({
      workspaces: [place("default", "default"), place("ws_shop", "shop")],
      users: [person("root@example.com"), person("mal@example.com")],
      members: [
        { workspaceId: "default", userId: root, role: "admin", createdAt: 0, createdBy: "cli" },
        { workspaceId: "ws_shop", userId: "user:mal@example.com", role: "admin", createdAt: 0, createdBy: root },
      ],
      teams: [],
      keys: [],
      sessions: [],
    }),
    write: async (_changes: readonly AccessChange[], audit) => {
      await gate
      said.push(...audit)
    },
  }
  let made = 0
  access = await openAccessDoors(
    {
      store,
      audit: { append: async () => {} } as never,
      now: () => clock,
      id: (prefix) => `${prefix}_${++made}`,
      onError: (error) => {
        throw error
      },
    },
    {
      auth: "keys",
      openActor: { id: "user:nobody", teams: [] },
      keys: [],
      sessionIdleMinutes: 60,
      sessionDays: 30,
      isSecure: false,
      oidc: null,
      groups: rules,
    },
  )
})

function place(workspaceId: string, slug: string) {
  return { workspaceId, slug, name: slug, createdAt: 0, createdBy: "cli" }
}

function person(email: string) {
  const known = { password: null, subject: null, createdAt: 0, createdBy: "cli", disabledAt: null }
  return { userId: `user:${email}`, email, name: email, ...known }
}

function deed(id: string, workspaceId: string, role: Role): Deed {
  const caller = { actor: { id, teams: [], role }, role, scopes: null, workspaceId, credential: "test" }
  return { caller, at: clock, door: "test", address: "", requestId: "req" }
}

const asRoot = () => deed(root, "default", "admin")

const asMal = () => deed("user:mal@example.com", "ws_shop", "admin")

function callerOf(headers: Record<string, string>, workspace: string | null = null): Caller | null {
  return access.stored.authenticate(headers, workspace) as Caller | null
}

const byKey = (key: string) => callerOf({ authorization: `Bearer ${key}` })
const bySession = (secret: string) => callerOf({ cookie: `waybill_session=${secret}` })

const arrives = (subject: string, email: string, groups: readonly string[], isConfirmed = true) =>
  admitPerson(access.directory, rules, { subject, email, isConfirmed, name: email, groups }, from)

test("a key that is revoked while its last use is written stays revoked, and a session that ends stays ended", async () => {
  const { row, key } = await access.keys.create(asRoot(), { name: "deploy", role: "admin" })
  const { session, secret } = await access.sessions.begin(from, root, "password")
  expect([byKey(key)?.role, bySession(secret)?.role]).toEqual(["admin", "admin"])
  let open = () => {}
  gate = new Promise((resolve) => {
    open = resolve
  })
  const revoked = access.keys.revoke(asRoot(), row.keyId)
  const ended = access.sessions.end(asRoot(), session.sessionId, true)
  // What was used last is written now, behind both.
  const closed = access.close()
  open()
  await Promise.all([revoked, ended, closed])
  expect([byKey(key), bySession(secret)]).toEqual([null, null])
  expect(access.directory.key(row.keyId)?.revokedAt).toBe(clock)
})

test("a workspace's admin adds somebody without a password: who knows it would come in elsewhere as them", async () => {
  const bob = { email: "bob@example.com", role: "viewer" } as const
  await expect(access.people.addMember(asMal(), { ...bob, password: "mallory knows this one" })).rejects.toMatchObject({
    code: "forbidden",
  })
  expect(access.directory.user("user:bob@example.com")).toBeNull()
  await access.people.addMember(asMal(), bob)
  expect(access.directory.user("user:bob@example.com")).toMatchObject({ password: null })
})

test("who comes from the provider the first time loses the password that was given to them here", async () => {
  const given = "somebody else knows this one"
  await access.people.addMember(asRoot(), { email: "ceo@example.com", role: "viewer", password: given })
  const theirs = await access.sessions.withPassword(from, "ceo@example.com", given)
  expect(bySession(theirs!.secret)?.role).toBe("viewer")
  await arrives("iss ceo", "ceo@example.com", ["platform"])
  expect(bySession(theirs!.secret)).toBeNull()
  expect(await access.sessions.withPassword(from, "ceo@example.com", given)).toBeNull()
})

test("a password that an admin sets after that stays when they come from the provider again", async () => {
  const later = "set after the first sign-in"
  await arrives("iss ceo", "ceo@example.com", ["platform"])
  await access.people.changeMember(asRoot(), "user:ceo@example.com", { password: later })
  await arrives("iss ceo", "ceo@example.com", ["platform"])
  expect(await access.sessions.withPassword(from, "ceo@example.com", later)).not.toBeNull()
})

test("whom an admin demoted stays so, whatever their groups say", async () => {
  await arrives("iss eve", "eve@example.com", ["platform"])
  await access.people.changeMember(asRoot(), "user:eve@example.com", { role: "viewer" })
  await arrives("iss eve", "eve@example.com", ["platform"])
  expect(access.directory.member("default", "user:eve@example.com")).toMatchObject({ role: "viewer", createdBy: root })
})

test("who lost all their groups is refused, and loses what they had: sessions, keys and role", async () => {
  const eve = "user:eve@example.com"
  await arrives("iss eve", "eve@example.com", ["platform"])
  const { key } = await access.keys.create(deed(eve, "default", "admin"), { name: "own", role: "admin" })
  const { secret } = await access.sessions.begin(from, eve, "oidc")
  expect([byKey(key)?.role, bySession(secret)?.role]).toEqual(["admin", "admin"])
  said.length = 0
  await expect(arrives("iss eve", "eve@example.com", [])).rejects.toThrow("None of your groups")
  expect([byKey(key), bySession(secret), access.directory.member("default", eve)]).toEqual([null, null, null])
  expect(said).toMatchObject([
    { action: "member.remove", target: eve, outcome: "done" },
    { action: "session.begin", target: eve, outcome: "refused" },
  ])
})

test("an e-mail that the provider does not call confirmed makes nobody somebody who is known here", async () => {
  await expect(arrives("iss other", "root@example.com", ["all"], false)).rejects.toThrow("has not confirmed")
  expect(access.directory.user(root)).toMatchObject({ subject: null })
  await arrives("iss new", "new@example.com", ["all"], false)
  expect(access.directory.member("default", "user:new@example.com")).toMatchObject({ role: "viewer" })
})

test("a key makes none that outlives it, and what it makes belongs to who made it", async () => {
  const short = await access.keys.create(asRoot(), { name: "short", role: "admin", expiresInDays: 1, service: true })
  const made = { caller: byKey(short.key)!, at: clock, door: "", address: "", requestId: "" }
  const long = await access.keys.create(made, { name: "long", role: "admin", expiresInDays: 365, service: true })
  expect(long.row).toMatchObject({ actor: "key:long", createdBy: root, expiresAt: short.row.expiresAt })
})

test("a key lets in until its end, and not a moment longer", async () => {
  const { row, key } = await access.keys.create(asRoot(), { name: "short", role: "admin", expiresInDays: 1 })
  clock = row.expiresAt! - 1
  expect(byKey(key)?.role).toBe("admin")
  clock = row.expiresAt!
  expect(byKey(key)).toBeNull()
})

test("a session ends an hour after it was last used, and after thirty days however much it is", async () => {
  const hour = 3_600_000
  const idle = await access.sessions.begin({ ...from, at: clock }, root, "password")
  const used = await access.sessions.begin({ ...from, at: clock }, root, "password")
  const end = used.session.expiresAt
  expect(end).toBe(clock + 30 * 24 * hour)
  for (; clock < end - hour / 2; clock += hour / 2) expect(bySession(used.secret)?.role).toBe("admin")
  expect(bySession(idle.secret)).toBeNull()
  clock = end - 1
  expect(bySession(used.secret)?.role).toBe("admin")
  clock = end
  expect(bySession(used.secret)).toBeNull()
  const last = await access.sessions.begin({ ...from, at: clock }, root, "password")
  clock += hour - 1
  expect(bySession(last.secret)?.role).toBe("admin")
  clock += hour
  expect(bySession(last.secret)).toBeNull()
})

test("one address cannot go through many accounts: after so many that failed it waits, whoever it is for", async () => {
  const given = "the right one, this time"
  await access.people.addMember(asRoot(), { email: "ann@example.com", role: "viewer", password: given })
  const { directory, stored } = access
  const ports = {
    directory,
    access: stored,
    passwords: new Passwords(),
    id: () => "ses_1",
    now: () => clock,
    lifeMs: 1_000,
  }
  const sessions = sessionVerbs({ ...ports, failuresMax: { account: 10, address: 3 } })
  const right = (address: string) => sessions.withPassword({ ...from, address, at: clock }, "ann@example.com", given)
  for (let n = 0; n < 3; n++)
    expect(await sessions.withPassword({ ...from, at: clock }, `nobody${n}@example.com`, "guess")).toBeNull()
  await expect(right(from.address)).rejects.toMatchObject({ code: "too_many_tries" })
  expect(await right("192.0.2.7")).not.toBeNull()
  // Whoever has one address of IPv6 has all of its network.
  for (let n = 0; n < 3; n++)
    await sessions.withPassword({ ...from, address: `2001:db8:0:7::${n}`, at: clock }, `who${n}@example.com`, "guess")
  await expect(right("2001:0db8::7:1:2:3:4")).rejects.toMatchObject({ code: "too_many_tries" })
  expect(await right("2001:db8:0:8::1")).not.toBeNull()
  clock += 15 * 60_000
  expect(await right(from.address)).not.toBeNull()
  expect(failuresMax).toEqual({ account: 10, address: 50 })
})

test("a good cookie beside an authorization that is none does not help", async () => {
  const { secret } = await access.sessions.begin({ ...from, at: clock }, root, "password")
  const cookie = `waybill_session=${secret}`
  expect(callerOf({ cookie })?.role).toBe("admin")
  for (const authorization of ["Bearer wb_wrong", "Basic cm9vdDpyb290", "Bearer", ""])
    expect([authorization, callerOf({ cookie, authorization })]).toEqual([authorization, null])
})

test("who is shut out is out with sessions and keys, also with those that nobody ended", async () => {
  const ann = "user:ann@example.com"
  await access.people.addMember(asRoot(), { email: "ann@example.com", role: "operator" })
  const { key } = await access.keys.create(deed(ann, "default", "operator"), { name: "own" })
  await access.people.changeMember(asRoot(), ann, { disabled: true })
  // As one that was begun in the same moment.
  const { secret } = await access.sessions.begin({ ...from, at: clock }, ann, "oidc")
  expect([byKey(key), bySession(secret)]).toEqual([null, null])
  await access.people.changeMember(asRoot(), ann, { disabled: false })
  expect([byKey(key)?.role, bySession(secret)?.role]).toEqual(["viewer", "operator"])
})

test("a key with scopes makes none that may more, and acts with as much of its role as they can use", async () => {
  const made = (asked: CreateKey, key: string) =>
    access.keys.create({ ...asRoot(), caller: byKey(key)! }, { role: "viewer", ...asked })
  const scopes = ["runs:read", "admin"] as const
  const { key } = await access.keys.create(asRoot(), { name: "narrow", role: "admin", scopes })
  expect(byKey(key)).toMatchObject({ role: "admin", scopes })
  expect((await made({ name: "as much" }, key)).scopes).toEqual(scopes)
  await expect(made({ name: "more", scopes: ["runs:write"] }, key)).rejects.toMatchObject({ code: "scope_missing" })
  const less = await made({ name: "less", role: "admin", scopes: ["runs:read"] }, key)
  expect(byKey(less.key)).toMatchObject({ role: "viewer", actor: { role: "viewer" }, scopes: ["runs:read"] })
  expect(said.at(-1)).toMatchObject({ action: "key.create", detail: expect.stringContaining('"scopes":["runs:read"]') })
})

test("a key with scopes gives nobody a password, with which one would sign in without them", async () => {
  const { key } = await access.keys.create(asRoot(), { name: "narrow", role: "admin", scopes: ["admin"] })
  const narrow = { ...asRoot(), caller: byKey(key)! }
  const password = "correct horse battery"
  const bea = { email: "bea@example.com", role: "admin" } as const
  const refused = { code: "scope_missing", extras: { hint: expect.stringContaining("without a password") } }
  await expect(access.people.addMember(narrow, { ...bea, password })).rejects.toMatchObject(refused)
  await access.people.addMember(narrow, bea)
  const changed = access.people.changeMember(narrow, "user:bea@example.com", { password })
  await expect(changed).rejects.toMatchObject(refused)
  await access.people.changeMember(asRoot(), "user:bea@example.com", { password })
})

test("a key whose role its scope opens nothing to is not made, and without a role it gets the lowest that its scopes need", async () => {
  const refused = { code: "invalid_request", extras: { hint: "Give it the role operator, or leave the scope out." } }
  for (const scope of ["runs:write", "approvals:decide"] as const)
    await expect(
      access.keys.create(asRoot(), { name: "shut", role: "viewer", scopes: ["runs:read", scope] }),
    ).rejects.toMatchObject(refused)
  await expect(
    access.keys.create(asRoot(), { name: "shut", role: "operator", scopes: ["audit:read"] }),
  ).rejects.toMatchObject({ code: "invalid_request", message: expect.stringContaining("audit:read") })
  const roleFor = async (asked: Partial<CreateKey>) =>
    (await access.keys.create(asRoot(), { name: "open", ...asked })).row.role
  expect(await roleFor({})).toBe("viewer")
  expect(await roleFor({ scopes: ["runs:read", "runs:write"] })).toBe("operator")
  expect(await roleFor({ scopes: ["runs:write", "definitions:write"] })).toBe("admin")
  expect(await roleFor({ role: "viewer", scopes: ["admin"] })).toBe("viewer")
  const asOperator = deed("user:ann@example.com", "default", "operator")
  await expect(access.keys.create(asOperator, { name: "more", scopes: ["audit:read"] })).rejects.toMatchObject({
    code: "role_too_high",
  })
})

test("a key that acts as itself has no more than who made it, and ends when they leave, for good", async () => {
  const ann = { email: "ann@example.com", role: "admin" } as const
  await access.people.addMember(asRoot(), ann)
  const annId = "user:ann@example.com"
  const { row, key } = await access.keys.create(deed(annId, "default", "admin"), {
    name: "bot",
    role: "admin",
    service: true,
  })
  await access.people.changeMember(asRoot(), annId, { role: "operator" })
  expect(byKey(key)).toMatchObject({ role: "operator", actor: { id: "key:bot" } })
  await access.people.removeMember(asRoot(), annId)
  expect(byKey(key)).toBeNull()
  await access.people.addMember(asRoot(), ann)
  expect(byKey(key)).toBeNull()
  expect(access.directory.key(row.keyId)).toMatchObject({ revokedAt: clock, revokedBy: root })
})

test("a person has at most a hundred keys that work; revoked ones and ended ones do not count", async () => {
  const viewer = deed("user:mal@example.com", "ws_shop", "viewer")
  const make = () => access.keys.create({ ...viewer, at: clock }, { name: "k", expiresInDays: 1 })
  const first = await make()
  for (let count = 1; count < 100; count++) await make()
  await expect(make()).rejects.toMatchObject({ code: "access_full" })
  await access.keys.revoke(viewer, first.row.keyId)
  await make()
  await expect(make()).rejects.toMatchObject({ code: "access_full" })
  clock += 86_400_000
  await make()
})
