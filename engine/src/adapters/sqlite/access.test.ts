import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterEach, beforeEach, expect, test } from "vitest"
import type { KeyRow, UserRow } from "../../ports/access-store.ts"
import type { AuditDraft } from "../../ports/audit-store.ts"
import { verifyAudit } from "../../usecases/admin/verify-audit.ts"
import { FileBlobs } from "../blobs/files.ts"
import { systemHashing } from "../system/hashing.ts"
import { blobFolder, openSqlite, type SqliteData } from "./open.ts"

let folder: string
let data: SqliteData
const open = () => {
  data = openSqlite({ folder, blobs: new FileBlobs(blobFolder(folder)), port: null, readers: 1 })
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "waybill-access-"))
  open()
})
afterEach(async () => {
  await data.close()
  rmSync(folder, { recursive: true, force: true })
})

const entry = (over: Partial<AuditDraft> = {}): AuditDraft => ({
  workspaceId: "default",
  at: 1_000,
  actor: "user:alice@example.com",
  credential: "session:ses_1",
  action: "run.cancel",
  target: "run_1",
  door: "POST /api/v1/workflow-runs/:runId/cancel",
  address: "127.0.0.1",
  outcome: "done",
  status: 200,
  requestId: "req_1",
  detail: null,
  ...over,
})

const everything = {
  workspaceId: "default",
  actor: null,
  action: null,
  target: null,
  outcome: null,
  from: null,
  to: null,
  before: null,
  limit: 10,
}

const verify = () => verifyAudit(data.audit, systemHashing.sha256Hex)

/** As somebody does it who has the file: without the program, and without its triggers. */
async function tamper(sql: string): Promise<void> {
  await data.close()
  const file = new Database(join(folder, "waybill.db"))
  file.exec(`DROP TRIGGER audit_entries_stay; DROP TRIGGER audit_entries_remain; ${sql}`)
  file.close()
  open()
}

test("what is written of people outlives the process, and is overwritten whole", async () => {
  const user: UserRow = {
    userId: "user:alice@example.com",
    email: "alice@example.com",
    name: "Alice",
    password: null,
    subject: null,
    createdAt: 1,
    createdBy: "cli",
    disabledAt: null,
  }
  const key: KeyRow = {
    keyId: "key_1",
    workspaceId: "default",
    name: "deploy",
    sha256: "ab",
    prefix: "wb_abc",
    actor: user.userId,
    role: "operator",
    scopes: '["runs:read"]',
    createdAt: 1,
    createdBy: user.userId,
    expiresAt: null,
    lastUsedAt: null,
    revokedAt: null,
    revokedBy: null,
  }
  const member = { workspaceId: "default", userId: user.userId, role: "admin", createdAt: 1, createdBy: "cli" } as const
  await data.access.write(
    [
      { put: "user", row: user },
      { put: "member", row: member },
      { put: "key", row: key },
    ],
    [entry({ action: "user.create" })],
  )
  await data.access.write([{ put: "key", row: { ...key, revokedAt: 9, revokedBy: "user:bob" } }], [])
  await data.access.write([{ drop: "member", row: member }], [])
  await data.close()
  open()
  const rows = await data.access.load()
  expect(rows.workspaces).toMatchObject([{ workspaceId: "default", slug: "default" }])
  expect(rows.users).toEqual([user])
  expect(rows.members).toEqual([])
  expect(rows.keys).toEqual([{ ...key, revokedAt: 9, revokedBy: "user:bob" }])
  expect(await data.audit.list(everything)).toMatchObject([{ number: 1, action: "user.create" }])
})

test("a change that is refused by the database leaves no word of it in the audit", async () => {
  const row = { workspaceId: "ws_2", slug: "default", name: "Twice", createdAt: 1, createdBy: "cli" }
  await expect(data.access.write([{ put: "workspace", row }], [entry()])).rejects.toThrow(/UNIQUE/)
  expect(await data.audit.list(everything)).toEqual([])
})

test("the audit is searched by who, what, to what, when and how it ended, page by page", async () => {
  await data.audit.append([
    entry(),
    entry({ at: 2_000, action: "run.rerun", target: "run_2", outcome: "refused", status: 409 }),
    entry({ at: 3_000, actor: "user:bob@example.com", action: "key.create", target: "key_1" }),
    entry({ workspaceId: "ws_other", action: "run.cancel" }),
  ])
  const numbers = async (question: object) =>
    (await data.audit.list({ ...everything, ...question })).map((one) => one.number)
  expect(await numbers({})).toEqual([3, 2, 1])
  expect(await numbers({ limit: 2 })).toEqual([3, 2])
  expect(await numbers({ before: 2 })).toEqual([1])
  expect(await numbers({ actor: "user:bob@example.com" })).toEqual([3])
  expect(await numbers({ action: "run." })).toEqual([2, 1])
  expect(await numbers({ action: "run.cancel" })).toEqual([1])
  expect(await numbers({ target: "run_2" })).toEqual([2])
  expect(await numbers({ outcome: "refused" })).toEqual([2])
  expect(await numbers({ from: 2_000, to: 3_000 })).toEqual([2])
  expect(await numbers({ workspaceId: "ws_other" })).toEqual([1])
})

test("an audit entry can be neither changed nor deleted through the database's own doors", async () => {
  await data.audit.append([entry()])
  await data.close()
  const file = new Database(join(folder, "waybill.db"))
  expect(() => file.exec("UPDATE audit_entries SET actor = 'user:mallory'")).toThrow(/never changed/)
  expect(() => file.exec("DELETE FROM audit_entries")).toThrow(/never deleted/)
  file.close()
  open()
})

test.each([
  [
    "edited",
    "UPDATE audit_entries SET actor = 'user:mallory' WHERE number = 2",
    [{ number: 2, what: "entry_altered" }],
  ],
  ["deleted", "DELETE FROM audit_entries WHERE number = 2", [{ number: 3, what: "entry_missing_before" }]],
  ["cut off the end", "DELETE FROM audit_entries WHERE number = 3", [{ number: 2, what: "cut_tail" }]],
  [
    "cut off with its head",
    "DELETE FROM audit_entries WHERE number = 3; DELETE FROM audit_heads",
    [{ number: 2, what: "cut_tail" }],
  ],
])("an audit entry that was %s in the file is found by verify", async (_how, sql, findings) => {
  await data.audit.append([entry(), entry({ at: 2_000 }), entry({ at: 3_000 })])
  expect(await verify()).toMatchObject({ entries: 3, findings: [], heads: [{ workspaceId: "default", number: 3 }] })
  await tamper(sql)
  expect((await verify()).findings).toEqual(findings.map((one) => ({ workspaceId: "default", ...one })))
})
