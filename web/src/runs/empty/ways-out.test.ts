import { expect, test } from "vitest"
import { waysOut } from "./ways-out.ts"

const now = Date.parse("2026-11-21T12:00:00Z")

test("each term and the time range can be left out for itself, and the rest stays", () => {
  expect(waysOut({ q: 'status:failed "two words" -tag:x', from: "-24h" }, now)).toEqual([
    { label: "status:failed", patch: { q: '"two words" -tag:x' } },
    { label: '"two words"', patch: { q: "status:failed -tag:x" } },
    { label: "-tag:x", patch: { q: 'status:failed "two words"' } },
    { label: "Last 24 hours", patch: { from: undefined, to: undefined } },
  ])
  expect(waysOut({ q: "x" }, now)).toEqual([{ label: "x", patch: { q: undefined } }])
})
