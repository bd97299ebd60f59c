import type { Block } from "@waybill/contract"
import { expect, test } from "vitest"
import { type RunFacts, stateWords } from "./run-words.ts"

const run = (facts: Partial<RunFacts>): RunFacts => ({
  status: "COMPLETED",
  reason: null,
  error: null,
  blockedOn: [],
  blockedCount: facts.blockedOn?.length ?? 0,
  counts: { steps: 3, succeeded: 3, failed: 0, retries: 0 },
  ...facts,
})
const block = (kind: string, more: Partial<Block> = {}): Block => {
  return { kind, since: null, until: null, who: [], stepId: null, name: "ask", ...more }
}

test("a failed run says where and why, in one line", () => {
  const error = { code: "desk_closed", detail: "the ledger answered 503\nat stack", step: "book" }
  expect(stateWords(run({ status: "FAILED", error }))).toBe("book: the ledger answered 503")
  const named = { code: "approval_timeout", detail: "ask asked any operator", step: "ask" }
  expect(stateWords(run({ status: "TIMED_OUT", error: named }))).toBe("ask asked any operator")
  expect(stateWords(run({ status: "TIMED_OUT", error: { code: "run_timeout", detail: "" } }))).toBe("run_timeout")
})

test("a waiting run says for whom or what, and how much else", () => {
  const asks = block("approval", { who: ["team:finance", "user:ann", "user:bob"] })
  expect(stateWords(run({ status: "WAITING_APPROVAL", blockedOn: [asks] }))).toBe(
    "Approval of ask by team:finance, user:ann or 1 more",
  )
  const listens = block("signal", { who: ["paid"], name: "wait" })
  expect(stateWords(run({ status: "WAITING_SIGNAL", blockedOn: [listens], blockedCount: 3 }))).toBe(
    "Waits at wait for the signal “paid” and 2 more",
  )
  expect(stateWords(run({ status: "PAUSED", blockedOn: [listens] }))).toBe("Then waits at wait for the signal “paid”")
})

test("a run on its way says what it does; one that went well says nothing, unless it had to try again", () => {
  expect(stateWords(run({ status: "RUNNING", reason: "executing" }))).toBe("Executes")
  expect(stateWords(run({ status: "RUNNING", reason: "new_reason" }))).toBe("New reason")
  expect(stateWords(run({ status: "PENDING", reason: "concurrency" }))).toBe("Waits for its turn")
  expect(stateWords(run({}))).toBe("")
  expect(stateWords(run({ counts: { steps: 3, succeeded: 3, failed: 0, retries: 2 } }))).toBe("2 retries")
})

test("a cancelled run says what was given as the reason", () => {
  expect(stateWords(run({ status: "CANCELLED", reason: "duplicate of another order" }))).toBe(
    "Duplicate of another order",
  )
})
