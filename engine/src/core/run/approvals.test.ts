import { describe, expect, test } from "vitest"
import { agent, alice, approval, bob, carol, Story } from "../../testing/simulator/story.ts"
import type { JsonObject } from "../json.ts"

const gate = (input: JsonObject, more: JsonObject = {}) => new Story([approval("gate", input, more)])
const told = (story: Story, type: string) =>
  story.run.books.events.filter((event) => event.type === type).map((event) => (event.at - 1_700_000_000_000) / 1_000)

describe("reminders and escalations", () => {
  test("every reminder in the list is sent, each as often as it says", () => {
    const story = gate({
      reminders: [
        { everySeconds: 100, max: 2 },
        { everySeconds: 30, max: 3 },
      ],
    })
    story.pass(1_000_000)
    expect(told(story, "approval.reminded")).toEqual([30, 60, 90, 100, 200])
  })

  test("after a weekend without power one reminder is sent, not all that were missed", () => {
    const story = gate({ reminders: [{ everySeconds: 60, max: 10 }] })
    story.now += 250_000
    story.pass(0)
    expect(told(story, "approval.reminded")).toEqual([250])
    story.pass(1_000_000)
    expect(told(story, "approval.reminded")).toEqual([250, 300, 360, 420, 480, 540, 600])
  })

  test("two escalations at the same time reach both", () => {
    const story = gate({
      approvers: ["user:zoe"],
      escalation: [
        { afterSeconds: 10, to: ["user:carol"] },
        { afterSeconds: 10, to: ["user:alice"] },
      ],
    })
    story.pass(10_000)
    expect(told(story, "approval.escalated")).toEqual([10])
    expect(story.decide("gate", "approve", alice)).toBeNull()
  })

  test("they are sent while the run is paused, and the approval can be decided then", () => {
    const story = gate({
      reminders: [{ everySeconds: 10, max: 2 }],
      sla: { warnSeconds: 15, dueSeconds: 25 },
      escalation: [{ afterSeconds: 30, to: ["user:alice"] }],
    })
    story.pause()
    story.pass(60_000)
    expect(told(story, "approval.reminded")).toEqual([10, 20])
    expect(told(story, "approval.warned")).toEqual([15, 25])
    expect(told(story, "approval.escalated")).toEqual([30])
    expect([story.status, story.decide("gate", "approve", alice)]).toEqual(["PAUSED", null])
  })

  test("they stop when somebody has decided, or the run is cancelled", () => {
    const input = { reminders: [{ everySeconds: 10, max: 9 }], escalation: [{ afterSeconds: 15, to: ["user:alice"] }] }
    const decided = new Story([approval("gate", input, { next: "work" }), agent("work")])
    decided.decide("gate", "approve")
    expect(decided.timers).toEqual([])
    const cancelled = gate(input)
    cancelled.cancel()
    expect([cancelled.status, cancelled.timers]).toEqual(["CANCELLED", []])
  })
})

describe("a quorum that cannot be reached any more", () => {
  test("rejects at once when too few people are left", () => {
    const story = gate({ approvers: ["user:alice", "user:bob"], quorum: { approve: 2, reject: 2 } })
    story.decide("gate", "reject", bob)
    expect(story.status).toBe("CANCELLED")
  })

  test("counts nobody twice, and not who may not decide", () => {
    const twice = gate({ approvers: ["user:bob", "user:carol", "user:carol"], quorum: { approve: 2, reject: 2 } })
    twice.decide("gate", "reject", bob)
    expect(twice.status).toBe("CANCELLED")
    const own = gate({
      approvers: ["user:alice", "user:bob", "user:carol"],
      quorum: { approve: 2, reject: 3 },
      separationOfDuties: { excludeInitiator: true },
    })
    own.decide("gate", "reject", bob)
    expect(own.status).toBe("CANCELLED")
  })

  test("waits while an escalation may still bring somebody", () => {
    const story = gate({
      approvers: ["user:bob"],
      quorum: { approve: 1, reject: 2 },
      escalation: [{ afterSeconds: 10, to: ["user:carol"] }],
    })
    story.decide("gate", "reject", bob)
    expect(story.status).toBe("WAITING_APPROVAL")
    story.pass(10_000)
    story.decide("gate", "approve", carol)
    expect(story.status).toBe("COMPLETED")
  })
})

describe("approvals in every nesting", () => {
  const holders: [string, (inner: JsonObject) => JsonObject, string][] = [
    ["a branch", (inner) => ({ type: "parallel", branches: [{ name: "b", states: [inner] }] }), "hold/b/gate"],
    ["an item", (inner) => ({ type: "foreach", itemsPath: [1], iterator: { states: [inner] } }), "hold[0]/gate"],
    ["a try", (inner) => ({ type: "try", try: { states: [inner] }, catch: [{ next: "after" }] }), "hold.try/gate"],
    [
      "a finally",
      (inner) => ({ type: "try", try: { states: [agent("a", { if: "False" })] }, finally: { states: [inner] } }),
      "hold.finally/gate",
    ],
    ["a loop", (inner) => ({ type: "loop", do: { states: [inner] }, maxIterations: 1 }), "hold.do[0]/gate"],
  ]
  const inside = (wrap: (inner: JsonObject) => JsonObject, input: JsonObject = {}) =>
    new Story([{ name: "hold", ...wrap(approval("gate", input)), next: "after" }, agent("after")])

  test.each(holders)("in %s: a yes goes on, a no cancels the run, and a cancel closes it", (_, wrap, place) => {
    const yes = inside(wrap)
    expect(yes.status).toBe("WAITING_APPROVAL")
    yes.decide(place, "approve")
    expect(yes.executing).toEqual(["after"])
    const no = inside(wrap)
    no.decide(place, "reject")
    expect(no.status).toBe("CANCELLED")
    const cancelled = inside(wrap)
    cancelled.cancel()
    if (cancelled.status === "WAITING_APPROVAL") cancelled.cancel(true)
    expect(cancelled.status).toBe("CANCELLED")
    expect([...cancelled.run.books.approvals.values()].map((row) => row.state)).toEqual(["cancelled"])
  })

  test.each(holders)("in %s: nobody came", (what, wrap, place) => {
    const story = inside(wrap, { timeoutSeconds: 60 })
    expect(story.step(place)).toBeDefined()
    story.pass(60_000)
    if (what === "a try") expect(story.executing).toEqual(["after"])
    else expect(story.status).toBe("TIMED_OUT")
  })
})
