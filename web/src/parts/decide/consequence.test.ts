import type { Json } from "@waybill/contract"
import { expect, test } from "vitest"
import { askingState } from "./asking-state.ts"
import { choicesOf } from "./choices.ts"
import { effectOf, otherwiseOf } from "./consequence.ts"

const gate = (more: object = {}, state: object = {}): Json => ({
  id: "release",
  states: [
    { name: "build", type: "operation", action: "agent.run", next: "ask" },
    {
      name: "ask",
      type: "operation",
      action: "human.approval",
      input: { message: "?", ...more },
      next: "ship",
      ...state,
    },
  ],
})
const outcome = (name: string, rewindTo: string | null = null) => ({ name, requireComment: false, rewindTo })
const say = (name: string, rewindTo: string | null = null) =>
  choicesOf({ outcomes: [outcome(name, rewindTo)], actions: [] })[0]!
const effect = (name: string, definition: Json, votes: { outcome: string }[] = []) =>
  effectOf(say(name), askingState(definition, "ask"), votes)

test("approving says at which state the run goes on, or that it completes", () => {
  expect(effect("approve", gate())).toBe("The run goes on at ship.")
  expect(effect("approve", gate({}, { next: undefined, end: true }))).toBe("The run completes: this is its last step.")
})

test("rejecting says whether the run is cancelled, fails, or goes elsewhere", () => {
  expect(effect("reject", gate())).toBe("The run is cancelled.")
  expect(effect("reject", gate({ onReject: { next: "undo" } }))).toBe("The run goes on at undo.")
  expect(effect("reject", gate({ onReject: { status: "FAILED" } }))).toMatch(/^The step fails/)
})

test("sending back says where the run goes", () => {
  expect(effectOf(say("revise", "draft"), null)).toBe("The run goes back to draft and asks again afterwards.")
})

test("where more than one has to agree, a vote is said to be one", () => {
  const two = gate({ quorum: { approve: 2, reject: 1 } })
  expect(effect("approve", two)).toBe("Counts as a vote: 1 more is needed. After that: The run goes on at ship.")
  expect(effect("approve", two, [{ outcome: "approve" }])).toBe("The run goes on at ship.")
  expect(effect("reject", two)).toBe("The run is cancelled.")
})

test("a state inside a branch promises nothing of the whole run, and of a name that stands twice nothing is said", () => {
  const inside = (...branches: Json[]): Json => ({ states: [{ name: "both", type: "parallel", branches }] })
  const one = { states: [{ name: "ask", action: "human.approval", input: {}, end: true }] }
  expect(effect("approve", inside(one))).toBe("This part of the run is done.")
  expect(askingState(inside(one, one), "ask")).toBeNull()
  expect(effectOf(say("approve"), null)).toBe("The run goes on.")
})

test("what happens when nobody decides is never an approval", () => {
  const soon = { timeoutAt: "2026-11-21T11:00:00Z" }
  expect(otherwiseOf(soon, askingState(gate(), "ask"))).toBe("the run ends as timed out.")
  expect(otherwiseOf(soon, askingState(gate({ onTimeout: { next: "escalate" } }), "ask"))).toBe(
    "the run goes on at escalate.",
  )
  expect(otherwiseOf({ timeoutAt: null }, null)).toBe("It waits until somebody decides.")
})
