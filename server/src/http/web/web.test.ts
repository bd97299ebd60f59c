import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { keyedAccess, testServer } from "../../testing/test-server.ts"
import type { App } from "../shared/app.ts"
import { pages } from "./pages.ts"

const HTML = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" }
const INDEX = `<script nonce="__WAYBILL_NONCE__" src="/assets/index-abc.js"></script>
<meta name="waybill-position" content="__WAYBILL_POSITION__"><meta name="waybill-version" content="__WAYBILL_VERSION__">`

let folder: string
let app: App
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "waybill-web-"))
  mkdirSync(join(folder, "assets"))
  writeFileSync(join(folder, "index.html"), INDEX)
  writeFileSync(join(folder, "manifest.json"), "{}")
  writeFileSync(join(folder, "assets", "index-abc.js"), "export const x = 1")
  writeFileSync(join(folder, "assets", "index-abc.js.gz"), "packed")
  ;({ app } = await testServer({ webDir: folder, authenticate: keyedAccess }))
})
afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

const get = (url: string, headers: Record<string, string> = HTML) => app.inject({ method: "GET", url, headers })
const addressOf = (pattern: string) => pattern.replace(/:\w+/g, "x")

describe("the pages", () => {
  test.each(["/", ...pages])(
    "%s is answered with the document, to anybody, and is asked for again each time",
    async (page) => {
      const answer = await get(addressOf(page))
      expect(answer.statusCode).toBe(200)
      expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8")
      expect(answer.headers["cache-control"]).toBe("no-cache")
      expect(answer.headers.vary).toBe("accept")
      expect(answer.body).toContain("/assets/index-abc.js")
    },
  )

  test("the policy is exact: no inline code, nothing evaluated, styles of this server and under a nonce that is new each time", async () => {
    const [first, second] = [await get("/"), await get("/runs")]
    const policy = String(first.headers["content-security-policy"])
    const nonce = /'nonce-([\w-]{22})'/.exec(policy)?.[1]
    expect(policy).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; ` +
        "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    )
    expect(first.body).toContain(`nonce="${nonce}"`)
    expect(second.headers["content-security-policy"]).not.toBe(policy)
    expect(first.headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
    })
  })

  test("it says where the feed is, so that a page can go on from there, and which version this is", async () => {
    const { body } = await get("/")
    expect(body).toMatch(/name="waybill-position" content="\d+"/)
    expect(body).toContain('name="waybill-version" content="0.1.0"')
  })

  test("an address that is no page is told by a page, with 404", async () => {
    const answer = await get("/nowhere/at/all")
    expect(answer.statusCode).toBe(404)
    expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8")
  })
})

test("an address that cannot be read leads a browser to a page that says so, and a program to a problem", async () => {
  const answer = await get("/runs/%E0%A4%A")
  expect([answer.statusCode, answer.headers.location]).toEqual([303, "/address-not-readable"])
  expect((await get("/address-not-readable")).statusCode).toBe(404)
  const isProblem = /^application\/problem\+json/
  expect((await get("/runs/%E0%A4%A", { accept: "application/json" })).headers["content-type"]).toMatch(isProblem)
  expect((await get("/api/v1/workflow-runs/%E0%A4%A")).headers["content-type"]).toMatch(isProblem)
})

describe("what is no page", () => {
  test.each([
    "/api/v1/nowhere",
    "/api",
    "/docs/nowhere",
    "/assets/nowhere.js",
    "/assets/..%2findex.html",
    "/healthz/x",
  ])("%s stays a problem, also for those who accept HTML", async (url) => {
    const answer = await get(url)
    expect(answer.statusCode).toBe(404)
    expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/)
  })

  test("a program that asks for a page's address in JSON is told that the API has nothing there", async () => {
    const answer = await get("/approvals/appr_1", { accept: "application/json" })
    expect(answer.statusCode).toBe(404)
    expect(answer.json()).toMatchObject({ code: "route_not_found" })
    expect((await app.inject({ method: "POST", url: "/approvals" })).statusCode).toBe(404)
  })

  test("the API answers as before, also to a browser's address bar", async () => {
    expect((await get("/healthz")).json()).toEqual({ status: "ok" })
    expect((await get("/api/v1/workflow-runs")).json()).toMatchObject({ code: "unauthenticated" })
    expect((await get("/openapi.json")).json().paths).not.toHaveProperty("/approvals")
  })

  test("only assets are files; the build's own lists are not handed out", async () => {
    expect((await get("/manifest.json")).headers["content-type"]).toBe("text/html; charset=utf-8")
    expect((await get("/index.html")).statusCode).toBe(404)
  })
})

describe("the assets", () => {
  test("are kept for a year by whoever has them, and are sent packed to those who take it", async () => {
    const plain = await get("/assets/index-abc.js", {})
    expect(plain.body).toBe("export const x = 1")
    expect(plain.headers["cache-control"]).toBe("public, max-age=31536000, immutable")
    expect(plain.headers["x-content-type-options"]).toBe("nosniff")
    expect(plain.headers["content-type"]).toMatch(/javascript/)
    const packed = await get("/assets/index-abc.js", { "accept-encoding": "gzip" })
    expect(packed.headers["content-encoding"]).toBe("gzip")
    expect(packed.body).toBe("packed")
  })
})

test("a server whose pages were not built says so, and its API goes on", async () => {
  const { app: bare } = await testServer()
  const answer = await bare.inject({ method: "GET", url: "/runs", headers: HTML })
  expect(answer.statusCode).toBe(503)
  expect(answer.body).toContain("npm run build")
  expect(answer.headers["content-security-policy"]).toContain("script-src 'self'")
  expect((await bare.inject({ method: "GET", url: "/healthz" })).statusCode).toBe(200)
  await bare.close()
})
