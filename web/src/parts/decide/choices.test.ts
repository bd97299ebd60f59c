import { expect, test } from "vitest"
import { choicesOf, missingFor } from "./choices.ts"

const outcome = (name: string, more: object = {}) => ({ name, requireComment: false, rewindTo: null, ...more })
const allowed = (name: string) => ({ name, allowed: true })

test("approving is offered first, refusing last, and the author's own outcomes between them", () => {
  const outcomes = [outcome("reject"), outcome("later"), outcome("revise"), outcome("approve")]
  const names = choicesOf({ outcomes, actions: outcomes.map(({ name }) => allowed(name)) }).map(
    ({ outcome }) => outcome,
  )
  expect(names).toEqual(["approve", "revise", "later", "reject"])
})

test("what this person may not say keeps the server's reason", () => {
  const actions = [{ name: "approve", allowed: false, reason: "only team:sre may decide" }]
  expect(choicesOf({ outcomes: [outcome("approve")], actions })[0]?.refused).toBe("only team:sre may decide")
})

test("rejecting needs a comment, approving only where the author asks for one", () => {
  const outcomes = [outcome("approve"), outcome("reject")]
  const [approve, reject] = choicesOf({ outcomes, actions: [] })
  expect(missingFor(approve!, "")).toBeNull()
  expect(missingFor(reject!, "  ")).toBe("Say why: a comment is needed to reject.")
  expect(missingFor(reject!, "too risky")).toBeNull()
  const [strict] = choicesOf({ outcomes: [outcome("approve", { requireComment: true })], actions: [] })
  expect(missingFor(strict!, "")).toBe("Say why: a comment is needed to approve.")
})
