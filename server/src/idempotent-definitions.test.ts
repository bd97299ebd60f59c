/** Rule 24 for definitions: a header key is answered once, also when the server was started anew in between. */
import { afterAll, beforeAll, expect, test } from "vitest"
import type { RunningServer } from "./main.ts"
import { ask, type Place, place } from "./testing/real-server.ts"

const note = (id: string, text: string) =>
  `id: ${id}\nversion: "1.0"\nname: ${id}\nstates:\n  - { name: keep, type: inject, data: { text: ${text} }, end: true }\n`

let at: Place
let server: RunningServer
const call = (method: string, path: string, key: string, body?: unknown) =>
  ask(server.url, method, path, body, { "idempotency-key": key })
const restart = async () => {
  await server.close()
  server = await at.start()
}
const versionNumber = async (id: string) =>
  ((await ask(server.url, "GET", `/workflows/${id}`)).body as { versionNumber: number }).versionNumber

beforeAll(async () => {
  at = place()
  server = await at.start()
})
afterAll(async () => {
  await server.close()
  at.remove()
})

test("a definition that was created is not refused as existing when the same request comes again", async () => {
  expect((await call("POST", "/workflows", "create", note("a", "one"))).status).toBe(201)
  await restart()
  expect(await call("POST", "/workflows", "create", note("a", "one"))).toMatchObject({
    status: 201,
    body: { workflowId: "a", versionNumber: 1 },
  })
  expect((await call("POST", "/workflows", "another", note("a", "one"))).status).toBe(409)
  expect(await call("POST", "/workflows", "create", note("b", "one"))).toMatchObject({
    status: 422,
    body: { code: "idempotency_key_reused" },
  })
})

test("a rollback, a switch and a removal happen once", async () => {
  await call("PUT", "/workflows/a", "change", note("a", "two"))
  for (const _again of [1, 2]) {
    expect((await call("POST", "/workflows/a/versions/1/rollback", "back")).status).toBe(200)
    expect((await call("POST", "/workflows/a/disable", "off")).status).toBe(200)
    await restart()
  }
  expect(await versionNumber("a")).toBe(3)
  // Somebody has switched it on since: the old request is answered, not done again.
  await call("POST", "/workflows/a/enable", "on")
  expect((await call("POST", "/workflows/a/disable", "off")).body).toMatchObject({ status: "active" })
  for (const _again of [1, 2]) {
    expect((await call("DELETE", "/workflows/a", "gone")).status).toBe(204)
    await restart()
  }
  expect((await call("DELETE", "/workflows/a", "other")).status).toBe(404)
})

test("a sync is answered with its plan, and a dry run keeps nothing", async () => {
  at.write("workflows/c.workflow.yaml", note("c", "one"))
  const sync = async (key: string, body: object) =>
    (await call("POST", "/environments/default/sync", key, body)).body as { applied: boolean; changes: unknown[] }
  expect(await sync("look", { dryRun: true })).toMatchObject({ applied: false })
  const first = await sync("all", {})
  expect(first).toMatchObject({ applied: true, changes: [{ workflowId: "c", action: "create" }] })
  await restart()
  expect(await sync("all", {})).toEqual(first)
  expect((await sync("look", { dryRun: true })).changes).toMatchObject([{ action: "unchanged" }])
})
