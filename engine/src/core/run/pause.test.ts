import { describe, expect, test } from "vitest"
import { agent, approval, Story } from "../../testing/simulator/story.ts"

const weekend = 2 * 86_400_000

describe("a paused run", () => {
  test("does not time out a state that was entered while it was paused", () => {
    const story = new Story([
      agent("plan", { next: "checks" }),
      {
        name: "checks",
        type: "parallel",
        timeoutSeconds: 30,
        branches: [{ name: "pods", states: [agent("pods")] }],
      },
    ])
    story.pause()
    story.succeed("plan")
    story.pass(weekend)
    story.resume()
    story.pass(29_999)
    expect(story.executing).toEqual(["checks/pods/pods"])
    story.pass(1)
    story.stop("checks/pods/pods")
    expect(story.error).toMatchObject({ code: "state_timeout" })
  })

  test("keeps the time that cleanup has, and cleans up when it goes on", () => {
    const story = new Story([
      { name: "work", type: "try", try: { states: [approval("gate")] }, finally: { states: [agent("clean")] } },
    ])
    story.pause()
    story.decide("work.try/gate", "reject")
    story.pass(weekend)
    expect([story.status, story.executing]).toEqual(["PAUSED", []])
    story.resume()
    expect(story.executing).toEqual(["work.finally/clean"])
    story.succeed("work.finally/clean")
    expect(story.status).toBe("CANCELLED")
  })

  test("that is cancelled goes on with cleanup that waited at the gate, within what was left of its time", () => {
    const story = new Story([
      {
        name: "both",
        type: "parallel",
        branches: [
          { name: "bad", states: [agent("bad")] },
          { name: "held", states: [agent("book", { onCancel: { states: [agent("refund")] } })] },
        ],
      },
    ])
    story.fail("both/bad/bad")
    story.stop("both/held/book")
    story.pass(200_000)
    story.pause()
    story.lose("both/held/book.cancel/refund")
    story.pass(weekend)
    expect(story.executing).toEqual([])
    story.cancel()
    expect(story.executing).toEqual(["both/held/book.cancel/refund"])
    story.pass(99_999)
    expect(story.status).toBe("RUNNING")
    story.pass(1)
    expect(story.status).toBe("CANCELLED")
  })

  test("that was started paused has its whole time when it goes on", () => {
    const story = new Story([agent("one")], { timeoutMs: 60_000, paused: true })
    story.pass(weekend)
    story.resume()
    expect(story.timers).toEqual([{ kind: "run_timeout", inMs: 60_000 }])
  })
})
