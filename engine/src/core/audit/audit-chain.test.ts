import { expect, test } from "vitest"
import { hexSha256 } from "../../testing/builders/run-history.ts"
import { auditHash } from "./audit-chain.ts"
import type { AuditDraft } from "./audit-draft.ts"

const draft: AuditDraft = {
  workspaceId: "default",
  at: 1,
  actor: "user:ann",
  credential: "key:key_1",
  action: "run.cancel",
  target: "run_1",
  door: "POST /api/v1/workflow-runs/:runId/cancel",
  address: "127.0.0.1",
  outcome: "done",
  status: 200,
  requestId: "req_1",
  detail: '{"reason":"x"}',
}
const prev = { number: 6, hash: "ab" }

test("an entry's hash covers each of its fields, its number and the hash of the one before", () => {
  const hash = auditHash(hexSha256, prev, draft)
  expect(auditHash(hexSha256, { ...prev }, { ...draft })).toBe(hash)
  for (const [name, value] of Object.entries(draft)) {
    const other = name === "outcome" ? "refused" : typeof value === "number" ? value + 1 : `${value} `
    expect([name, auditHash(hexSha256, prev, { ...draft, [name]: other })]).not.toEqual([name, hash])
  }
  expect(auditHash(hexSha256, prev, { ...draft, detail: null })).not.toBe(hash)
  expect(auditHash(hexSha256, { ...prev, number: 7 }, draft)).not.toBe(hash)
  expect(auditHash(hexSha256, { ...prev, hash: "ac" }, draft)).not.toBe(hash)
})

test("what stands in one field cannot be moved into its neighbour", () => {
  const moved = { ...draft, action: "run.cancelrun", target: "_1" }
  expect(auditHash(hexSha256, prev, moved)).not.toBe(auditHash(hexSha256, prev, draft))
})
