import { createHash } from "node:crypto"
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Attachment } from "@waybill/contract"
import type { AttachmentRow } from "@waybill/engine"
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest"
import { attachmentLinks } from "../../../server/src/access/attachment-links.ts"
import { noAttachments } from "../../../server/src/testing/no-attachments.ts"
import { createSession } from "../session.ts"
import type { Terminal } from "../terminal.ts"
import { type RecordingServer, recordingServer } from "../testing/recording-server.ts"

let server: RecordingServer
let folder: string
let rows: AttachmentRow[] = []
let contents: Map<string, Uint8Array>

const links = attachmentLinks({
  secret: "00".repeat(32),
  minutes: 15,
  baseUrl: "https://waybill.example",
  now: Date.now,
})

const keep = (name: string, content: Uint8Array, contentType = "text/plain"): AttachmentRow => {
  const number = rows.length + 1
  const sha256 = createHash("sha256").update(content).digest("hex")
  const attachmentId = `att_${number}`
  const [stepId, attempt, redacted, file, archived] = [null, null, false, attachmentId, false]
  const about = { attachmentId, runId: "run_1", workspaceId: "default", number, at: 0, actor: "user:local" }
  const row = { ...about, stepId, attempt, name, contentType, bytes: content.length, sha256, redacted, file, archived }
  rows.push(row)
  contents.set(attachmentId, content)
  return row
}

beforeAll(async () => {
  server = await recordingServer({
    attachments: {
      links,
      attachments: {
        ...noAttachments.attachments,
        add: async ({ name, content, contentType }) => ({
          ok: true,
          value: keep(name, content, contentType),
          position: 0,
        }),
        list: async (_runId, after, limit) => rows.filter(({ number }) => number > after).slice(0, limit),
        get: async (id) => rows.find(({ attachmentId }) => attachmentId === id) ?? null,
        async open({ attachmentId }) {
          const content = contents.get(attachmentId)!
          return (async function* () {
            yield content
          })()
        },
      },
    },
  })
})
afterAll(() => server.close())
beforeEach(() => {
  server.engine.reset()
  server.engine.commit("run_1", "run.created", { input: { value: {} }, trigger: { kind: "api" } })
  folder = mkdtempSync(join(tmpdir(), "waybill-attach-"))
  rows = []
  contents = new Map()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const bytes = Uint8Array.from([0, 1, 255, 254, 10])

test("`runs attach` sends the file as it is, under its name and the type that its name says", async () => {
  writeFileSync(join(folder, "report.PDF"), bytes)
  const { code, out } = await server.waybill(["runs", "attach", "run_1", "report.PDF"], { cwd: folder })
  expect([code, out]).toEqual([0, "report.PDF: 5 bytes\n"])
  expect(rows[0]).toMatchObject({ name: "report.PDF", contentType: "application/pdf" })
  expect([...contents.get("att_1")!]).toEqual([...bytes])
  const again = await server.waybill(["runs", "attach", "run_1", "nowhere.txt"], { cwd: folder })
  expect([again.code, again.err]).toEqual([2, expect.stringContaining("nowhere.txt cannot be read")])
})

test("`runs attachments` lists them with their links", async () => {
  keep("a.txt", bytes)
  const { out } = await server.waybill(["runs", "attachments", "run_1"])
  expect(out).toMatch(
    /1 +a\.txt +5 bytes +text\/plain +user:local .*https:\/\/waybill\.example\/api\/v1\/attachments\/att_1\?exp=/,
  )
  const json = await server.waybill(["runs", "attachments", "run_1", "--json"])
  expect((JSON.parse(json.out) as { items: Attachment[] }).items).toHaveLength(1)
})

test("a link without the server's name is shown as one that can be opened", async () => {
  const terminal = { env: { WAYBILL_URL: server.url }, isTty: false } as unknown as Terminal
  const session = createSession(terminal, {})
  await session.client()
  expect(session.linkTo("/api/v1/attachments/att_1?exp=1&sig=x")).toBe(
    `${server.url}/api/v1/attachments/att_1?exp=1&sig=x`,
  )
  expect(session.linkTo("https://waybill.example/a")).toBe("https://waybill.example/a")
})

test("a link of a server that lies under a path is one below it", async () => {
  const terminal = { env: { WAYBILL_URL: `${server.url}/waybill/` }, isTty: false } as unknown as Terminal
  const session = createSession(terminal, {})
  await session.client()
  expect(session.linkTo("/api/v1/attachments/att_1")).toBe(`${server.url}/waybill/api/v1/attachments/att_1`)
})

test("`--save` writes each byte for byte under a name of its own, in the folder and nowhere else", async () => {
  keep("a.txt", bytes)
  keep("a.txt", bytes.slice(1))
  keep("../../outside.txt", bytes)
  keep("..", bytes)
  const save = ["runs", "attachments", "run_1", "--save", "some/where"]
  const { code, out } = await server.waybill(save, { cwd: folder })
  expect([code, out.split("\n").map((line) => line.split(":")[0])]).toEqual([
    0,
    ["some/where/a.txt", "some/where/a-2.txt", "some/where/outside.txt", "some/where/_", ""],
  ])
  const saved = join(folder, "some", "where")
  expect([...readFileSync(join(saved, "a.txt"))]).toEqual([...bytes])
  expect([...readFileSync(join(saved, "a-2.txt"))]).toEqual([...bytes.slice(1)])
  expect([readdirSync(folder), readdirSync(saved).length]).toEqual([["some"], 4])
  const again = await server.waybill(save, { cwd: folder })
  expect([again.code, again.err]).toEqual([2, expect.stringContaining("exists already")])
})

test("a file that is not what the server keeps is said to be none", async () => {
  keep("a.txt", bytes)
  contents.set("att_1", Uint8Array.from([0, 1, 255, 254, 11]))
  const { code, err } = await server.waybill(["runs", "attachments", "run_1", "--save", "."], { cwd: folder })
  expect([code, err]).toEqual([3, expect.stringContaining("not what the server keeps")])
})
