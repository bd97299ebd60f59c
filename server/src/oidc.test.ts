import type { AuditPage, Member, Session } from "@waybill/contract"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import type { RunningServer } from "./main.ts"
import { freePort } from "./testing/free-port.ts"
import { type IdentityProvider, identityProvider } from "./testing/identity-provider.ts"
import { bearing, fromOwnPage, rootKey, withPeople } from "./testing/people.ts"
import { ask, type Place, place } from "./testing/real-server.ts"

const secret = "the secret of the client, which is long enough"

let at: Place
let server: RunningServer & { readonly lines: string[] }
let provider: IdentityProvider
let base: string

beforeAll(async () => {
  const port = await freePort()
  base = `http://127.0.0.1:${port}`
  provider = await identityProvider(`${base}/login/callback`, secret)
  at = place()
  server = await at.start({
    ...withPeople,
    auth: "oidc",
    port,
    baseUrl: base,
    oidcClientSecret: secret,
    oidc: {
      issuer: provider.issuer,
      clientId: "waybill",
      name: "Example ID",
      scopes: "openid email profile groups",
      groups: [
        { group: "everybody", role: "viewer" },
        { group: "platform", role: "admin" },
        { group: "shop", workspace: "shop", role: "operator" },
      ],
    },
  })
  await ask(base, "POST", "/workspaces", { slug: "shop", admin: "boss@example.com" }, bearing(rootKey))
})
beforeEach(() => provider.accounts.clear())
afterAll(async () => {
  await server?.close()
  await provider?.close()
  at?.remove()
})

/** A browser that keeps its cookies, by host and port, and follows where it is sent. */
class Browser {
  readonly cookies = new Map<string, Map<string, string>>()

  async go(url: string): Promise<Response> {
    const { origin } = new URL(url)
    const jar = this.cookies.get(origin) ?? new Map<string, string>()
    this.cookies.set(origin, jar)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ")
    const answer = await fetch(url, { redirect: "manual", headers: { cookie, accept: "text/html" } })
    for (const line of answer.headers.getSetCookie()) {
      const [name = "", ...value] = line.split(";")[0]!.split("=")
      jar.set(name, value.join("="))
    }
    return answer
  }

  /** To the first answer that leads no further, or that `stop` wants. */
  async follow(url: string, stop: (url: string) => boolean = () => false): Promise<{ url: string; answer: Response }> {
    for (let hops = 0, at = url; hops < 20; hops++) {
      const answer = await this.go(at)
      const location = answer.headers.get("location")
      if (location === null) return { url: at, answer }
      at = new URL(location, at).href
      if (stop(at)) return { url: at, answer }
    }
    throw new Error("it leads in circles")
  }

  get session(): string {
    return `waybill_session=${this.cookies.get(base)?.get("waybill_session") ?? ""}`
  }
}

async function signIn(
  subject: string,
  next = "/api/v1/session",
): Promise<{ browser: Browser; url: string; answer: Response }> {
  provider.next = subject
  const browser = new Browser()
  return { browser, ...(await browser.follow(`${base}/login/oidc?next=${encodeURIComponent(next)}`)) }
}

const whoIs = async (browser: Browser, headers = {}) =>
  (await ask(base, "GET", "/session", undefined, { cookie: browser.session, ...headers })).body as Session

test("the sign-in page offers the provider by name", async () => {
  const text = await (await fetch(`${base}/login?next=/runs`)).text()
  expect(text).toContain('href="/login/oidc?next=%2Fruns"')
  expect(text).toContain("Sign in with Example ID")
})

test("somebody comes back as who they are there, with what their groups may, where they wanted to go", async () => {
  provider.accounts.set("s-ada", {
    email: "Ada@Example.com",
    email_verified: true,
    name: "Ada",
    groups: ["everybody", "platform"],
  })
  const { browser, url } = await signIn("s-ada")
  expect(url).toBe(`${base}/api/v1/session`)
  expect(await whoIs(browser)).toMatchObject({
    actor: "user:ada@example.com",
    name: "Ada",
    role: "admin",
    auth: "session",
  })
})

test("who lost a group loses its role at the next sign-in, and what an admin gave here stays", async () => {
  provider.accounts.set("s-bea", { email: "bea@example.com", groups: ["platform", "shop"] })
  const first = await signIn("s-bea")
  expect(await whoIs(first.browser)).toMatchObject({
    role: "admin",
    workspaces: [{ slug: "default" }, { slug: "shop", role: "operator" }],
  })
  provider.accounts.set("s-bea", { email: "bea@example.com", groups: ["everybody"] })
  const second = await signIn("s-bea")
  expect((await whoIs(second.browser)).workspaces).toMatchObject([{ slug: "default", role: "viewer" }])
  // The session of before has not more than the person has.
  expect(await whoIs(first.browser)).toMatchObject({ role: "viewer" })
  const user = encodeURIComponent("user:bea@example.com")
  await ask(base, "DELETE", `/members/${user}`, undefined, bearing(rootKey))
  await ask(base, "POST", "/members", { email: "bea@example.com", role: "operator" }, bearing(rootKey))
  const third = await signIn("s-bea")
  expect(await whoIs(third.browser)).toMatchObject({ role: "operator" })
})

test.each([
  ["whose groups have no access", { email: "cid@example.com", groups: ["others"] }, /None of your groups/],
  ["without an e-mail", { email: undefined as never, groups: ["everybody"] }, /does not tell your e-mail/],
  [
    "whose e-mail nobody has confirmed",
    { email: "eli@example.com", email_verified: false, groups: ["platform"] },
    /not confirmed/,
  ],
])("somebody %s is told so, and gets no session", async (_who, account, expected) => {
  provider.accounts.set("s-refused", account)
  const { browser, answer } = await signIn("s-refused")
  expect(answer.status).toBe(403)
  expect(await answer.text()).toMatch(expected)
  expect((await ask(base, "GET", "/session", undefined, { cookie: browser.session })).status).toBe(401)
  const target = account.email === undefined ? "s-refused" : `user:${account.email}`
  const look = () => ask(base, "GET", `/audit?target=${encodeURIComponent(target)}`, undefined, bearing(rootKey))
  const why = expect.stringMatching(expected)
  await expect
    .poll(async () => ((await look()).body as AuditPage).items[0])
    .toMatchObject({
      ...{ actor: "nobody", action: "session.begin", outcome: "refused", status: 403, detail: { method: "oidc", why } },
    })
})

test("of somebody who has lost every group the refusal is nobody's deed, and the audit has it once", async () => {
  provider.accounts.set("s-lia", { email: "lia@example.com", groups: ["everybody"] })
  await signIn("s-lia")
  provider.accounts.set("s-lia", { email: "lia@example.com", groups: ["others"] })
  expect((await signIn("s-lia")).answer.status).toBe(403)
  const path = "/audit?target=user:lia@example.com&action=session.begin"
  const { items } = (await ask(base, "GET", path, undefined, bearing(rootKey))).body as AuditPage
  expect(items.map(({ actor, outcome }) => [actor, outcome])).toEqual([
    ["nobody", "refused"],
    ["user:lia@example.com", "done"],
  ])
})

test("whoever gets somebody else's e-mail at the provider does not become them", async () => {
  provider.accounts.set("s-old", { email: "fay@example.com", groups: ["platform"] })
  await signIn("s-old")
  provider.accounts.set("s-new", { email: "fay@example.com", groups: ["everybody"] })
  const { answer } = await signIn("s-new")
  expect(answer.status).toBe(403)
  expect(await answer.text()).toContain("belongs to somebody else")
})

test("who was shut out here stays out, whatever the provider says", async () => {
  provider.accounts.set("s-gus", { email: "gus@example.com", groups: ["platform"] })
  const { browser } = await signIn("s-gus")
  await ask(
    base,
    "PATCH",
    `/members/${encodeURIComponent("user:gus@example.com")}`,
    { disabled: true },
    bearing(rootKey),
  )
  expect((await ask(base, "GET", "/session", undefined, { cookie: browser.session })).status).toBe(401)
  const again = await signIn("s-gus")
  expect(again.answer.status).toBe(403)
})

test("a sign-in belongs to the browser that began it, and is taken once", async () => {
  provider.accounts.set("s-hal", { email: "hal@example.com", groups: ["everybody"] })
  provider.next = "s-hal"
  const theirs = new Browser()
  const isCallback = (url: string) => url.startsWith(`${base}/login/callback`)
  const { url } = await theirs.follow(`${base}/login/oidc?next=/`, isCallback)
  // Somebody else's browser is made to open it: it would be signed in as them.
  const victim = new Browser()
  await victim.follow(`${base}/login/oidc?next=/`, (at) => !at.startsWith(base))
  expect((await victim.go(url)).status).toBe(403)
  expect((await theirs.go(url)).status).toBe(403)
  const { url: second } = await theirs.follow(`${base}/login/oidc?next=/`, isCallback)
  expect((await theirs.go(second)).status).toBe(303)
  expect((await theirs.go(second)).status).toBe(403)
})

test("a code that was swapped, a state that was made up and an error of the provider lead to no session", async () => {
  provider.accounts.set("s-ivy", { email: "ivy@example.com", groups: ["everybody"] })
  provider.next = "s-ivy"
  for (const alter of [
    (query: URLSearchParams) => query.set("code", "made-up"),
    (query: URLSearchParams) => query.set("state", "made-up"),
    (query: URLSearchParams) => query.set("iss", "https://evil.example"),
    (query: URLSearchParams) => {
      query.delete("code")
      query.set("error", "access_denied")
    },
  ]) {
    const browser = new Browser()
    const { url } = await browser.follow(`${base}/login/oidc?next=/`, (at) => at.startsWith(`${base}/login/callback`))
    const altered = new URL(url)
    alter(altered.searchParams)
    const answer = await browser.go(altered.href)
    expect([altered.search, answer.status]).toEqual([altered.search, 403])
    expect(browser.cookies.get(base)?.has("waybill_session")).toBe(false)
  }
})

test("a sign-in leads back to this server only", async () => {
  provider.accounts.set("s-jo", { email: "jo@example.com", groups: ["everybody"] })
  provider.next = "s-jo"
  const browser = new Browser()
  const { url } = await browser.follow(`${base}/login/oidc?next=${encodeURIComponent("//evil.example/")}`, (at) =>
    at.startsWith(`${base}/login/callback`),
  )
  expect((await browser.go(url)).headers.get("location")).toBe("/")
})

test("who came by the provider stands in the audit, and no token does", async () => {
  provider.accounts.set("s-kim", { email: "kim@example.com", groups: ["everybody"] })
  const { browser } = await signIn("s-kim")
  const { items } = (await ask(base, "GET", "/audit?target=user:kim@example.com", undefined, bearing(rootKey)))
    .body as AuditPage
  expect(items).toMatchObject([
    { action: "session.begin", outcome: "done", detail: { method: "oidc" } },
    { action: "member.admit", detail: { groups: ["everybody"] } },
  ])
  const members = (await ask(base, "GET", "/members", undefined, bearing(rootKey))).body as { items: Member[] }
  expect(members.items.find(({ user }) => user === "user:kim@example.com")).toMatchObject({
    hasPassword: false,
    createdBy: "oidc",
  })
  expect(server.lines.join("")).not.toContain(secret)
  const out = await fetch(`${base}/api/v1/session`, { method: "DELETE", headers: fromOwnPage(browser.session) })
  expect(out.status).toBe(204)
})

test("while the provider cannot be reached, keys and sessions go on, and the page says what is wrong", async () => {
  const elsewhere = place()
  const port = await freePort()
  const running = await elsewhere.start({
    ...withPeople,
    auth: "oidc",
    port,
    baseUrl: `http://127.0.0.1:${port}`,
    oidc: { issuer: `http://127.0.0.1:${await freePort()}`, clientId: "w", groups: [{ group: "g", role: "viewer" }] },
  })
  const answer = await fetch(`${running.url}/login/oidc`, { redirect: "manual" })
  expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining("cannot be reached now")])
  expect((await ask(running.url, "GET", "/session", undefined, bearing(rootKey))).status).toBe(200)
  await running.close()
  elsewhere.remove()
})
