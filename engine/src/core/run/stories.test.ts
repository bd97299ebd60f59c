import { describe, expect, test } from "vitest"
import { agent, alice, approval, bob, carol, Story } from "../../testing/simulator/story.ts"

describe("agents", () => {
  test("a step's result is written where the author says, and the run ends with it", () => {
    const story = new Story([agent("check", { variables: { of: "{{ ctx.order }}" } })], { input: { order: 7 } })
    expect(story.inputOf("check")).toEqual({ of: 7 })
    story.succeed("check", { fine: true })
    expect(story.status).toBe("COMPLETED")
    expect(story.context).toEqual({ order: 7, steps: { check: { fine: true } } })
    expect(story.output).toEqual({ fine: true })
  })

  test("text that an agent without a schema returns is its result", () => {
    const story = new Story([agent("say")])
    story.succeed("say", "hello")
    expect(story.output).toEqual({ result: "hello" })
  })

  test("a failed attempt is tried again after its backoff, and counts once", () => {
    const story = new Story([agent("pay", { retry: { maxAttempts: 3, backoffSeconds: 5 } })])
    story.fail("pay")
    expect(story.timers).toEqual([{ kind: "retry", inMs: 5_000 }])
    story.pass(4_999)
    expect(story.executing).toEqual([])
    story.pass(1)
    expect(story.executing).toEqual(["pay"])
    story.succeed("pay")
    expect(story.status).toBe("COMPLETED")
  })

  test("without a retry policy there is one attempt", () => {
    const story = new Story([agent("pay")])
    story.fail("pay", "declined", "external_api")
    expect(story.status).toBe("FAILED")
    expect(story.error).toMatchObject({ code: "declined", class: "external_api", step: "pay", attempt: 1 })
  })

  test("what cannot become right is not tried again", () => {
    const story = new Story([agent("pay", { retry: { maxAttempts: 3 } })])
    story.fail("pay", "bad_input", "validation_failed")
    expect(story.status).toBe("FAILED")
  })

  test("a policy that pauses when exhausted waits for an operator", () => {
    const story = new Story([agent("pay", { retry: { maxAttempts: 1, onExhausted: "pause" } })])
    story.fail("pay")
    expect(story.status).toBe("RUNNING")
    expect(story.executing).toEqual([])
    expect(story.ask({ kind: "retry-now", stepId: null }, alice)).toBeNull()
    expect(story.executing).toEqual(["pay"])
    story.succeed("pay")
    expect(story.status).toBe("COMPLETED")
  })

  test("retry-now ends a backoff", () => {
    const story = new Story([agent("pay", { retry: { maxAttempts: 2, backoffSeconds: 3600 } })])
    story.fail("pay")
    expect(story.ask({ kind: "retry-now", stepId: null }, alice)).toBeNull()
    expect(story.executing).toEqual(["pay"])
  })

  test("a lost delivery is repeated as the same attempt with a higher fence", () => {
    const story = new Story([agent("pay")])
    story.lose("pay")
    expect([...story.running.values()]).toMatchObject([{ attempt: 1, fence: 2 }])
    story.succeed("pay")
    expect(story.status).toBe("COMPLETED")
  })

  test("a step that takes its host along three times fails as lost", () => {
    const story = new Story([agent("poison")])
    story.lose("poison")
    story.lose("poison")
    expect(story.executing).toEqual([])
    story.pass(500)
    story.lose("poison")
    expect(story.status).toBe("FAILED")
    expect(story.error).toMatchObject({ code: "lost", kind: "lost" })
  })

  test("a drain hands back without counting", () => {
    const story = new Story([agent("pay")])
    for (let i = 0; i < 5; i++) story.lose("pay", false)
    expect([...story.running.values()]).toMatchObject([{ attempt: 1, fence: 6 }])
  })

  test("a result under an old fence is refused", () => {
    const story = new Story([agent("pay")])
    const stepId = story.step("pay")
    story.lose("pay")
    const late = story.ask({
      kind: "finish-attempt",
      stepId,
      attempt: 1,
      fence: 1,
      outcome: { kind: "succeeded", output: {} },
    })
    expect(late).toMatchObject({ code: "stale_result" })
  })

  test("without a free slot the attempt waits in the queue", () => {
    const story = new Story([agent("pay")], { slots: 0 })
    expect(story.queue).toHaveLength(1)
    story.serve()
    story.succeed("pay")
    expect(story.status).toBe("COMPLETED")
  })

  test("an output that does not pass its validation fails the attempt", () => {
    const story = new Story([agent("draft", { validation: { if: "result.score > 3", score: "result.score" } })])
    story.succeed("draft", { score: 2 })
    expect(story.error).toMatchObject({ code: "validation_not_passed", class: "validation_failed" })
  })
})

describe("routes", () => {
  test("a switch takes the first condition that holds", () => {
    const story = new Story(
      [
        {
          name: "look",
          type: "switch",
          conditions: [
            { if: "n > 5", next: "big" },
            { if: "n > 1", next: "middle" },
          ],
          defaultNext: "small",
        },
        { name: "big", type: "inject", data: { size: "big" }, end: true },
        { name: "middle", type: "inject", data: { size: "middle" }, end: true },
        { name: "small", type: "inject", data: { size: "small" }, end: true },
      ],
      { input: { n: 3 } },
    )
    expect(story.status).toBe("COMPLETED")
    expect(story.context).toEqual({ n: 3, size: "middle" })
  })

  test("a switch that nothing matches fails the run", () => {
    const story = new Story([
      { name: "look", type: "switch", conditions: [{ if: "False", next: "on" }] },
      { name: "on", type: "inject", data: {}, end: true },
    ])
    expect(story.error).toMatchObject({ code: "no_match", kind: "no_match" })
  })

  test("a state whose guard is false is skipped", () => {
    const story = new Story([agent("maybe", { if: "wanted", next: "then" }), agent("then")], {
      input: { wanted: false },
    })
    expect(story.executing).toEqual(["then"])
    story.succeed("then")
    expect(story.ends).toEqual(["maybe SKIPPED", "then SUCCEEDED"])
  })

  test("a failing step's catch clause takes the error", () => {
    const story = new Story([
      agent("pay", { next: "thank", catch: [{ errors: ["declined"], resultPath: "why", next: "sorry" }] }),
      agent("thank", { end: true }),
      agent("sorry"),
    ])
    story.fail("pay", "declined")
    story.succeed("sorry")
    expect(story.status).toBe("COMPLETED")
    expect(story.context).toMatchObject({ why: { code: "declined", step: "pay" } })
  })

  test("raise fails on purpose", () => {
    const story = new Story([{ name: "no", type: "raise", error: { type: "out_of_stock", detail: "none left" } }])
    expect(story.error).toMatchObject({ code: "out_of_stock", detail: "none left" })
  })
})

describe("parallel", () => {
  const two = (join: Record<string, unknown> = {}) =>
    new Story([
      {
        name: "checks",
        type: "parallel",
        branches: [
          { name: "pods", states: [agent("pods")] },
          { name: "logs", states: [agent("logs")] },
        ],
        join: join as never,
        resultPath: "checks",
        next: "after",
      },
      agent("after"),
    ])

  test("branches run at once and their writes come back by name", () => {
    const story = two()
    expect(story.executing).toEqual(["checks/pods/pods", "checks/logs/logs"])
    story.succeed("checks/logs/logs", { lines: 3 })
    story.succeed("checks/pods/pods", { up: true })
    expect(story.executing).toEqual(["after"])
    expect(story.context).toEqual({
      checks: { pods: { steps: { pods: { up: true } } }, logs: { steps: { logs: { lines: 3 } } } },
    })
  })

  test("one failed branch ends the others, and a success within the grace is kept in the record", () => {
    const story = two()
    story.fail("checks/pods/pods", "gone")
    expect(story.aborted).toEqual(["checks/logs/logs"])
    expect(story.status).toBe("RUNNING")
    story.stop("checks/logs/logs")
    expect(story.status).toBe("FAILED")
    expect(story.error).toMatchObject({ code: "gone" })
    expect(story.ends).toEqual(["checks/pods/pods FAILED", "checks/logs/logs CANCELLED", "checks FAILED"])
  })

  test("join any goes on with the first and ends the rest", () => {
    const story = two({ mode: "any" })
    story.succeed("checks/pods/pods", { up: true })
    story.stop("checks/logs/logs")
    expect(story.executing).toEqual(["after"])
    expect(story.context).toEqual({ checks: { pods: { steps: { pods: { up: true } } } } })
  })

  test("losers that may run on are waited for at the end, and their results are not merged", () => {
    const story = two({ mode: "any", cancelRemaining: false })
    story.succeed("checks/pods/pods", { up: true })
    expect(story.executing).toEqual(["checks/logs/logs", "after"])
    story.succeed("after")
    expect(story.status).toBe("RUNNING")
    story.succeed("checks/logs/logs", { lines: 3 })
    expect(story.status).toBe("COMPLETED")
    expect(story.context).toMatchObject({ checks: { pods: {} } })
    expect((story.context as { checks: object }).checks).not.toHaveProperty("logs")
  })

  test("settled waits for all and keeps the failures", () => {
    const story = two({ mode: "settled" })
    story.fail("checks/pods/pods", "gone")
    story.succeed("checks/logs/logs", { lines: 3 })
    expect(story.context).toMatchObject({
      checks: { pods: { error: { code: "gone" } }, logs: { steps: { logs: { lines: 3 } } } },
    })
  })

  test("a quorum that cannot be reached any more fails at once", () => {
    const story = two({ mode: "quorum", count: 2 })
    story.fail("checks/pods/pods", "gone")
    story.stop("checks/logs/logs")
    expect(story.error).toMatchObject({ code: "gone" })
  })
})

describe("foreach", () => {
  const each = (more: Record<string, unknown> = {}, input = { orders: [1, 2, 3] }) =>
    new Story(
      [
        {
          name: "each",
          type: "foreach",
          itemsPath: "ctx.orders",
          itemName: "order",
          iterator: { states: [agent("ship", { variables: { order: "{{ order }}", at: "{{ index }}" } })] },
          resultPath: "shipped",
          ...(more as object),
        },
      ],
      { input },
    )

  test("items go one after the other unless the author allows more", () => {
    const story = each()
    expect(story.executing).toEqual(["each[0]/ship"])
    expect(story.inputOf("each[0]/ship")).toEqual({ order: 1, at: 0 })
    story.succeed("each[0]/ship", "a")
    story.succeed("each[1]/ship", "b")
    story.succeed("each[2]/ship", "c")
    expect(story.status).toBe("COMPLETED")
    expect(story.context).toMatchObject({
      shipped: [
        { steps: { ship: { result: "a" } } },
        { steps: { ship: { result: "b" } } },
        { steps: { ship: { result: "c" } } },
      ],
    })
  })

  test("results stand in the order of the items, however they end", () => {
    const story = each({ maxConcurrency: 3 })
    story.succeed("each[2]/ship", "c")
    story.succeed("each[0]/ship", "a")
    story.succeed("each[1]/ship", "b")
    expect(story.context).toMatchObject({
      shipped: [
        { steps: { ship: { result: "a" } } },
        { steps: { ship: { result: "b" } } },
        { steps: { ship: { result: "c" } } },
      ],
    })
  })

  test("a failed item ends the loop unless it may go on", () => {
    const strict = each()
    strict.fail("each[0]/ship", "lost_parcel")
    expect(strict.error).toMatchObject({ code: "lost_parcel" })
    const lenient = each({ onItemFailure: "continue" })
    lenient.fail("each[0]/ship", "lost_parcel")
    lenient.succeed("each[1]/ship", "b")
    lenient.succeed("each[2]/ship", "c")
    expect(lenient.status).toBe("COMPLETED")
    expect(lenient.context).toMatchObject({ shipped: [{ error: { code: "lost_parcel" } }, {}, {}] })
  })

  test("nothing to iterate over is an empty result", () => {
    const story = each({}, { orders: [] })
    expect(story.status).toBe("COMPLETED")
    expect(story.context).toEqual({ orders: [], shipped: [] })
  })

  test("while is asked before each item", () => {
    const story = each({ while: "order < 3" })
    story.succeed("each[0]/ship", "a")
    story.succeed("each[1]/ship", "b")
    expect(story.status).toBe("COMPLETED")
    expect((story.context as { shipped: unknown[] }).shipped).toHaveLength(2)
  })
})

describe("loop and try", () => {
  test("a loop repeats until its condition holds and sees its own writes", () => {
    const story = new Story([
      {
        name: "refine",
        type: "loop",
        do: { states: [agent("draft", { resultPath: "draft" })] },
        until: "draft.score > 3",
        maxIterations: 5,
      },
    ])
    story.succeed("refine.do[0]/draft", { score: 1 })
    story.succeed("refine.do[1]/draft", { score: 4 })
    expect(story.status).toBe("COMPLETED")
    expect(story.context).toEqual({ draft: { score: 4 } })
  })

  test("a loop that never ends fails at its bound", () => {
    const story = new Story([
      { name: "refine", type: "loop", do: { states: [agent("draft")] }, until: "False", maxIterations: 2 },
    ])
    story.succeed("refine.do[0]/draft")
    story.succeed("refine.do[1]/draft")
    expect(story.error).toMatchObject({ code: "loop_exhausted" })
  })

  test("a delay stands between iterations", () => {
    const story = new Story([
      {
        name: "poll",
        type: "loop",
        do: { states: [agent("ask")] },
        while: "index < 2",
        maxIterations: 5,
        delaySeconds: 10,
      },
    ])
    story.succeed("poll.do[0]/ask")
    expect(story.timers).toEqual([{ kind: "loop_delay", inMs: 10_000 }])
    story.pass(10_000)
    story.succeed("poll.do[1]/ask")
    expect(story.status).toBe("COMPLETED")
  })

  test("finally runs after success and after failure, and the error stays", () => {
    const make = () =>
      new Story([
        {
          name: "work",
          type: "try",
          try: { states: [agent("do")] },
          finally: { states: [agent("clean")] },
          next: "after",
        },
        agent("after"),
      ])
    const good = make()
    good.succeed("work.try/do")
    good.succeed("work.finally/clean")
    expect(good.executing).toEqual(["after"])
    const bad = make()
    bad.fail("work.try/do", "broken")
    expect(bad.executing).toEqual(["work.finally/clean"])
    bad.succeed("work.finally/clean")
    expect(bad.error).toMatchObject({ code: "broken" })
  })

  test("catch of a try takes what its block left", () => {
    const story = new Story([
      { name: "work", type: "try", try: { states: [agent("do")] }, catch: [{ next: "fallback" }], next: "done" },
      agent("done", { end: true }),
      agent("fallback"),
    ])
    story.fail("work.try/do", "broken")
    expect(story.executing).toEqual(["fallback"])
  })

  test("a cancel reaches finally, which runs shielded, and catch never sees it", () => {
    const story = new Story([
      {
        name: "work",
        type: "try",
        try: { states: [agent("do")] },
        catch: [{ next: "fallback" }],
        finally: { states: [agent("clean")] },
        next: "fallback",
      },
      agent("fallback"),
    ])
    story.cancel()
    expect(story.aborted).toEqual(["work.try/do"])
    story.stop("work.try/do")
    expect(story.executing).toEqual(["work.finally/clean"])
    expect(story.cancel()).toMatchObject({ code: "run_cancelling" })
    story.succeed("work.finally/clean")
    expect(story.status).toBe("CANCELLED")
    expect(story.ends).toEqual(["work.try/do CANCELLED", "work.finally/clean SUCCEEDED", "work CANCELLED"])
  })

  test("cleanup that takes too long is ended", () => {
    const story = new Story([
      { name: "work", type: "try", try: { states: [agent("do")] }, finally: { states: [agent("clean")] } },
    ])
    story.cancel()
    story.stop("work.try/do")
    story.pass(300_000)
    expect(story.status).toBe("CANCELLED")
  })

  test("a forced cancel skips grace and cleanup", () => {
    const story = new Story([
      { name: "work", type: "try", try: { states: [agent("do")] }, finally: { states: [agent("clean")] } },
    ])
    story.cancel(true)
    expect(story.status).toBe("CANCELLED")
  })

  test("a second, forced cancel ends cleanup that is under way", () => {
    const story = new Story([
      { name: "work", type: "try", try: { states: [agent("do")] }, finally: { states: [agent("clean")] } },
    ])
    story.cancel()
    story.stop("work.try/do")
    story.cancel(true)
    expect(story.status).toBe("CANCELLED")
  })

  test("onCancel runs when its state is cancelled", () => {
    const story = new Story([agent("book", { onCancel: { states: [agent("refund")] } })])
    story.cancel()
    story.stop("book")
    story.succeed("book.cancel/refund")
    expect(story.status).toBe("CANCELLED")
  })
})

describe("approvals", () => {
  test("an approver's yes goes on with what was decided", () => {
    const story = new Story([approval("gate", {}, { next: "ship" }), agent("ship")])
    expect(story.status).toBe("WAITING_APPROVAL")
    expect(story.decide("gate", "approve", carol)).toMatchObject({ code: "not_an_approver" })
    expect(story.decide("gate", "approve", alice)).toBeNull()
    story.succeed("ship")
    expect(story.status).toBe("COMPLETED")
    expect(story.context).toMatchObject({ steps: { gate: { outcome: "approve", decidedBy: ["user:alice"] } } })
  })

  test("a no cancels the run unless the author says otherwise", () => {
    const plain = new Story([approval("gate")])
    plain.decide("gate", "reject", alice, "too risky")
    expect(plain.status).toBe("CANCELLED")
    const failing = new Story([approval("gate", { onReject: { status: "FAILED" } })])
    failing.decide("gate", "reject")
    expect(failing.error).toMatchObject({ code: "rejected" })
    const routed = new Story([
      approval("gate", { onReject: { next: "undo" } }, { next: "ship" }),
      agent("ship", { end: true }),
      agent("undo"),
    ])
    routed.decide("gate", "reject")
    expect(routed.executing).toEqual(["undo"])
  })

  test("a no inside a branch cancels the whole run", () => {
    const story = new Story([
      {
        name: "both",
        type: "parallel",
        branches: [
          { name: "a", states: [approval("gate")] },
          { name: "b", states: [agent("work")] },
        ],
      },
    ])
    story.decide("both/a/gate", "reject")
    story.stop("both/b/work")
    expect(story.status).toBe("CANCELLED")
  })

  test("nobody came: the run is timed out, or goes where the author says", () => {
    const plain = new Story([approval("gate", { timeoutSeconds: 60 })])
    plain.pass(60_000)
    expect(plain.status).toBe("TIMED_OUT")
    const routed = new Story([
      approval("gate", { timeoutSeconds: 60, onTimeout: { next: "ask_boss" } }, { next: "ship" }),
      agent("ship", { end: true }),
      agent("ask_boss"),
    ])
    routed.pass(60_000)
    expect(routed.executing).toEqual(["ask_boss"])
  })

  test("a click after the deadline is too late, even when the timer has not fired yet", () => {
    const story = new Story([approval("gate", { timeoutSeconds: 60 })])
    story.now += 60_000
    expect(story.decide("gate", "approve")).not.toBeNull()
    expect(story.status).toBe("TIMED_OUT")
  })

  test("a quorum needs two people", () => {
    const story = new Story([approval("gate", { quorum: { approve: 2 } })])
    story.decide("gate", "approve", alice)
    const { length } = story.run.books.events
    // The same words again are the same decision, others would be a second one.
    expect(story.decide("gate", "approve", alice)).toBeNull()
    expect(story.run.books.events).toHaveLength(length)
    expect(story.decide("gate", "reject", alice)).toMatchObject({ code: "already_voted" })
    expect(story.status).toBe("WAITING_APPROVAL")
    story.decide("gate", "approve", bob)
    expect(story.status).toBe("COMPLETED")
  })

  test("one person may count twice where the author says so", () => {
    const story = new Story([approval("gate", { quorum: { approve: 2 }, separationOfDuties: { distinct: false } })])
    expect(story.decide("gate", "approve", alice)).toBeNull()
    expect(story.status).toBe("WAITING_APPROVAL")
    expect(story.decide("gate", "approve", alice)).toBeNull()
    expect(story.status).toBe("COMPLETED")
  })

  test("whoever started it may be kept from deciding it", () => {
    const story = new Story([approval("gate", { separationOfDuties: { excludeInitiator: true } })])
    expect(story.decide("gate", "approve", alice)).toMatchObject({ code: "self_approval" })
    expect(story.decide("gate", "approve", bob)).toBeNull()
  })

  test("an outcome can send the work back, a bounded number of times", () => {
    const story = new Story([
      agent("plan", { next: "gate" }),
      approval("gate", { outcomes: ["approve", { name: "revise", rewindTo: "plan", maxTimes: 1 }, "reject"] }),
    ])
    story.succeed("plan")
    story.decide("gate", "revise")
    story.succeed("plan#2")
    expect(story.decide("gate#2", "revise")).toMatchObject({ code: "outcome_unknown" })
    story.decide("gate#2", "approve")
    expect(story.status).toBe("COMPLETED")
  })

  test("reminders, warnings and escalations are sent while it waits", () => {
    const story = new Story([
      approval("gate", {
        approvers: ["user:bob"],
        reminders: [{ everySeconds: 10, max: 2 }],
        sla: { dueSeconds: 30, warnSeconds: 25 },
        escalation: [{ afterSeconds: 40, to: ["user:alice"] }],
      }),
    ])
    story.pass(60_000)
    expect(story.types.filter((type) => type.startsWith("approval."))).toEqual([
      "approval.requested",
      "approval.reminded",
      "approval.reminded",
      "approval.warned",
      "approval.warned",
      "approval.escalated",
    ])
    expect(story.decide("gate", "approve", alice)).toBeNull()
  })
})

describe("waits and signals", () => {
  test("a wait wakes when its time has come", () => {
    const story = new Story([{ name: "rest", type: "wait", seconds: 60, next: "work" }, agent("work")])
    story.pass(59_999)
    expect(story.executing).toEqual([])
    story.pass(1)
    expect(story.executing).toEqual(["work"])
  })

  test("a signal wakes whoever listens, and an early one is kept", () => {
    const listen = { name: "hear", type: "listen", signal: "go", resultPath: "heard" }
    const waiting = new Story([listen])
    expect(waiting.status).toBe("WAITING_SIGNAL")
    waiting.signal("go", { n: 1 })
    expect(waiting.context).toEqual({ heard: { n: 1 } })
    const early = new Story([agent("work", { next: "hear" }), listen])
    early.signal("go", { n: 2 })
    early.succeed("work")
    expect(early.context).toMatchObject({ heard: { n: 2 } })
  })

  test("the same signal twice is one signal", () => {
    const story = new Story([agent("work")])
    expect(story.signal("go")).toBeNull()
    expect(story.signal("go")).toMatchObject({ code: "signal_replayed" })
  })

  test("a signal that does not correlate is left for another wait", () => {
    const story = new Story(
      [{ name: "hear", type: "listen", signal: "paid", correlate: { order: "{{ ctx.order }}" } }],
      { input: { order: 7 } },
    )
    story.signal("paid", { order: 8 }, "a")
    expect(story.status).toBe("WAITING_SIGNAL")
    story.signal("paid", { order: 7 }, "b")
    expect(story.status).toBe("COMPLETED")
  })

  test("one signal goes to one of two listeners, unless both want it", () => {
    const both = (fanout: boolean) =>
      new Story([
        {
          name: "both",
          type: "parallel",
          branches: ["a", "b"].map((name) => ({
            name,
            states: [{ name: "hear", type: "listen", signal: "go", fanout }],
          })),
        },
      ])
    const one = both(false)
    one.signal("go", {}, "1")
    expect(one.status).toBe("WAITING_SIGNAL")
    one.signal("go", {}, "2")
    expect(one.status).toBe("COMPLETED")
    const all = both(true)
    all.signal("go")
    expect(all.status).toBe("COMPLETED")
  })

  test("nobody called: the run is timed out", () => {
    const story = new Story([{ name: "hear", type: "listen", signal: "go", timeoutSeconds: 60 }])
    story.pass(60_000)
    expect(story.status).toBe("TIMED_OUT")
  })
})

describe("the run as a whole", () => {
  test("a paused run starts nothing, but takes results, decisions and signals", () => {
    const story = new Story([agent("one", { next: "gate" }), approval("gate", {}, { next: "two" }), agent("two")])
    story.pause()
    expect(story.status).toBe("PAUSED")
    story.succeed("one")
    expect(story.decide("gate", "approve")).toBeNull()
    expect(story.executing).toEqual([])
    story.resume()
    expect(story.executing).toEqual(["two"])
  })

  test("a paused run's clock stands still", () => {
    const story = new Story([agent("one")], { timeoutMs: 60_000 })
    story.pass(50_000)
    story.pause()
    story.pass(3_600_000)
    story.resume()
    story.pass(9_999)
    expect(story.status).toBe("RUNNING")
    story.pass(1)
    story.stop("one")
    expect(story.status).toBe("TIMED_OUT")
  })

  test("backoffs that end while paused wait for the resume", () => {
    const story = new Story([agent("one", { retry: { maxAttempts: 2, backoffSeconds: 5 } })])
    story.fail("one")
    story.pause()
    story.pass(10_000)
    expect(story.executing).toEqual([])
    story.resume()
    expect(story.executing).toEqual(["one"])
  })

  test("a success within the grace of a cancel is written, but leads nowhere", () => {
    const story = new Story([agent("one", { next: "two" }), agent("two")])
    story.cancel()
    expect(story.status).toBe("RUNNING")
    story.succeed("one", { done: true })
    expect(story.status).toBe("CANCELLED")
    expect(story.context).toEqual({ steps: { one: { done: true } } })
  })

  test("a run that only waits is cancelled at once", () => {
    const story = new Story([{ name: "hear", type: "listen", signal: "go" }])
    story.cancel()
    expect(story.status).toBe("CANCELLED")
    expect(story.signal("go")).toMatchObject({ code: "run_finished" })
  })

  test("a state that takes too long in all is timed out, and can be caught", () => {
    const story = new Story([
      {
        name: "both",
        type: "parallel",
        branches: [{ name: "a", states: [agent("slow")] }],
        timeoutSeconds: 30,
        catch: [{ errors: ["timeout"], next: "plan_b" }],
        next: "done",
      },
      agent("done", { end: true }),
      agent("plan_b"),
    ])
    story.pass(30_000)
    expect(story.aborted).toEqual(["both/a/slow"])
    story.stop("both/a/slow")
    expect(story.executing).toEqual(["plan_b"])
  })

  test("a child run is asked for, awaited, and its output is the result", () => {
    const story = new Story([
      { name: "sub", type: "run", workflow: { id: "other", input: { n: 1 } }, resultPath: "sub" },
    ])
    expect(story.children).toMatchObject([{ workflowId: "other", input: { n: 1 } }])
    story.ask({
      kind: "finish-child",
      childRunId: story.children[0]!.childRunId,
      status: "COMPLETED",
      output: { m: 2 },
      error: null,
    })
    expect(story.status).toBe("COMPLETED")
    expect(story.context).toEqual({ sub: { m: 2 } })
  })

  test("a cancel reaches the child, and the run waits for its end", () => {
    const story = new Story([{ name: "sub", type: "run", workflow: { id: "other" } }])
    story.cancel()
    expect(story.cancelledChildren).toHaveLength(1)
    expect(story.status).toBe("RUNNING")
    story.ask({
      kind: "finish-child",
      childRunId: story.children[0]!.childRunId,
      status: "CANCELLED",
      output: null,
      error: null,
    })
    expect(story.status).toBe("CANCELLED")
  })

  test("a circle without anything that takes time is stopped", () => {
    const story = new Story(
      [
        { name: "a", type: "inject", data: {}, next: "b" },
        { name: "b", type: "switch", conditions: [{ if: "False", next: "out" }], defaultNext: "a" },
        { name: "out", type: "inject", data: {}, end: true },
      ],
      { limits: { idleTransitions: 500 } },
    )
    expect(story.status).toBe("FAILED")
    expect(story.error).toMatchObject({ code: "runaway" })
  })

  test("an inject-only foreach of more items than one decision takes has all its results", () => {
    const story = new Story([
      {
        name: "each",
        type: "foreach",
        itemsPath: Array.from({ length: 300 }, (_, n) => n),
        iterator: { states: [{ name: "put", type: "inject", data: { at: "{{ index }}" }, templated: true }] },
        resultPath: "all",
      },
    ])
    expect(story.status).toBe("COMPLETED")
    expect((story.context as { all: unknown[] }).all[299]).toEqual({ at: 299 })
  })
})
