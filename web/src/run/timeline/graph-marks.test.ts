import { expect, test } from "vitest"
import { graphMarks } from "./graph-marks.ts"
import { type Lane, readTimeline } from "./timeline.ts"

const iso = (ms: number) => new Date(ms).toISOString()
const lane = (id: string, more: Partial<Lane>): Lane => ({
  ...{ id, name: id, type: "inject", parent: null, branchPath: "", index: null, visit: 1, seq: 1, agent: null },
  ...{ from: iso(0), to: iso(1_500), status: "SUCCEEDED", attempts: 1, retries: 0, errorCode: null },
  ...more,
})

test("a state tells how long it took, or how often it was come to; what moves or failed is told before what went well", () => {
  const { marks, stepAt } = graphMarks(
    readTimeline(
      {
        lanes: [
          lane("load", { retries: 2 }),
          lane("each", { type: "foreach", to: null }),
          lane("v0", { name: "visit", parent: "each", branchPath: "each[0]" }),
          lane("v1", { name: "visit", parent: "each", branchPath: "each[1]", status: "FAILED" }),
          lane("v2", { name: "visit", parent: "each", branchPath: "each[2]" }),
          ...(["FAILED", "RUNNING", "SUCCEEDED"] as const).map((status, at) =>
            lane(`s${at}`, {
              name: "send",
              parent: "each",
              branchPath: `each[${at}]`,
              status,
              ...(status === "RUNNING" && { to: null }),
            }),
          ),
        ],
        segments: [],
      },
      { createdAt: iso(0), startedAt: iso(0), completedAt: null },
    ),
  )
  expect(marks.get("load")).toMatchObject({ look: { word: "Succeeded" }, words: "1.5 s, 2 retries" })
  expect(marks.get("each")).toMatchObject({ look: { word: "Running" }, words: "" })
  expect(marks.get("each[]/visit")).toMatchObject({ look: { word: "Failed" }, words: "3 ×, 1 failed" })
  expect(stepAt.get("each[]/visit")).toBe("v1")
  expect(marks.get("each[]/send")).toMatchObject({ look: { word: "Running" }, words: "3 ×, 1 failed, 1 open" })
  expect(stepAt.get("each[]/send")).toBe("s1")
})
