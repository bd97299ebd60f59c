import type { Bulk } from "@waybill/contract"
import { expect, test } from "vitest"
import { countWords, progressWords } from "./bulk-words.ts"
import { bodyOf } from "./cohort.ts"

const bulk = (state: Bulk["state"], done: number, refused: number, total = 20) =>
  ({ action: "cancel", state, counts: { total, done, refused, left: total - done - refused } }) as Bulk

test("a bulk action says how far it is, and at its end what became of it", () => {
  expect(progressWords(bulk("running", 5, 0))).toBe("Cancelling 20 runs")
  expect(progressWords(bulk("paused", 5, 0))).toBe("Cancelling 20 runs is paused")
  expect(progressWords(bulk("done", 18, 2))).toBe("Cancelled 18 of 20 runs")
  expect(progressWords(bulk("done", 1, 0, 1))).toBe("Cancelled 1 run")
  expect(progressWords({ ...bulk("aborted", 5, 0), action: "rerun" })).toBe("Stopped: re-run 5 of 20 runs")
  expect(countWords(bulk("running", 12, 1).counts)).toBe("12 done, 1 refused, 7 left")
  expect(countWords(bulk("done", 20, 0).counts)).toBe("20 done")
})

test("runs that were named are asked for by name, all that match by their query, never both", () => {
  expect(bodyOf({ action: "cancel", cohort: { kind: "named", runIds: ["a"] } }, "why")).toEqual({
    action: "cancel",
    reason: "why",
    runIds: ["a"],
  })
  expect(bodyOf({ action: "rerun", from: "failed", cohort: { kind: "matching", query: "tag:x" } }, "why")).toEqual({
    action: "rerun",
    reason: "why",
    from: "failed",
    query: "tag:x",
  })
})
