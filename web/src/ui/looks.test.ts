import { approvalStates, runStatuses, stepStatuses } from "@waybill/contract"
import { expect, test } from "vitest"
import { approvalLook } from "./approval-look.ts"
import type { Look } from "./look.ts"
import { lookOfRun, runLook, runStatusOrder, stalledLook } from "./run-look.ts"
import { lookOfStep, stepLook } from "./step-look.ts"

const families = {
  run: { looks: { ...runLook, stalled: stalledLook }, statuses: [...runStatuses, "stalled"] },
  step: { looks: stepLook, statuses: [...stepStatuses] },
  approval: { looks: approvalLook, statuses: [...approvalStates] },
}

test.each(Object.entries(families))(
  "two states of one %s are told apart by word and by glyph, without any colour",
  (_, { looks, statuses }) => {
    const all: readonly Look[] = Object.values(looks)
    expect(Object.keys(looks).sort()).toEqual(statuses.sort())
    expect(new Set(all.map((look) => look.word)).size).toBe(all.length)
    expect(new Set(all.map((look) => look.glyph)).size).toBe(all.length)
  },
)

test("bars stack every status of a run, each once", () => {
  expect([...runStatusOrder].sort()).toEqual([...runStatuses].sort())
})

test("a status this page has never heard of is shown as it was said", () => {
  expect(lookOfRun("HIBERNATING")).toEqual({ word: "HIBERNATING", tone: "quiet", glyph: "dotted" })
  expect(lookOfStep("HIBERNATING").word).toBe("HIBERNATING")
})
