import { expect, test } from "vitest"
import { parseRunQuery } from "../../../engine/src/core/views/run-language/index.ts"
import { runStatuses } from "../../../engine/src/core/views/status-words.ts"
import { runLook } from "../ui/run-look.ts"
import { countOf, groupOf, statusGroups, totalOf, withGroup } from "./status-groups.ts"

test("every status is in one group, whose colour is its own", () => {
  expect(statusGroups.flatMap(({ statuses }) => statuses).sort()).toEqual([...runStatuses].sort())
  const toneOf = (status: string) =>
    statusGroups.find(({ statuses }) => (statuses as readonly string[]).includes(status))?.tone
  for (const status of runStatuses) {
    // What has not begun is counted with what runs.
    if (status !== "PENDING") expect(toneOf(status)).toBe(runLook[status].tone)
  }
})

test("a tab asks for its statuses, and pressed again for all", () => {
  const query = withGroup("tag:x", "failed")
  expect(query).toBe("tag:x status:failed,timed_out")
  expect(parseRunQuery(query).problems).toEqual([])
  expect(groupOf(query)).toEqual({ id: "failed", isPart: false })
  expect(withGroup(query, "running")).toBe("tag:x status:running,pending")
  expect(withGroup(query, "failed")).toBe("tag:x")
  expect(withGroup(query, "all")).toBe("tag:x")
  expect(groupOf("tag:x").id).toBe("all")
})

test("a part of a tab's statuses is told from all of them, and a choice across tabs is no tab", () => {
  expect(groupOf("status:failed")).toEqual({ id: "failed", isPart: true })
  expect(withGroup("status:failed", "failed")).toBe("status:failed,timed_out")
  expect(groupOf("status:TIMED_OUT,failed")).toEqual({ id: "failed", isPart: false })
  expect(groupOf("status:failed,running").id).toBe(null)
  expect(groupOf("status:open").id).toBe(null)
})

test("counts add up", () => {
  const counts = { FAILED: 2, TIMED_OUT: 1, COMPLETED: 10 }
  expect(countOf(statusGroups[0], counts)).toBe(3)
  expect(totalOf(counts)).toBe(13)
})
