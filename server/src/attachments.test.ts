/** Files of runs through a whole server: added by people and agents, fetched by links, never rendered, never another's. */
import { readdirSync, readFileSync, rmSync } from "node:fs"
import { connect, type Socket } from "node:net"
import { join } from "node:path"
import type { Attachment, AttachmentPage, AuditPage, Run, RunEvidence, RunLogPage } from "@waybill/contract"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import type { RunningServer } from "./main.ts"
import { bearing, fromOwnPage, makeKey, makeWorkspace, rootKey, withPeople } from "./testing/people.ts"
import { ask, type Place, place } from "./testing/real-server.ts"

const card = "4242424242424242"
const clerk = `export default {
  name: "clerk",
  description: "Attaches what it is told to.",
  inputSchema: { type: "object" },
  outputSchema: { type: "object" },
  async run({ what = "report", card }, ctx) {
    if (what === "report") {
      ctx.attach("report.csv", "card,sum\\n" + card + ",7\\n", { contentType: "text/csv" })
      ctx.attach("bytes.bin", new Uint8Array([0, 255, 254, 1]))
      ctx.attach("sums.json", { sums: [1, 2], password: "hunter2hunter2" })
    }
    if (what === "much") for (let i = 0; i < 22; i++) ctx.attach("f" + i + ".txt", "content " + i)
    if (what === "large") ctx.attach("large.bin", new Uint8Array(17 << 20))
    if (what === "wrong") { ctx.attach("a/b.txt", "x"); ctx.attach("c.txt", () => {}); ctx.attach("d.txt", "x", { contentType: "none" }) }
    return { done: what }
  },
}`
const file = `id: file
version: "1.0"
states:
  - { name: write, type: operation, action: agent.run, input: { agent: clerk, variables: { what: "{{ ctx.what ?? 'nothing' }}", card: "{{ ctx.card ?? 'none' }}" } }, end: true }
`

let at: Place
let server: RunningServer
let asOperator: Record<string, string>
let asViewer: Record<string, string>
let asStranger: Record<string, string>

const call = async <T>(method: string, path: string, body?: unknown, headers = asOperator) => {
  const answer = await ask(server.url, method, path, body, headers)
  return { ...answer, body: answer.body as T }
}
const start = async (input: object = {}) =>
  (await call<Run>("POST", "/workflow-runs?wait=20", { workflowId: "file", input })).body
const upload = async (
  runId: string,
  name: string,
  content: string | Uint8Array,
  type = "text/plain",
  headers: Record<string, string> = asOperator,
) => {
  const path = `/api/v1/workflow-runs/${runId}/attachments?name=${encodeURIComponent(name)}`
  const response = await fetch(server.url + path, {
    method: "POST",
    headers: { "content-type": type, ...headers },
    body: content as never,
  })
  return { status: response.status, body: (await response.json()) as Attachment & { code: string; detail: string } }
}
const list = async (runId: string, headers = asOperator) =>
  (await call<AttachmentPage>("GET", `/workflow-runs/${runId}/attachments`, undefined, headers)).body.items
/** Without any key: the link is all there is. */
const fetched = (url: string | null, init: RequestInit = {}) => fetch(server.url + url, init)
const stored = () => join(at.folder, ".waybill", "attachments")
const filesOnDisk = () =>
  readdirSync(stored(), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())

beforeAll(async () => {
  at = place()
  at.write("agents/clerk.agent.ts", clerk)
  at.write("workflows/file.workflow.yaml", file)
  server = await at.start({ ...withPeople, attachmentMb: 1 })
  const key = async (role: string) =>
    (await ask(server.url, "POST", "/keys", { name: role, role, service: true }, bearing(rootKey))).body as {
      key: string
    }
  asOperator = bearing((await key("operator")).key)
  asViewer = bearing((await key("viewer")).key)
  const other = await makeWorkspace(server.url, "other", "bob@example.com")
  asStranger = bearing((await makeKey(server.url, "admin", fromOwnPage(other.cookie))).key)
}, 60_000)
afterAll(async () => {
  await server.close()
  at.remove()
})

describe("a file of a run", () => {
  test("is added to a run that has ended, byte for byte, and the run's history does not change by it", async () => {
    const run = await start()
    const events = async () => (await call("GET", `/workflow-runs/${run.runId}/events`)).body
    const before = await events()
    const content = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256)
    const added = await upload(run.runId, "photo ä.png", content, "image/png")
    expect(added).toMatchObject({
      status: 201,
      body: { number: 1, name: "photo ä.png", contentType: "image/png", bytes: 100_000, redacted: false, stepId: null },
    })
    const response = await fetched(added.body.url)
    expect(response.status).toBe(200)
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(content)
    const head = await fetched(added.body.url, { method: "HEAD" })
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "100000", ""])
    expect(await events()).toEqual(before)
    expect((await list(run.runId)).map(({ attachmentId }) => attachmentId)).toEqual([added.body.attachmentId])
    await expect
      .poll(
        async () =>
          (await call<AuditPage>("GET", "/audit?action=run.attachment.add", undefined, bearing(rootKey))).body.items[0],
      )
      .toMatchObject({ target: run.runId, outcome: "done" })
  })

  test("that is sent twice with the same key is added once; with other bytes it is refused", async () => {
    const run = await start()
    const once = { ...asOperator, "idempotency-key": "k1" }
    const first = await upload(run.runId, "a.txt", "one", "text/plain", once)
    const second = await upload(run.runId, "a.txt", "one", "text/plain", once)
    expect(second.body.attachmentId).toBe(first.body.attachmentId)
    expect(await upload(run.runId, "a.txt", "two", "text/plain", once)).toMatchObject({
      status: 422,
      body: { code: "idempotency_key_reused" },
    })
    expect(await list(run.runId)).toHaveLength(1)
  })

  test("has its secrets replaced before it is kept, also when a text is said to be bytes", async () => {
    const run = await start()
    const csv = await upload(run.runId, `${card}.csv`, `name,card\nAda,${card}\n`, "text/csv")
    const bytes = await upload(run.runId, "export.bin", `card ${card}`, "application/octet-stream")
    const json = await upload(
      run.runId,
      "a.json",
      JSON.stringify({ login: { password: "correct horse" } }),
      "application/json",
    )
    const latin = await upload(run.runId, "l.txt", Buffer.from(`Müller ${card}`, "latin1"), "text/plain")
    const texts = await Promise.all([csv, bytes, json, latin].map(async ({ body }) => (await fetched(body.url)).text()))
    expect(texts[0]).toMatch(/^name,card\nAda,\[token:card:/)
    for (const text of texts) expect(text).toContain("[token:")
    for (const { body } of [csv, bytes, json, latin]) expect(body.redacted).toBe(true)
    const raw = Buffer.from(await (await fetched(latin.body.url)).arrayBuffer())
    expect(raw.toString("latin1")).toMatch(/^Müller \[token:card:/)
    expect(csv.body.name).not.toContain(card)
    for (const entry of filesOnDisk()) {
      const onDisk = readFileSync(join(entry.parentPath, entry.name), "latin1")
      expect(onDisk.includes(card) || onDisk.includes("correct horse")).toBe(false)
    }
  })

  test.each([
    ["page.html", "text/html", "<script>alert(1)</script>"],
    ["picture.svg", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"],
    ["run.js", "text/javascript; charset=utf-8", "alert(1)"],
  ])("is a download and never a page: %s", async (name, type, content) => {
    const { body } = await upload((await start()).runId, name, content, type)
    const { headers } = await fetched(body.url)
    expect(headers.get("content-type")).toBe("application/octet-stream")
    expect(headers.get("content-disposition")).toBe(`attachment; filename="${name}"; filename*=UTF-8''${name}`)
    expect(headers.get("x-content-type-options")).toBe("nosniff")
    expect(headers.get("content-security-policy")).toBe("default-src 'none'; sandbox")
    expect(headers.get("cache-control")).toBe("private, no-store")
  })

  test("is refused when it is too large, empty, nameless, of no type, packed, or somebody's who may only look", async () => {
    const { runId } = await start()
    const codes = await Promise.all([
      upload(runId, "a.bin", new Uint8Array((1 << 20) + 1)),
      upload(runId, "a.txt", ""),
      upload(runId, "../a.txt", "x"),
      upload(runId, "a\u202etxt.exe", "x"),
      upload(runId, "a.txt", "x", "nonsense"),
      upload(runId, "a.txt", "x", "text/plain", { ...asOperator, "content-encoding": "gzip" }),
      upload(runId, "a.txt", "x", "text/plain", asViewer),
      upload("run_nobodys", "a.txt", "x"),
    ])
    expect(codes.map(({ body }) => body.code)).toEqual([
      "payload_too_large",
      "invalid_request",
      "invalid_request",
      "invalid_request",
      "unsupported_media_type",
      "unsupported_media_type",
      "forbidden",
      "run_not_found",
    ])
    expect(codes[0]!.body.detail).toContain(String(1 << 20))
    expect(await list(runId)).toEqual([])
  })

  test("is sent away while eight are under way, and taken as soon as one of them is done or breaks off", async () => {
    const { runId } = await start()
    /** Its head was read, half of its content is on its way. */
    const begun = (name: string) =>
      new Promise<Socket>((resolve) => {
        const { hostname, port, host } = new URL(server.url)
        const head = {
          ...asOperator,
          host,
          "content-type": "text/plain",
          "content-length": "4",
          expect: "100-continue",
        }
        const lines = Object.entries(head).map(([field, value]) => `${field}: ${value}`)
        const socket = connect(Number(port), hostname)
        socket.on("error", () => {}).once("data", () => resolve(socket))
        const path = `/api/v1/workflow-runs/${runId}/attachments?name=${name}`
        socket.write(`${[`POST ${path} HTTP/1.1`, ...lines].join("\r\n")}\r\n\r\nab`)
      })
    const sockets = await Promise.all(Array.from({ length: 8 }, (_, n) => begun(`slow${n}`)))
    const ninth = () => upload(runId, "ninth.txt", "nine")
    const refused = await ninth()
    expect(refused.status).toBe(503)
    expect(refused.body).toMatchObject({ code: "overloaded" })
    sockets[0]!.write("cd")
    sockets[1]!.destroy()
    await expect.poll(async () => (await ninth()).status).toBe(201)
    for (const socket of sockets) socket.destroy()
    const { items } = (await call<AttachmentPage>("GET", `/workflow-runs/${runId}/attachments`)).body
    expect(items.map(({ name }) => name)).toEqual(expect.arrayContaining(["slow0", "ninth.txt"]))
    expect(items.some(({ name }) => name === "slow1")).toBe(false)
  })

  test("is not another workspace's to list or to add to", async () => {
    const { runId } = await start()
    await upload(runId, "a.txt", "ours")
    expect((await upload(runId, "b.txt", "theirs", "text/plain", asStranger)).body.code).toBe("run_not_found")
    expect((await call("GET", `/workflow-runs/${runId}/attachments`, undefined, asStranger)).status).toBe(404)
    expect(await list(runId, asViewer)).toHaveLength(1)
  })
})

describe("a link", () => {
  const parts = async () => {
    const { runId } = await start()
    const first = (await upload(runId, "a.txt", "one")).body
    const second = (await upload(runId, "b.txt", "two")).body
    const url = new URL(server.url + first.url)
    return { first, second, exp: url.searchParams.get("exp")!, sig: url.searchParams.get("sig")! }
  }

  test("lets in whoever has it, for a quarter of an hour", async () => {
    const { first } = await parts()
    const left = Date.parse(first.expiresAt!) - Date.now()
    expect(left).toBeGreaterThan(14 * 60_000)
    expect(left).toBeLessThanOrEqual(15 * 60_000 + 1_000)
    expect(await (await fetched(first.url)).text()).toBe("one")
  })

  test("that is followed stands in the audit: what was read, and from where", async () => {
    const { first, exp, sig } = await parts()
    const read = await fetched(`/api/v1/attachments/${first.attachmentId}?exp=${exp}&sig=${sig}`)
    await read.arrayBuffer()
    const query = `/audit?action=run.attachment.read&target=${encodeURIComponent(`${first.runId} ${first.attachmentId}`)}`
    await expect
      .poll(async () => (await call<AuditPage>("GET", query, undefined, bearing(rootKey))).body.items[0])
      .toMatchObject({ credential: "link", address: "127.0.0.1", outcome: "done", door: "GET /api/v1/attachments/:id" })
  })

  test("that was altered in any part is refused, with the same words whatever it was", async () => {
    const { first, second, exp, sig } = await parts()
    const link = (id: string, until: string, by: string) => `/api/v1/attachments/${id}?exp=${until}&sig=${by}`
    const last = sig.at(-1)!
    const alike = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    // Its last two bits stand for nothing: the same bytes, another text.
    const twin = sig.slice(0, -1) + alike[alike.indexOf(last) ^ 1]!
    const answers = await Promise.all(
      [
        link(second.attachmentId, exp, sig),
        link("att_nobodys", exp, sig),
        link(first.attachmentId, String(Number(exp) + 60), sig),
        link(first.attachmentId, `0${exp}`, sig),
        link(first.attachmentId, exp, twin),
        link(first.attachmentId, exp, sig.slice(0, -1)),
        link(first.attachmentId, exp, `${sig}A`),
        link(first.attachmentId, exp, ""),
      ].map(async (url) => {
        const response = await fetched(url)
        const { status, code, detail } = (await response.json()) as { status: number; code: string; detail: string }
        return { status, code, detail }
      }),
    )
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 403, code: "link_refused" })
    expect((await fetched(`/api/v1/attachments/${first.attachmentId}`)).status).toBe(400)
  })

  test("that has expired is refused in the same way", async () => {
    const { first } = await parts()
    const now = vi.spyOn(Date, "now").mockReturnValue(Date.parse(first.expiresAt!))
    try {
      const response = await fetched(first.url)
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([403, "link_refused"])
    } finally {
      now.mockRestore()
    }
  })

  test("that was asked for stands in the audit", async () => {
    const { first } = await parts()
    await list(first.runId, asViewer)
    await expect
      .poll(
        async () =>
          (await call<AuditPage>("GET", "/audit?action=run.attachment.link", undefined, bearing(rootKey))).body
            .items[0],
      )
      .toMatchObject({ actor: "key:viewer", target: first.runId })
  })
})

describe("what an agent attaches", () => {
  const kept = (run: Run, count: number) =>
    vi.waitFor(
      async () => {
        const items = await list(run.runId)
        expect(items).toHaveLength(count)
        return items
      },
      { timeout: 10_000, interval: 50 },
    )
  const log = (run: Run, count: number) =>
    vi.waitFor(
      async () => {
        const { items } = (await call<RunLogPage>("GET", `/workflow-runs/${run.runId}/logs?level=warn`)).body
        expect(items).toHaveLength(count)
        return items
      },
      { timeout: 10_000, interval: 50 },
    )

  test("belongs to its step, is no part of its result, and has what was opened for it closed again", async () => {
    const run = await start({ what: "report", card })
    expect([run.status, run.output]).toEqual(["COMPLETED", { done: "report" }])
    const items = await kept(run, 3)
    expect(items.map(({ name, contentType, by, attempt }) => [name, contentType, by, attempt])).toEqual([
      ["report.csv", "text/csv", "agent:clerk", 1],
      ["bytes.bin", "application/octet-stream", "agent:clerk", 1],
      ["sums.json", "application/json", "agent:clerk", 1],
    ])
    expect(items.every(({ stepId }) => stepId?.startsWith("step_"))).toBe(true)
    expect(await (await fetched(items[0]!.url)).text()).toMatch(/^card,sum\n\[token:card:[^\]]+\],7\n$/)
    expect([...new Uint8Array(await (await fetched(items[1]!.url)).arrayBuffer())]).toEqual([0, 255, 254, 1])
    expect(await (await fetched(items[2]!.url)).text()).not.toContain("hunter2")
  })

  test("beyond its bounds is said in the run's log, and fails nothing", async () => {
    const much = await start({ what: "much" })
    expect(much.status).toBe("COMPLETED")
    await kept(much, 20)
    expect((await log(much, 2)).map(({ message }) => message)[0]).toContain("an attempt may attach 20 files")
    const large = await start({ what: "large" })
    expect((await log(large, 1))[0]).toMatchObject({ message: expect.stringContaining('"large.bin" is not attached') })
  })

  test("that cannot be kept is said in the run's log, under its step", async () => {
    const run = await start({ what: "wrong" })
    const lines = await log(run, 3)
    expect(lines.map(({ message }) => message.slice(0, 45)).sort()).toEqual([
      '"c.txt" is not attached: it is no text, no by',
      'The attachment "a/b.txt" was not kept: a name',
      'The attachment "d.txt" was not kept: the cont',
    ])
    expect(lines.every(({ stepId }) => stepId.startsWith("step_"))).toBe(true)
  })
})

test("the evidence of a run says how many files it has, and which content is missing", async () => {
  const { runId } = await start()
  await upload(runId, "a.txt", `card ${card}`)
  await upload(runId, "b.txt", "plain")
  const evidence = async () => (await call<RunEvidence>("GET", `/workflow-runs/${runId}/evidence`)).body.attachments
  const { bytes } = (await list(runId))[0]!
  expect(await evidence()).toEqual({ count: 2, bytes: bytes + 5, redacted: 1, archived: 0, expired: 0, missing: 0 })
  const [lost] = filesOnDisk().filter((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8") === "plain")
  rmSync(join(lost!.parentPath, lost!.name))
  expect(await evidence()).toMatchObject({ count: 2, missing: 1 })
  const { url } = (await list(runId))[1]!
  expect(await (await fetched(url)).json()).toMatchObject({ status: 404, code: "attachment_not_found" })
})

test("a server that starts again still has the files, knows its links, and a backup holds them", async () => {
  const { runId } = await start()
  const { url } = (await upload(runId, "a.txt", "over the night")).body
  const before = filesOnDisk().length
  const backup = await call<{ file: string }>("POST", "/admin/backup", { name: "b.db" }, bearing(rootKey))
  expect(backup.status).toBe(201)
  const copied = readdirSync(join(at.folder, ".waybill", "backups", "b.db.attachments"), {
    recursive: true,
    withFileTypes: true,
  })
  expect(copied.filter((entry) => entry.isFile())).toHaveLength(before)
  await server.close()
  server = await at.start({ ...withPeople, attachmentMb: 1 })
  expect(await (await fetched(url)).text()).toBe("over the night")
})
