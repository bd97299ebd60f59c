import type { ApiKeyPage, ApiKeyWithSecret, AuditPage, Session, SignedInPage } from "@waybill/contract"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { WebSocket } from "ws"
import { localPath } from "./http/access/local-path.ts"
import type { RunningServer } from "./main.ts"
import { type AnswerCheck, answerCheck } from "./testing/answer-schemas.ts"
import { freePort } from "./testing/free-port.ts"
import {
  addPerson,
  bearing,
  cookieOf,
  fromOwnPage,
  makeKey,
  password,
  rootKey,
  signIn,
  withPeople,
} from "./testing/people.ts"
import { ask, type Place, place } from "./testing/real-server.ts"
import { openStream } from "./testing/sse-client.ts"

const html = { accept: "text/html,*/*;q=0.8" }
const alice = "alice@example.com"
const next = "another good long password"

const hello = `id: hello
version: "1.0"
name: Hello
start: hello
states:
  - { name: hello, type: inject, data: { hello: world }, end: true }
`

let at: Place
let server: RunningServer
let fits: AnswerCheck

beforeAll(async () => {
  at = place()
  at.write("workflows/hello.workflow.yaml", hello)
  server = await at.start(withPeople)
  fits = answerCheck(await (await fetch(`${server.url}/openapi.json`)).json())
  await addPerson(server.url, alice, "operator")
})
afterAll(async () => {
  await server.close()
  at.remove()
})

async function api<T>(method: string, path: string, headers: Record<string, string>, body?: unknown) {
  const reply = await ask(server.url, method, path, body, headers)
  expect(fits(method, `/api/v1${path.split("?")[0]}`, reply.status, reply.body)).toEqual([])
  return { status: reply.status, body: reply.body as T, code: (reply.body as { code?: string } | null)?.code ?? null }
}

const get = (path: string, headers: Record<string, string> = html) =>
  fetch(`${server.url}${path}`, { headers, redirect: "manual" })

describe("a page", () => {
  test("of a server with people leads whoever is not signed in to the sign-in, and back to the page", async () => {
    const answer = await get("/runs?status=FAILED")
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/login?next=%2Fruns%3Fstatus%3DFAILED"])
    const signed = await signIn(server.url, alice, { next: "/runs?status=FAILED" })
    expect([signed.status, signed.headers.get("location")]).toEqual([303, "/runs?status=FAILED"])
    const page = await get("/runs?status=FAILED", { ...html, cookie: cookieOf(signed) })
    expect(page.status).not.toBe(303)
    expect((await get("/login?next=/runs", { ...html, cookie: cookieOf(signed) })).headers.get("location")).toBe(
      "/runs",
    )
  })

  test("to sign in on has no script, frames nobody, keeps nothing, and sends its form to this server only", async () => {
    const answer = await get("/login?next=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    const text = await answer.text()
    expect(text).not.toContain("<script")
    expect(text).not.toContain("style=")
    const policy = answer.headers.get("content-security-policy")!
    for (const part of ["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "style-src 'self'"])
      expect(policy).toContain(part)
    expect(policy).not.toContain("unsafe")
    expect(answer.headers.get("cache-control")).toBe("no-store")
  })

  test("of the API is never led anywhere: a program is told 401", async () => {
    const answer = await get("/api/v1/workflow-runs")
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([401, "unauthenticated"])
  })
})

test.each([
  ["/runs/run_1?tab=steps", "/runs/run_1?tab=steps"],
  ["//evil.example/x", "/"],
  ["/\\evil.example", "/"],
  ["https://evil.example/", "/"],
  ["/\t/evil.example", "/"],
  ["javascript:alert(1)", "/"],
  ["/runs\r\nset-cookie: x=1", "/"],
  ["", "/"],
  [undefined, "/"],
])("a sign-in leads on to this server only: %j to %s", (asked, expected) => {
  expect(localPath(asked)).toBe(expected)
})

describe("a sign-in", () => {
  test("gives a cookie that no script reads and no other site sends along", async () => {
    const cookie = (await signIn(server.url, alice)).headers.get("set-cookie")!
    expect(cookie).toMatch(/^waybill_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800$/)
    const { body } = await api<Session>("GET", "/session", { cookie: cookie.split(";")[0]! })
    expect(body).toMatchObject({ actor: `user:${alice}`, role: "operator", auth: "session", workspaceSlug: "default" })
  })

  test("answers the same to a wrong password, to nobody's e-mail and to somebody without a password", async () => {
    await ask(server.url, "POST", "/members", { email: "nopass@example.com", role: "viewer" }, bearing(rootKey))
    const answers = [
      await signIn(server.url, alice, { secret: "wrong wrong wrong" }),
      await signIn(server.url, "nobody@example.com"),
      await signIn(server.url, "nopass@example.com"),
    ]
    const texts = await Promise.all(answers.map((answer) => answer.text()))
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401])
    expect(new Set(texts).size).toBe(1)
    expect(texts[0]).toContain("do not fit together")
    for (const answer of answers) expect(answer.headers.get("set-cookie")).toBeNull()
  })

  test.each([
    ["another site's page", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
    ["a neighbour under the same domain", { "sec-fetch-site": "same-site" }],
    ["nobody's page", { "sec-fetch-site": "none" }],
  ])("that %s sends is refused", async (_who, headers) => {
    const answer = await signIn(server.url, alice, headers)
    expect(answer.status).toBe(403)
    expect(answer.headers.get("set-cookie")).toBeNull()
  })

  test("is tried ten times in a quarter of an hour, and then not even the right password helps", async () => {
    await addPerson(server.url, "guessed@example.com", "viewer")
    const wrong = Array.from({ length: 10 }, () =>
      signIn(server.url, "guessed@example.com", { secret: "guess guess guess" }),
    )
    const statuses = (await Promise.all(wrong)).map(({ status }) => status)
    expect(statuses).toEqual(Array(10).fill(401))
    expect((await signIn(server.url, "guessed@example.com")).status).toBe(429)
    expect((await signIn(server.url, alice)).status).toBe(303)
  })
})

describe("with a session", () => {
  test("what changes something has to come from our own page, and reading does not", async () => {
    const cookie = cookieOf(await signIn(server.url, alice))
    const body = { name: "from a page" }
    const foreign: readonly Record<string, string>[] = [
      { cookie },
      { cookie, "sec-fetch-site": "cross-site" },
      { cookie, "sec-fetch-site": "same-site" },
      { cookie, origin: "https://evil.example" },
      { cookie, origin: "null" },
    ]
    for (const headers of foreign) {
      const { status, code } = await api("POST", "/keys", headers, body)
      expect([headers, status, code]).toEqual([headers, 403, "origin_refused"])
    }
    expect((await api("POST", "/keys", fromOwnPage(cookie), body)).status).toBe(201)
    const older = { cookie, origin: server.url }
    expect((await api("POST", "/keys", older, body)).status).toBe(201)
    expect((await api("GET", "/keys", { cookie })).status).toBe(200)
  })

  test("signing out ends it on the server, not only in the browser", async () => {
    const cookie = cookieOf(await signIn(server.url, alice))
    const out = await fetch(`${server.url}/api/v1/session`, { method: "DELETE", headers: fromOwnPage(cookie) })
    expect(out.status).toBe(204)
    expect(out.headers.get("set-cookie")).toContain("Max-Age=0")
    expect((await api("GET", "/session", { cookie })).status).toBe(401)
  })

  test("one sees where one is signed in, ends another one's own, and nobody else's", async () => {
    const [here, there] = [cookieOf(await signIn(server.url, alice)), cookieOf(await signIn(server.url, alice))]
    await addPerson(server.url, "zoe@example.com", "admin")
    const zoe = cookieOf(await signIn(server.url, "zoe@example.com"))
    const zoes = (await api<SignedInPage>("GET", "/sessions", { cookie: zoe })).body.items
    const own = (await api<SignedInPage>("GET", "/sessions", { cookie: here })).body.items
    expect(own.every(({ user }) => user === `user:${alice}`)).toBe(true)
    expect((await api("DELETE", `/sessions/${zoes[0]!.sessionId}`, fromOwnPage(here))).code).toBe("session_not_found")
    expect((await api("GET", "/sessions?all=true", { cookie: here })).status).toBe(403)
    expect((await api<SignedInPage>("GET", "/sessions?all=true", { cookie: zoe })).body.items.length).toBeGreaterThan(
      own.length,
    )
    const other = (await api<SignedInPage>("GET", "/sessions", { cookie: there })).body.items.find(
      (one) => one.current,
    )!
    expect((await api("DELETE", `/sessions/${other.sessionId}`, fromOwnPage(here))).status).toBe(204)
    expect((await api("GET", "/session", { cookie: there })).status).toBe(401)
    expect((await api("GET", "/session", { cookie: here })).status).toBe(200)
  })

  test("a new password ends all other sessions, and needs the present one", async () => {
    await addPerson(server.url, "eve@example.com", "viewer")
    const [here, there] = [
      cookieOf(await signIn(server.url, "eve@example.com")),
      cookieOf(await signIn(server.url, "eve@example.com")),
    ]
    const change = (current: string) => api("PUT", "/session/password", fromOwnPage(here), { current, next })
    expect((await change("not the present one")).code).toBe("password_wrong")
    expect((await change(password)).status).toBe(204)
    expect((await api("GET", "/session", { cookie: here })).status).toBe(200)
    expect((await api("GET", "/session", { cookie: there })).status).toBe(401)
    expect((await signIn(server.url, "eve@example.com")).status).toBe(401)
    expect((await signIn(server.url, "eve@example.com", { secret: next })).status).toBe(303)
  })

  test("whoever is shut out is out at once, with session and keys", async () => {
    await addPerson(server.url, "mallory@example.com", "operator")
    const cookie = cookieOf(await signIn(server.url, "mallory@example.com"))
    const { key } = await makeKey(server.url, "operator", fromOwnPage(cookie))
    expect((await api("GET", "/session", bearing(key))).status).toBe(200)
    const user = encodeURIComponent("user:mallory@example.com")
    expect((await api("PATCH", `/members/${user}`, bearing(rootKey), { disabled: true })).status).toBe(200)
    expect((await api("GET", "/session", { cookie })).status).toBe(401)
    expect((await api("GET", "/session", bearing(key))).status).toBe(401)
    expect((await signIn(server.url, "mallory@example.com")).status).toBe(401)
  })
})

describe("a key", () => {
  test("is shown once, is kept as its hash, and is refused from the moment it is revoked", async () => {
    const made = (await api<ApiKeyWithSecret>("POST", "/keys", bearing(rootKey), { name: "ci", service: true })).body
    expect(made).toMatchObject({ actor: "key:ci", role: "viewer", prefix: made.key.slice(0, 9) })
    const session = (await api<Session>("GET", "/session", bearing(made.key))).body
    expect(session).toMatchObject({ actor: "key:ci", role: "viewer", credential: `key:${made.keyId}` })
    const listed = (await api<ApiKeyPage>("GET", "/keys", bearing(rootKey))).body
    expect(JSON.stringify(listed)).not.toContain(made.key)
    expect(listed.items.find(({ keyId }) => keyId === made.keyId)?.lastUsedAt).toBeTruthy()
    expect((await api("DELETE", `/keys/${made.keyId}`, bearing(rootKey))).status).toBe(200)
    expect((await api("GET", "/session", bearing(made.key))).status).toBe(401)
  })

  test("has at most its maker's role, then and later", async () => {
    await addPerson(server.url, "grace@example.com", "operator")
    const cookie = cookieOf(await signIn(server.url, "grace@example.com"))
    const higher = await api("POST", "/keys", fromOwnPage(cookie), { name: "k", role: "admin" })
    expect([higher.status, higher.code]).toEqual([403, "role_too_high"])
    const service = await api("POST", "/keys", fromOwnPage(cookie), { name: "k", service: true })
    expect([service.status, service.code]).toEqual([403, "forbidden"])
    const { key } = await makeKey(server.url, "operator", fromOwnPage(cookie))
    const user = encodeURIComponent("user:grace@example.com")
    await api("PATCH", `/members/${user}`, bearing(rootKey), { role: "viewer" })
    expect((await api<Session>("GET", "/session", bearing(key))).body.role).toBe("viewer")
    await api("DELETE", `/members/${user}`, bearing(rootKey))
    expect((await api("GET", "/session", bearing(key))).status).toBe(401)
  })

  test("of another's is not there for an operator, neither to be seen nor to be revoked", async () => {
    const { keyId } = await makeKey(server.url, "viewer", bearing(rootKey), "root's own")
    const cookie = cookieOf(await signIn(server.url, alice))
    const listed = (await api<ApiKeyPage>("GET", "/keys", { cookie })).body.items
    expect(listed.every(({ actor }) => actor === `user:${alice}`)).toBe(true)
    expect((await api("DELETE", `/keys/${keyId}`, fromOwnPage(cookie))).code).toBe("key_not_found")
  })
})

describe("what was opened before", () => {
  const socketTo = (headers: Record<string, string>) =>
    new Promise<WebSocket | number>((resolve) => {
      const socket = new WebSocket(`${server.url.replace("http", "ws")}/ws/workflows/hello`, { headers })
      socket.on("open", () => resolve(socket))
      socket.on("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0))
      socket.on("error", () => {})
    })

  test("a stream and a socket end when their key is revoked", async () => {
    const { keyId, key } = await makeKey(server.url, "viewer", bearing(rootKey), "watcher")
    const stream = await openStream(Number(new URL(server.url).port), "/api/v1/workflow-runs/stream", bearing(key))
    const socket = await socketTo(bearing(key))
    expect([stream.status, typeof socket]).toEqual([200, "object"])
    const closed = new Promise<number>((resolve) => (socket as WebSocket).on("close", resolve))
    await api("DELETE", `/keys/${keyId}`, bearing(rootKey))
    await stream.ended()
    expect(await closed).toBe(1008)
  })

  test("a socket that another site opens with the browser's cookie is refused", async () => {
    const cookie = cookieOf(await signIn(server.url, alice))
    expect(await socketTo({ cookie, origin: "https://evil.example" })).toBe(403)
    const own = await socketTo({ cookie, origin: server.url })
    expect(typeof own).toBe("object")
    ;(own as WebSocket).close()
  })
})

describe("a workspace", () => {
  test("keeps somebody who looks after it", async () => {
    await addPerson(server.url, "only@example.com", "viewer")
    await api("POST", "/workspaces", bearing(rootKey), { slug: "lonely", admin: "only@example.com" })
    const cookie = cookieOf(await signIn(server.url, "only@example.com"))
    const inside = { ...fromOwnPage(cookie), "x-workspace-slug": "lonely" }
    const user = encodeURIComponent("user:only@example.com")
    expect((await api("PATCH", `/members/${user}`, inside, { role: "viewer" })).code).toBe("last_admin")
    expect((await api("DELETE", `/members/${user}`, inside)).code).toBe("last_admin")
  })

  test("is the tenant of its runs: who belongs to several asks for one, and another's is not there at all", async () => {
    await addPerson(server.url, "both@example.com", "viewer")
    await api("POST", "/workspaces", bearing(rootKey), { slug: "harbour", admin: "both@example.com" })
    await api("POST", "/workspaces", bearing(rootKey), { slug: "foreign" })
    const cookie = fromOwnPage(cookieOf(await signIn(server.url, "both@example.com")))
    const runs = async (query: string, headers: Record<string, string> = cookie) => {
      const answer = await fetch(`${server.url}/runs?${query}`, { headers: { ...headers, accept: "application/json" } })
      const body = (await answer.json()) as { code?: string; items?: { tenant_id: string }[] }
      return { status: answer.status, code: body.code, tenants: [...new Set(body.items?.map((run) => run.tenant_id))] }
    }
    const body = "id: moored\nversion: '1'\nname: Moored\nstates: [{ name: rest, type: inject, data: {} }]\n"
    const inside = { ...cookie, "x-workspace-slug": "harbour" }
    const made = await fetch(`${server.url}/api/v1/workflows`, {
      method: "POST",
      headers: { ...inside, "content-type": "application/yaml" },
      body,
    })
    expect(made.status, await made.text()).toBe(201)
    expect((await api("POST", "/workflow-runs?wait=20", inside, { workflowId: "moored" })).status).toBe(201)
    expect(await runs("tenant=harbour")).toEqual({ status: 200, code: undefined, tenants: ["harbour"] })
    expect((await runs("workflow=moored")).tenants).toEqual([])
    for (const path of ["/workflow-runs?", "/workflow-runs/counts?", "/workflow-runs/export?format=json&"]) {
      const answer = await fetch(`${server.url}/api/v1${path}tenant=harbour`, { headers: cookie })
      expect([path, answer.status, (await answer.text()).includes("COMPLETED")]).toEqual([path, 200, true])
    }
    const gone = { status: 404, code: "workspace_not_found", tenants: [] }
    for (const query of ["tenant=foreign", "tenant=nowhere", "tenant=harbour,default", "tenant=default&tenant=harbour"])
      expect(await runs(query)).toEqual(gone)
    expect(await runs("tenant=default", inside)).toEqual(gone)
    // An escaped letter of the name is the same name.
    expect(await runs("%74enant=harbour")).toEqual(gone)
  })

  test("has an admin who is admin there only: the server, its people and its workspaces are not theirs", async () => {
    await addPerson(server.url, "local@example.com", "viewer")
    await api("POST", "/workspaces", bearing(rootKey), { slug: "corner", admin: "local@example.com" })
    const inside = {
      ...fromOwnPage(cookieOf(await signIn(server.url, "local@example.com"))),
      "x-workspace-slug": "corner",
    }
    expect((await api<Session>("GET", "/session", inside)).body).toMatchObject({
      role: "admin",
      workspaceSlug: "corner",
    })
    expect((await api("POST", "/workspaces", inside, { slug: "mine" })).code).toBe("forbidden")
    expect((await api("POST", "/admin/backup", inside, {})).code).toBe("forbidden")
    // Neither is somebody taken over by being invited.
    const taken = { email: alice, role: "viewer", password: "a password of the inviter" }
    expect((await api("POST", "/members", inside, taken)).code).toBe("forbidden")
    expect((await api("POST", "/members", bearing(rootKey), taken)).code).toBe("member_exists")
    expect((await api("POST", "/members", inside, { email: alice, role: "viewer" })).status).toBe(201)
    const user = encodeURIComponent(`user:${alice}`)
    for (const body of [{ password: "a password of the inviter" }, { disabled: true }, { name: "Mallory" }])
      expect((await api("PATCH", `/members/${user}`, inside, body)).code).toBe("forbidden")
    expect((await signIn(server.url, alice)).status).toBe(303)
  })
})

describe("the audit", () => {
  const audit = async (query: string) =>
    (await api<AuditPage>("GET", `/audit?limit=200&${query}`, bearing(rootKey))).body.items

  test("has who signed in, who tried, and from where", async () => {
    await signIn(server.url, alice)
    await signIn(server.url, alice, { secret: "wrong wrong wrong" })
    const entries = await audit(`action=session.begin&target=${encodeURIComponent(`user:${alice}`)}`)
    const refused = { actor: "nobody", outcome: "refused", status: 401, door: "POST /login", address: "127.0.0.1" }
    expect(entries[0]).toMatchObject(refused)
    // What was typed for a name may be a password.
    await signIn(server.url, "hunter22@typed.example", { secret: "wrong wrong wrong" })
    const [unknown] = await audit("action=session.begin")
    expect(unknown).toMatchObject({ ...refused, target: "", detail: { account: "unknown" } })
    expect(JSON.stringify(unknown)).not.toContain("hunter22")
    expect(entries[1]).toMatchObject({ outcome: "done", actor: `user:${alice}`, detail: { method: "password" } })
    expect(JSON.stringify(entries)).not.toContain(password)
  })

  test("says why something was refused, and keeps no words of which nobody can say by whose policy", async () => {
    const secret = `ghp_${"Q7w".repeat(12)}`
    const path = "/workflow-runs/run_none/pause"
    const { code } = await api("POST", path, bearing(rootKey), { reason: `they asked with ${secret}` })
    expect(code).toBe("run_not_found")
    await expect
      .poll(async () => (await audit("action=run.pause"))[0])
      .toMatchObject({
        target: "run_none",
        outcome: "refused",
        status: 404,
      })
    expect((await audit("action=run.pause"))[0]!.detail).toEqual({ code })
    for (const [method, where, body] of [
      ["POST", "/keys", { name: secret }],
      ["PUT", "/teams/night", { members: [], description: `pages with ${secret}` }],
      ["PATCH", "/workspaces/default", { name: secret }],
    ] as const)
      expect([where, (await api(method, where, bearing(rootKey), body)).status]).toEqual([where, 400])
    expect(JSON.stringify(await audit(""))).not.toContain(secret)
  })

  test("has what was done and what was refused, each once, and no secret", async () => {
    const { keyId, key } = await makeKey(server.url, "viewer", bearing(rootKey), "audited")
    await api("POST", "/keys", bearing(key), { name: "more", role: "admin" })
    await api("POST", "/workflow-runs/run_none/cancel", bearing(rootKey), {})
    await expect
      .poll(() => audit("action=run.cancel"))
      .toMatchObject([
        {
          target: "run_none",
          outcome: "refused",
          status: 404,
          credential: "key:root",
          door: "POST /api/v1/workflow-runs/:runId/cancel",
        },
      ])
    const keys = await audit("action=key.")
    expect(keys.filter(({ target }) => target === keyId)).toMatchObject([{ action: "key.create", outcome: "done" }])
    expect(keys[0]).toMatchObject({ action: "key.create", outcome: "refused", status: 403, credential: `key:${keyId}` })
    expect(JSON.stringify(await audit(""))).not.toContain(key)
  })

  test("is exported whole as lines and as a table, and cells that a spreadsheet would compute are texts", async () => {
    await api("POST", "/workflow-runs/=cmd()/cancel", bearing(rootKey), {})
    await expect.poll(() => audit(`target=${encodeURIComponent("=cmd()")}`)).toHaveLength(1)
    const lines = await (await fetch(`${server.url}/api/v1/audit/export`, { headers: bearing(rootKey) })).text()
    const entries = lines
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { number: number })
    expect(entries.map(({ number }) => number)).toEqual(entries.map((_one, i) => entries.length - i))
    const csv = await (
      await fetch(`${server.url}/api/v1/audit/export?format=csv`, { headers: bearing(rootKey) })
    ).text()
    expect(csv).toMatch(/^number,at,actor,/)
    expect(csv).toContain("'=cmd()")
    await expect.poll(() => audit("action=audit.export")).toHaveLength(2)
  })

  test("is whole by verify, and survives a restart with people, keys and sessions", async () => {
    const cookie = cookieOf(await signIn(server.url, alice))
    await server.close()
    server = await at.start(withPeople)
    expect((await api("GET", "/session", { cookie })).status).toBe(200)
    const report = await ask(server.url, "POST", "/admin/verify", {}, bearing(rootKey))
    expect(report.body).toMatchObject({ findings: [], audit: { findings: [] } })
    expect((report.body as { audit: { entries: number } }).audit.entries).toBeGreaterThan(20)
  })
})

test("a server that nobody could enter does not start, and says how to make the first admin", async () => {
  const empty = place()
  await expect(empty.start({ auth: "keys" })).rejects.toThrow(/waybill members add/)
  empty.remove()
})

test("behind a proxy that is trusted the audit names who is behind it; from anybody else the header is believed by nobody", async () => {
  const audited = async (trustedProxies: readonly string[]) => {
    const behind = place()
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const baseUrl = "https://waybill.example.com"
    const running = await behind.start({ ...withPeople, port, baseUrl, trustedProxies: [...trustedProxies] })
    await addPerson(url, alice, "viewer")
    const forwarded = { "x-forwarded-for": "198.51.100.7", origin: "https://waybill.example.com" }
    const cookie = (await signIn(url, alice, forwarded)).headers.get("set-cookie")
    const { items } = (await ask(url, "GET", "/audit?action=session.begin", undefined, bearing(rootKey)))
      .body as AuditPage
    await running.close()
    behind.remove()
    return { address: items[0]?.address, cookie }
  }
  const trusted = await audited(["127.0.0.0/8"])
  expect(trusted.address).toBe("198.51.100.7")
  // People come over https there: the cookie goes nowhere else.
  expect(trusted.cookie).toMatch(/^__Host-waybill=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/)
  expect((await audited([])).address).toBe("127.0.0.1")
})

test("in open mode nothing asks anybody to sign in", async () => {
  const open = place()
  const running = await open.start()
  const page = await fetch(`${running.url}/runs`, { headers: html, redirect: "manual" })
  expect(page.status).not.toBe(303)
  const login = await fetch(`${running.url}/login?next=/runs`, { redirect: "manual" })
  expect([login.status, login.headers.get("location")]).toEqual([303, "/runs"])
  await running.close()
  open.remove()
})
