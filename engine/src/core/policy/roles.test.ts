import { describe, expect, test } from "vitest"
import { alice, approval, bob, carol, Story } from "../../testing/simulator/story.ts"
import type { JsonObject } from "../json.ts"
import type { Actor, Rejection } from "../run/commands.ts"
import { canDecide } from "./roles.ts"

const dan: Actor = { id: "user:dan", teams: [], role: "admin" }

const two = { approve: 2, reject: 2 }
const settings: readonly { what: string; input: JsonObject; votes?: readonly Actor[] }[] = [
  { what: "asks a team", input: { approvers: ["team:platform"] } },
  { what: "asks one person, who may delegate", input: { approvers: ["user:carol"], delegation: { allowed: true } } },
  { what: "keeps out who started it", input: { separationOfDuties: { excludeInitiator: true } } },
  { what: "needs two", input: { quorum: two } },
  { what: "needs two and has one", input: { quorum: two }, votes: [bob] },
  {
    what: "needs two, has one, and counts a person twice",
    input: { quorum: two, separationOfDuties: { distinct: false } },
    votes: [bob],
  },
  { what: "sends back", input: { outcomes: ["approve", { name: "revise", rewindTo: "gate", maxTimes: 1 }, "reject"] } },
]

/** The same approval as often as it is tried: a decision that is accepted ends it. Whether it was taken and did anything. */
function asked(input: JsonObject, votes: readonly Actor[]) {
  const story = new Story([approval("gate", input)])
  for (const who of votes) expect(story.decide("gate", "approve", who)).toBeNull()
  const event = story.run.books.events.findLast((one) => one.type === "approval.requested")
  if (event?.type !== "approval.requested") throw new Error("nothing was asked")
  const row = story.run.books.approvals.get(event.payload.approval)!
  const ask = (who: Actor, action: string): Rejection | null =>
    action === "delegate"
      ? story.ask({ kind: "delegate-approval", approval: row.approvalId, to: "user:eve", comment: null }, who)
      : story.decide("gate", action, who)
  // A vote that is given a second time is no error, and no second vote either.
  const tried = (who: Actor, action: string): boolean => {
    const before = story.run.books.events.length
    return ask(who, action) === null && story.run.books.events.length > before
  }
  return { row, terms: event.payload, tried }
}

describe("the actions an approval offers to somebody", () => {
  test.each(settings)("are those the engine would take: it $what", ({ input, votes = [] }) => {
    for (const who of [alice, bob, carol, dan])
      for (const name of ["approve", "revise", "reject", "delegate"]) {
        const { row, terms, tried } = asked(input, votes)
        const { allowed } = canDecide(row, terms, name, who)
        expect([who.id, name, allowed]).toEqual([who.id, name, tried(who, name)])
      }
  })

  test("say why not", () => {
    const { row, terms } = asked({ separationOfDuties: { excludeInitiator: true } }, [])
    expect(canDecide(row, terms, "approve", alice)).toEqual({
      allowed: false,
      reason: "whoever started the run may not decide it",
    })
    expect(canDecide(row, terms, "delegate", bob)).toEqual({
      allowed: false,
      reason: "this approval may not be delegated",
    })
  })
})
