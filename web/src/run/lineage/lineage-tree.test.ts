import { expect, test } from "vitest"
import { lineageRows, type Relative } from "./lineage-tree.ts"

const relative = (runId: string, via: string): Relative => ({
  runId,
  via,
  workflowId: "w",
  workflowName: "W",
  status: "COMPLETED",
  createdAt: "2026-11-21T12:00:00.000Z",
  completedAt: null,
  relation: "child",
  distance: 1,
  circular: false,
})

const shape = (relatives: readonly Relative[]) =>
  lineageRows({ runId: "me", relatives: [...relatives] }).map((row) => `${"  ".repeat(row.depth)}${row.relative.runId}`)

test("relatives stand below the one through which they were found, near ones first", () => {
  expect(shape([relative("a", "me"), relative("b", "me"), relative("a1", "a"), relative("a11", "a1")])).toEqual([
    "a",
    "  a1",
    "    a11",
    "b",
  ])
})

test("a circle is walked once", () => {
  expect(shape([relative("a", "me"), relative("me", "a"), relative("a", "a")])).toEqual(["a"])
})
