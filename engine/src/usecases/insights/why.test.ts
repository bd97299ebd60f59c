import { describe, expect, test } from "vitest"
import type { JsonObject } from "../../core/json.ts"
import type { Actor } from "../../core/run/commands.ts"
import type { WhyView } from "../../door/insights.ts"
import {
  admin,
  agentStep,
  EngineWorld,
  type EngineWorldOptions,
  operator,
  viewer,
  workflow,
} from "../../testing/world/engine-world.ts"
import type { Ending, Script } from "../../testing/world/scripted-host.ts"

const boom =
  (error: Partial<Extract<Ending, { error: unknown }>["error"]>): Script =>
  () => ({ error })

const fine: Script = () => ({ output: { fine: true } })
const hold: Script = () => "hold"

async function told(options: EngineWorldOptions, id: string, input: JsonObject = {}) {
  const world = await EngineWorld.open(options)
  const runId = await world.started(id, input)
  await world.advance(60_000)
  const why = async (actor: Actor = operator): Promise<WhyView> => (await world.engine.insights.why(runId, actor))!
  return { world, runId, why }
}

describe("why a run failed", () => {
  test("a run that does not exist has no why", async () => {
    const world = await EngineWorld.open({ workflows: [] })
    expect(await world.engine.insights.why("run_nothing", operator)).toBeNull()
  })

  test.each([
    ["transient", "ECONNRESET", "rerun"],
    ["external_api", "http_503", "rerun"],
    ["validation_failed", "bad_address", "rerun"],
    ["policy_denied", "not_allowed", "rerun"],
    ["bug", "TypeError", "mend"],
  ] as const)(
    "class %s names the step, the attempts, the message and what to do",
    async (failureClass, code, action) => {
      const { why } = await told(
        {
          workflows: [workflow("w", [agentStep("first", "good", { next: "charge" }), agentStep("charge", "bad")])],
          agents: { good: fine, bad: boom({ class: failureClass, code, detail: "the till is closed\nsecond line" }) },
        },
        "w",
      )
      const view = await why()
      expect(view).toMatchObject({
        status: "FAILED",
        headline: "charge failed: the till is closed",
        cause: {
          step: { name: "charge", branchPath: "", type: "agent.run" },
          path: [{ name: "charge" }],
          error: { class: failureClass, code, detail: "the till is closed\nsecond line" },
          attempts: 1,
          attemptsMax: 1,
          agent: "bad",
        },
        waits: [],
        doing: [],
        next: { action, allowed: true, otherInput: failureClass === "validation_failed" },
      })
    },
  )

  test("a passing failure asks for a re-run from the state that failed, and who may not is told why", async () => {
    const { why } = await told(
      {
        workflows: [workflow("w", [agentStep("charge", "bad", { retry: { maxAttempts: 3, backoffSeconds: 1 } })])],
        agents: { bad: boom({ class: "transient", code: "ECONNRESET", detail: "gone" }) },
      },
      "w",
    )
    expect((await why()).headline).toBe("charge failed after 3 attempts: gone")
    expect((await why()).cause).toMatchObject({ attempts: 3, attemptsMax: 3 })
    expect((await why()).next).toMatchObject({
      action: "rerun",
      label: "Run it again from charge",
      because: "The failure may have passed; what succeeded is not done again",
      from: "failed",
      allowed: true,
    })
    expect((await why(viewer)).next).toMatchObject({
      action: "rerun",
      allowed: false,
      reason: "this needs the role operator, user:vera has viewer",
    })
  })

  test("an agent whose code has changed since it failed is worth another run", async () => {
    const { world, why } = await told(
      { workflows: [workflow("w", [agentStep("charge", "bad")])], agents: { bad: boom({ class: "bug" }) } },
      "w",
    )
    expect((await why()).next).toMatchObject({ action: "mend", label: expect.stringContaining("/agents/bad.agent.ts") })
    world.host.revisions.set("bad", 2)
    expect((await why()).next).toMatchObject({
      action: "rerun",
      from: "failed",
      because: "The code of bad has changed since it failed",
    })
  })

  test("what breaks the agent's contract is the agent's fault, what breaks its input's is the input's", async () => {
    const states: JsonObject[] = [
      agentStep("check", "odd", { validation: { if: "result.fine" }, next: "done" }),
      { name: "done", type: "inject", data: {} },
    ]
    const { why } = await told(
      { workflows: [workflow("w", states)], agents: { odd: () => ({ output: { fine: false } }) } },
      "w",
    )
    expect(await why()).toMatchObject({
      cause: { error: { code: "validation_not_passed", class: "validation_failed" } },
      next: { action: "mend", label: expect.stringContaining("Mend the agent odd") },
    })
  })

  test("a definition that cannot work is to be mended, or run again where it has been", async () => {
    const states: JsonObject[] = [
      { name: "pick", type: "switch", conditions: [{ if: "ctx.n > 1", next: "end" }] },
      { name: "end", type: "inject", data: {} },
    ]
    const { world, why } = await told({ workflows: [workflow("w", states)] }, "w", { n: 1 })
    expect(await why()).toMatchObject({
      headline: expect.stringMatching(/^pick failed: /),
      cause: { error: { code: "no_match" } },
      next: { action: "mend", label: "Mend the workflow's definition" },
    })
    await world.save(workflow("w", [{ name: "end", type: "inject", data: {} }], { version: "2" }))
    expect((await why()).next).toMatchObject({ action: "rerun", label: "Run it again on version 2 (#2)", version: 2 })
  })

  test("an agent that is not there is to be put in place", async () => {
    const { world, why } = await told(
      {
        workflows: [workflow("w", [{ ...agentStep("charge", "x"), input: { agent: "{{ ctx.who }}" } }])],
        agents: {},
      },
      "w",
      { who: "ghost" },
    )
    expect(await why()).toMatchObject({
      cause: { error: { code: "agent_unknown" } },
      next: { action: "mend", label: expect.stringContaining("agent's file") },
    })
    world.host.change("ghost", fine)
    expect((await why()).next).toMatchObject({ action: "rerun", from: "failed" })
  })

  test("a state that holds others begins anew as a whole, and what succeeded inside it is not said to be kept", async () => {
    const branch = (name: string, agent: string) => ({ name, states: [agentStep(`by_${agent}`, agent)] })
    const states: JsonObject[] = [
      { name: "checks", type: "parallel", branches: [branch("a", "fine"), branch("b", "bad")] },
    ]
    const bad = boom({ class: "transient", code: "ECONNRESET", detail: "gone" })
    const { why } = await told({ workflows: [workflow("w", states)], agents: { fine, bad } }, "w")
    expect((await why()).next).toMatchObject({
      label: "Run it again from checks",
      because:
        "The failure may have passed; what succeeded before checks is not done again, what succeeded inside it is",
    })
  })

  test("the way leads through branches, items, loops and tries to the deepest step", async () => {
    const inner = agentStep("deep", "picky", {})
    const states: JsonObject[] = [
      {
        name: "checks",
        type: "parallel",
        branches: [
          { name: "calm", states: [{ name: "rest", type: "wait", seconds: 3600 }] },
          {
            name: "pods",
            states: [
              {
                name: "each",
                type: "foreach",
                itemsPath: "ctx.items",
                itemName: "item",
                iterator: {
                  states: [
                    {
                      name: "round",
                      type: "loop",
                      maxIterations: 3,
                      do: { states: [{ name: "careful", type: "try", try: { states: [inner] } }] },
                    },
                  ],
                },
              },
            ],
          },
        ],
      },
    ]
    const { why } = await told(
      {
        workflows: [workflow("w", states)],
        agents: {
          picky: ({ runId: _run, ...task }) =>
            calls++ < 4 ? { output: {} } : { error: { detail: `no ${task.attempt}` } },
        },
      },
      "w",
      { items: ["a", "b"] },
    )
    const view = await why()
    expect(
      view.cause?.path.map(({ name, branchPath }) => (branchPath === "" ? name : `${branchPath}/${name}`)),
    ).toEqual([
      "checks",
      "checks/pods/each",
      "checks/pods/each[1]/round",
      "checks/pods/each[1]/round.do[1]/careful",
      "checks/pods/each[1]/round.do[1]/careful.try/deep",
    ])
    expect(view.headline).toBe("deep in checks/pods/each[1]/round.do[1]/careful.try failed: no 1")
    expect(view.next).toMatchObject({ action: "rerun", label: "Run it again from checks", from: "failed" })
  })

  test("a failure that was dealt with is not taken for the cause", async () => {
    const states: JsonObject[] = [
      agentStep("shaky", "bad", { catch: [{ next: "later" }], next: "later" }),
      agentStep("later", "worse"),
    ]
    const { why } = await told(
      { workflows: [workflow("w", states)], agents: { bad: boom({ code: "first" }), worse: boom({ code: "second" }) } },
      "w",
    )
    expect(await why()).toMatchObject({ cause: { step: { name: "later" }, error: { code: "second" }, path: [{}] } })
  })

  test("a run that failed by its output alone has no step to blame", async () => {
    const output = { schema: { type: "object", required: ["total"] } }
    const states: JsonObject[] = [
      agentStep("shaky", "bad", { catch: [{ next: "later" }], next: "later" }),
      { name: "later", type: "inject", data: { a: 1 }, resultPath: "x" },
    ]
    const { why } = await told({ workflows: [workflow("w", states, { output })], agents: { bad: boom({}) } }, "w")
    expect(await why()).toMatchObject({
      headline: expect.stringMatching(/^The run failed: /),
      cause: { step: null, path: [], error: { code: "output_invalid" }, attempts: 0 },
      next: { action: "rerun" },
    })
  })

  test("the failure of a child run is told from the child run", async () => {
    const { why, runId } = await told(
      {
        workflows: [
          workflow("child", [agentStep("charge", "bad")]),
          workflow("w", [{ name: "order", type: "run", workflow: { id: "child" } }]),
        ],
        agents: { bad: boom({ class: "external_api", code: "http_502", detail: "bad gateway" }) },
      },
      "w",
    )
    const view = await why()
    expect(view.cause).toMatchObject({ step: { name: "charge" }, error: { code: "http_502" }, agent: "bad" })
    expect(view.cause?.path.map(({ name, runId: of }) => [name, of === runId])).toEqual([
      ["order", true],
      ["charge", false],
    ])
    expect(view.headline).toMatch(/^charge in child run run_\w+ failed: bad gateway$/)
    expect(view.next).toMatchObject({ action: "rerun", label: "Run it again from order", from: "failed" })
  })

  test.each([
    [
      "an approval",
      "Nobody decided gate in time",
      { name: "gate", type: "operation", action: "human.approval", timeoutSeconds: 5, input: { message: "?" } },
      {},
    ],
    ["a signal", "word got no signal in time", { name: "word", type: "listen", signal: "go", timeoutSeconds: 5 }, {}],
    [
      "the run",
      "The run did not end within its time; it was at inner in outer/a",
      {
        name: "outer",
        type: "parallel",
        branches: [{ name: "a", states: [{ name: "inner", type: "listen", signal: "go" }] }],
      },
      { timeoutSeconds: 5 },
    ],
  ] as const)("%s that ran out of time says so", async (_what, headline, state, top) => {
    const { why } = await told({ workflows: [workflow("w", [state], top)] }, "w")
    expect(await why()).toMatchObject({ status: "TIMED_OUT", headline, next: { action: "rerun", allowed: true } })
  })

  test("a state that ran out of time is the cause, whatever it held", async () => {
    const state = {
      name: "outer",
      type: "parallel",
      totalTimeoutSeconds: 5,
      branches: [{ name: "a", states: [{ name: "inner", type: "listen", signal: "go" }] }],
    }
    const { why } = await told({ workflows: [workflow("w", [state])] }, "w")
    expect(await why()).toMatchObject({
      headline: "outer did not end within its time",
      cause: { step: { name: "outer" }, error: { code: "state_timeout" } },
    })
  })
})

let calls = 0

describe("what changed, and who else", () => {
  test("against the last good run: version, input, agents' code, and how many fail alike since", async () => {
    let broken = false
    const options = {
      workflows: [workflow("w", [agentStep("charge", "till")])],
      agents: {
        till: () =>
          broken ? { error: { code: "no_money", class: "external_api" as const, detail: says } } : { output: {} },
      },
    }
    let says = "nothing left on account 17"
    const world = await EngineWorld.open(options)
    const good = await world.started("w", { amount: 5, to: { city: "Rome" } })
    broken = true
    world.host.revisions.set("till", 2)
    await world.save(workflow("w", [agentStep("charge", "till", { description: "changed" })], { version: "2" }))
    await world.advance(1_000)
    const first = await world.started("w", { amount: 5, to: { city: "Oslo" } })
    await world.advance(1_000)
    says = "nothing left on account 18"
    const second = await world.started("w", { amount: 5, to: { city: "Rome" }, gift: true })
    says = "the bank is closed"
    const other = await world.started("w", {})
    const view = (await world.engine.insights.why(second, operator))!
    expect(view.changed).toMatchObject({
      runId: good,
      version: { from: "1 (#1)", to: "2 (#2)" },
      input: [{ pointer: "/gift", op: "added", to: true }],
      inputTruncated: false,
      agents: ["till"],
    })
    const { issueId } = view.alike!
    expect(view.alike).toEqual({
      issueId: expect.stringMatching(/^iss_/),
      total: { value: 2, exact: true },
      since: (await world.row(first)).completedAt,
      query: `issue:${issueId}`,
    })
    // The same code at the same step, and yet another failure.
    const elsewhere = (await world.engine.insights.why(other, operator))!.alike!
    expect(elsewhere.total.value).toBe(1)
    expect(elsewhere.issueId).not.toBe(issueId)
  })

  test("a backfill is nobody's issue: alike are those that ended with the same code at the same step", async () => {
    const world = await EngineWorld.open({
      workflows: [workflow("w", [agentStep("charge", "bad")])],
      agents: { bad: boom({ code: "no_money" }) },
    })
    const runId = await world.started("w", {}, { origin: "backfill" })
    expect((await world.engine.insights.why(runId, operator))!.alike).toMatchObject({
      issueId: null,
      total: { value: 1, exact: true },
      query: "wf:w env:default status:failed code:no_money step:charge",
    })
  })

  test("at most twenty changes of the input are told, and a long value is left to the page that shows it", async () => {
    let broken = false
    const world = await EngineWorld.open({
      workflows: [workflow("w", [agentStep("charge", "till")])],
      agents: { till: () => (broken ? { error: {} } : { output: {} }) },
    })
    await world.started("w", {})
    broken = true
    const input = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`k${i}`, i === 0 ? "x".repeat(5_000) : i]))
    const runId = await world.started("w", input)
    const { changed } = (await world.engine.insights.why(runId, operator))!
    expect(changed?.input).toHaveLength(20)
    expect(changed?.input[0]).toEqual({ pointer: "/k0", op: "added" })
    expect(changed?.inputTruncated).toBe(true)
  })

  test("against the last good run: the model that a step asked, by its place, as far as agents say so", async () => {
    let model = "gpt-4o"
    const states = [
      agentStep("read", "reader", { next: "check" }),
      agentStep("check", "silent", { next: "judge" }),
      agentStep("judge", "judging"),
    ]
    const world = await EngineWorld.open({
      workflows: [workflow("w", states)],
      agents: {
        reader: () => ({ output: {}, usage: { tokens: 1, model: "gpt-4o-mini", provider: "openai" } }),
        silent: fine,
        judging: () =>
          model === "gpt-4o"
            ? { output: {}, usage: { tokens: 9, model } }
            : { error: {}, usage: { tokens: 9, model, provider: "azure" } },
      },
    })
    await world.started("w")
    model = "gpt-5"
    await world.advance(1_000)
    const runId = await world.started("w")
    const { changed } = (await world.engine.insights.why(runId, operator))!
    expect(changed?.models).toEqual([{ step: "judge", from: "gpt-4o", to: "gpt-5 (azure)" }])
  })

  test("behind hundreds of items, too, the model of the step that a run ended by is told", async () => {
    let model = "gpt-4o"
    const each: JsonObject = {
      name: "each",
      type: "foreach",
      itemsPath: "ctx.items",
      itemName: "item",
      iterator: { states: [agentStep("read", "reader")] },
      next: "judge",
    }
    const world = await EngineWorld.open({
      workflows: [workflow("w", [each, agentStep("judge", "judging")])],
      agents: {
        reader: () => ({ output: {}, usage: { tokens: 1, model: "gpt-4o-mini" } }),
        judging: () =>
          model === "gpt-4o" ? { output: {}, usage: { tokens: 9, model } } : { error: {}, usage: { tokens: 9, model } },
      },
    })
    const items = Array.from({ length: 300 }, (_, index) => index)
    await world.started("w", { items })
    model = "gpt-5"
    await world.advance(1_000)
    const { changed } = (await world.engine.insights.why(await world.started("w", { items }), operator))!
    expect(changed?.models).toEqual([{ step: "judge", from: "gpt-4o", to: "gpt-5" }])
  })

  test("nothing is compared where no run went well before", async () => {
    const { why } = await told(
      { workflows: [workflow("w", [agentStep("charge", "bad")])], agents: { bad: boom({}) } },
      "w",
    )
    expect(await why()).toMatchObject({ changed: null, alike: { total: { value: 1, exact: true } } })
  })
})

/** The inbox tells the same as the run's page, and loads no run for it. */
async function asInbox(world: EngineWorld, view: WhyView): Promise<void> {
  for (const { approvalId, until, otherwise } of view.waits) {
    if (approvalId === null) continue
    const row = (await world.engine.queries.approval(approvalId))!
    expect(await world.engine.insights.ifNobodyDecides(row)).toEqual({ at: until, otherwise })
  }
}

const approval = (name: string, input: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  name,
  type: "operation",
  action: "human.approval",
  input: { message: "Ship it?", ...input },
  ...more,
})

describe("what a run waits for", () => {
  test("an approval: who, until when, and where it goes if nobody decides", async () => {
    const states: JsonObject[] = [
      approval(
        "gate",
        { approvers: ["team:sre", "user:bob"], timeoutSeconds: 300, onTimeout: { next: "later" } },
        { next: "done" },
      ),
      { name: "done", type: "inject", data: {}, end: true },
      { name: "later", type: "inject", data: {}, end: true },
    ]
    const { world, why, runId } = await told({ workflows: [workflow("w", states)] }, "w")
    const created = (await world.row(runId)).createdAt
    const view = await why()
    expect(view.headline).toBe("Waits for team:sre or user:bob to decide: Ship it?")
    expect(view.waits).toEqual([
      expect.objectContaining({
        kind: "approval",
        name: "gate",
        who: ["team:sre", "user:bob"],
        what: "Ship it?",
        since: created,
        until: created + 300_000,
        otherwise: "Then the run goes on at later.",
      }),
    ])
    expect(view.next).toMatchObject({ action: "decide", allowed: false, reason: "it asks team:sre, user:bob" })
    const bob: Actor = { id: "user:bob", teams: [], role: "operator" }
    expect((await why(bob)).next).toMatchObject({
      action: "decide",
      allowed: true,
      approvalId: view.waits[0]!.approvalId,
    })
  })

  test.each([
    ["waits for ever without a time of its own", {}, {}, {}, null, "It waits until somebody decides."],
    ["ends the run without onTimeout", { timeoutSeconds: 300 }, {}, {}, 300, "Then the run ends as timed out."],
    [
      "takes the catch clause that a timeout matches",
      { timeoutSeconds: 300 },
      { catch: [{ errors: ["bug"], next: "a" }, { errors: ["timeout"], if: "ctx.x", next: "b" }, { next: "c" }] },
      {},
      300,
      "Then the run goes on at b if ctx.x; otherwise the run goes on at c.",
    ],
    [
      "is ended by the run's own time when that is sooner",
      { timeoutSeconds: 300 },
      {},
      { timeoutSeconds: 200 },
      200,
      "Then the run ends as timed out.",
    ],
  ] as const)("an approval that %s", async (_what, input, more, top, seconds, otherwise) => {
    const names = "catch" in more ? ["a", "b", "c"] : []
    const targets = names.map((name) => ({ name, type: "inject", data: {}, end: true }))
    const states: JsonObject[] = [approval("gate", input, { ...more, end: true }), ...targets]
    const { world, why, runId } = await told({ workflows: [workflow("w", states, top)] }, "w")
    const { createdAt } = await world.row(runId)
    await asInbox(world, await why())
    const [wait] = (await why()).waits
    expect(wait).toMatchObject({ until: seconds === null ? null : createdAt + seconds * 1_000, otherwise })
  })

  test.each([
    ["all", "failFast", {}, "Then outer fails with it: the run ends as timed out."],
    ["all", "wait", {}, "Then outer fails when its other branches have ended: the run ends as timed out."],
    ["settled", undefined, {}, "Then this branch fails, and outer goes on with the others."],
    ["any", undefined, {}, "Then this branch fails, and outer goes on as long as enough others succeed."],
    ["all", "failFast", { catch: [{ next: "end" }] }, "Then outer fails with it: the run goes on at end."],
    ["all", "failFast", { totalTimeoutSeconds: 90 }, "Then outer is out of time, and the run fails."],
  ] as const)("an approval in a branch, joined by %s, %s", async (mode, onBranchFailure, more, otherwise) => {
    const states: JsonObject[] = [
      {
        name: "outer",
        type: "parallel",
        join: { mode, ...(onBranchFailure === undefined ? {} : { onBranchFailure }) },
        branches: [
          { name: "a", states: [approval("gate", { timeoutSeconds: 300 })] },
          { name: "b", states: [{ name: "rest", type: "wait", seconds: 3600 }] },
        ],
        ...more,
        next: "end",
      },
      { name: "end", type: "inject", data: {}, end: true },
    ]
    const { world, why } = await told({ workflows: [workflow("w", states)] }, "w")
    const view = await why()
    await asInbox(world, view)
    expect(view.waits.map(({ kind }) => kind)).toEqual(["approval", "timer"])
    expect(view.waits[0]!.otherwise).toBe(otherwise)
    expect(view.waits[1]!.otherwise).toBe("Then this part of the run is done.")
  })

  test.each([
    [{}, "Then each fails with it: the run ends as timed out."],
    [{ onItemFailure: "continue" }, "Then this item fails, and each goes on with the others."],
    [
      { onItemFailure: "continue", toleratedFailureCount: 1 },
      "Then this item fails, and each goes on while at most 1 have failed.",
    ],
  ] as const)("an approval of an item, where %o", async (more, otherwise) => {
    const states: JsonObject[] = [
      {
        name: "each",
        type: "foreach",
        itemsPath: "ctx.items",
        itemName: "item",
        iterator: {
          states: [{ name: "safe", type: "try", try: { states: [approval("gate", { timeoutSeconds: 300 })] } }],
        },
        ...more,
      },
    ]
    const { world, why } = await told({ workflows: [workflow("w", states)] }, "w", { items: [1] })
    await asInbox(world, await why())
    expect((await why()).waits[0]).toMatchObject({ branchPath: "each[0]/safe.try", otherwise })
  })

  test("an approval whose name stands twice in the definition is told by its own place, and no more once it is decided", async () => {
    const gate = approval("gate", { timeoutSeconds: 300 })
    const states: JsonObject[] = [
      {
        name: "both",
        type: "parallel",
        join: { mode: "settled" },
        branches: [
          {
            name: "a",
            states: [
              { ...gate, catch: [{ next: "calm" }], next: "calm" },
              { name: "calm", type: "inject", data: {} },
            ],
          },
          { name: "b", states: [gate] },
        ],
      },
    ]
    const { world, runId, why } = await told({ workflows: [workflow("w", states)] }, "w")
    const view = await why()
    await asInbox(world, view)
    expect(view.waits.map(({ branchPath, otherwise }) => [branchPath, otherwise])).toEqual([
      ["both/a", "Then the run goes on at calm."],
      ["both/b", "Then this branch fails, and both goes on with the others."],
    ])
    const { approvalId } = view.waits[0]!
    const decision = { outcome: "approve", comment: null, form: null, contentHash: null }
    await world.engine.runs.decideApproval(operator, runId, approvalId!, decision, null)
    const row = (await world.engine.queries.approval(approvalId!))!
    expect(await world.engine.insights.ifNobodyDecides(row)).toBeNull()
  })

  test("a signal, with its name and what comes without it", async () => {
    const states: JsonObject[] = [
      { name: "word", type: "listen", signal: "go", timeoutSeconds: 600, onTimeout: { next: "end" }, next: "end" },
      { name: "end", type: "inject", data: {}, end: true },
    ]
    const { why } = await told({ workflows: [workflow("w", states)] }, "w")
    expect(await why()).toMatchObject({
      status: "WAITING_SIGNAL",
      headline: "Waits for the signal “go”",
      waits: [{ kind: "signal", what: "go", otherwise: "Then the run goes on at end." }],
      next: { action: "signal", signal: "go", allowed: true, because: "It is what the run waits for" },
    })
    expect((await why(viewer)).next).toMatchObject({ action: "signal", allowed: false })
  })

  test("a timer, and where it goes then", async () => {
    const states: JsonObject[] = [
      { name: "rest", type: "wait", seconds: 3600, next: "end" },
      { name: "end", type: "inject", data: {}, end: true },
    ]
    const { world, runId, why } = await told({ workflows: [workflow("w", states)] }, "w")
    const { createdAt } = await world.row(runId)
    expect(await why()).toMatchObject({
      headline: "Waits at rest for its time",
      waits: [{ kind: "timer", until: createdAt + 3_600_000, otherwise: "Then the run goes on at end." }],
      next: { action: "wait", because: "Then the run goes on at end." },
    })
  })

  test("a retry: which attempt of how many, when, and why the last one failed", async () => {
    const states: JsonObject[] = [agentStep("charge", "bad", { retry: { maxAttempts: 4, backoffSeconds: 900 } })]
    const { why } = await told(
      { workflows: [workflow("w", states)], agents: { bad: boom({ detail: "till closed" }) } },
      "w",
    )
    expect(await why()).toMatchObject({
      headline: "charge is tried again, attempt 2 of 4: till closed",
      cause: { step: { name: "charge" }, attempts: 1, attemptsMax: 4, error: { detail: "till closed" } },
      waits: [
        {
          kind: "retry",
          attempt: 2,
          attemptsMax: 4,
          error: { detail: "till closed" },
          otherwise: "Then attempt 2 of 4 begins.",
        },
      ],
      next: { action: "retry-now", allowed: true },
    })
  })

  test("a retry that comes within a minute is waited for", async () => {
    const states: JsonObject[] = [agentStep("charge", "bad", { retry: { maxAttempts: 4, backoffSeconds: 50 } })]
    const world = await EngineWorld.open({ workflows: [workflow("w", states)], agents: { bad: boom({}) } })
    const runId = await world.started("w")
    expect((await world.engine.insights.why(runId, operator))!.next).toMatchObject({
      action: "wait",
      because: "Then attempt 2 of 4 begins.",
    })
  })

  test("attempts that are used up wait for an operator where the author says so", async () => {
    const states: JsonObject[] = [
      agentStep("charge", "bad", { retry: { maxAttempts: 2, backoffSeconds: 1, onExhausted: "pause" } }),
    ]
    const { why } = await told({ workflows: [workflow("w", states)], agents: { bad: boom({ detail: "no" }) } }, "w")
    expect(await why()).toMatchObject({
      headline: "charge has used up its attempts: no",
      waits: [
        {
          kind: "operator",
          until: null,
          otherwise: "All 2 attempts are used up: it waits until somebody lets it try again.",
        },
      ],
      next: { action: "retry-now", allowed: true },
    })
  })

  test("its turn: who holds the key, and how many stand before it", async () => {
    const concurrency = { key: "one", limit: 1, onLimit: "queue" }
    const world = await EngineWorld.open({
      workflows: [workflow("w", [{ name: "word", type: "listen", signal: "go" }], { concurrency })],
    })
    const first = await world.started("w")
    const second = await world.started("w")
    const third = await world.started("w")
    const why = async (runId: string) => (await world.engine.insights.why(runId, operator))!
    expect(await why(second)).toMatchObject({
      headline: `Waits for its turn behind ${first}`,
      waits: [
        {
          kind: "concurrency",
          who: [first],
          what: "one",
          otherwise: "It starts when one of the runs that hold the key has ended.",
        },
      ],
      next: { action: "wait" },
    })
    expect((await why(third)).waits[0]!.otherwise).toBe(
      "It starts when one of the runs that hold the key has ended, after one that waits longer.",
    )
  })

  test("an executor that is free, and an agent that is not loaded any more", async () => {
    const world = await EngineWorld.open({
      workflows: [workflow("w", [agentStep("charge", "till")])],
      agents: { till: hold },
      runtime: {
        dispatcher: {
          heartbeatMs: 3_600_000,
          heartbeatsMissed: 3,
          apartShare: 0.25,
          graceMs: 1_000,
          perAgent: 1,
          perWorkspace: 1,
          overall: 1,
        },
      },
    })
    await world.started("w")
    const runId = await world.started("w")
    const why = async () => (await world.engine.insights.why(runId, operator))!
    expect(await why()).toMatchObject({
      headline: "charge waits for a free executor of till",
      waits: [{ kind: "slot", what: "till" }],
      next: { action: "wait", because: "It starts when till has a free executor." },
    })
    world.host.change("till", null)
    expect(await why()).toMatchObject({
      headline: "charge waits for the agent till, which is not loaded",
      waits: [{ kind: "agent", what: "till" }],
      next: { action: "mend", label: "Bring the agent till back" },
    })
  })

  test("a child run", async () => {
    const { why } = await told(
      {
        workflows: [
          workflow("child", [{ name: "word", type: "listen", signal: "go" }]),
          workflow("w", [{ name: "order", type: "run", workflow: { id: "child" }, timeoutSeconds: 600 }]),
        ],
      },
      "w",
    )
    expect(await why()).toMatchObject({
      headline: expect.stringMatching(/^Waits for the child run run_/),
      waits: [{ kind: "child", who: [expect.stringMatching(/^run_/)], otherwise: "Then the run fails." }],
      next: { action: "wait" },
    })
  })

  test("a pause: who, when and why, before all else it waits for", async () => {
    const { world, runId, why } = await told({ workflows: [workflow("w", [approval("gate")])] }, "w")
    await world.engine.runs.pause(admin, runId, "the till is on fire", null)
    expect(await why()).toMatchObject({
      status: "PAUSED",
      headline: "Paused by user:ada: the till is on fire",
      waits: [
        { kind: "pause", who: ["user:ada"], what: "the till is on fire", since: world.clock.now() },
        { kind: "approval" },
      ],
      waitCount: 2,
      next: { action: "resume", allowed: true },
    })
  })

  test("a server that was restored and holds everything back", async () => {
    const { why } = await told(
      { workflows: [workflow("w", [agentStep("charge", "till")])], agents: { till: fine }, holdDispatch: true },
      "w",
    )
    expect(await why()).toMatchObject({
      headline: expect.stringContaining("restored from a backup"),
      waits: [{ kind: "hold" }, { kind: "slot" }],
    })
  })

  test("many waits: the most pressing are shown, all are counted, and it costs the same", async () => {
    const states: JsonObject[] = [
      {
        name: "each",
        type: "foreach",
        itemsPath: "ctx.items",
        itemName: "item",
        maxConcurrency: 500,
        iterator: { states: [{ name: "word", type: "listen", signal: "go", timeoutSeconds: 900 }] },
      },
    ]
    const { why } = await told({ workflows: [workflow("w", states)] }, "w", {
      items: Array.from({ length: 300 }, (_, i) => i),
    })
    const view = await why()
    expect(view.waits).toHaveLength(20)
    expect(view.waitCount).toBe(300)
    expect(view.headline).toBe("Waits for the signal “go” and 299 more")
  })
})

describe("what a run does, and how it ended", () => {
  test("who works on what since when, and when it was last heard", async () => {
    const { world, runId, why } = await told(
      { workflows: [workflow("w", [agentStep("charge", "till", { heartbeatSeconds: 30 })])], agents: { till: hold } },
      "w",
    )
    const { createdAt } = await world.row(runId)
    world.host.say({ kind: "heartbeat", key: [...world.host.held.keys()][0]! })
    await world.advance(5_000)
    expect(await why()).toMatchObject({
      headline: "till works on charge",
      doing: [{ name: "charge", agent: "till", attempt: 1, since: createdAt, heartbeatAt: world.clock.now() - 5_000 }],
      doingCount: 1,
      waits: [],
      next: { action: "wait" },
    })
  })

  test("a step of which nothing is heard may be hung, and what comes of it is told", async () => {
    const { world, why } = await told(
      { workflows: [workflow("w", [agentStep("charge", "till", { heartbeatSeconds: 30 })])], agents: { till: hold } },
      "w",
    )
    world.host.say({ kind: "heartbeat", key: [...world.host.held.keys()][0]! })
    await world.advance(59_000)
    expect((await why()).doing).toMatchObject([{ stalled: false }])
    await world.advance(3_000)
    expect(await why()).toMatchObject({
      headline: "till works on charge, and nothing is heard of it: it may be hung",
      doing: [{ name: "charge", stalled: true }],
      next: { action: "wait", because: expect.stringContaining("its executor is given up") },
    })
  })

  test("a second attempt tells why there is one", async () => {
    let first = true
    const flaky: Script = () => {
      if (!first) return "hold"
      first = false
      return { error: { detail: "slipped" } }
    }
    const states: JsonObject[] = [agentStep("charge", "till", { retry: { maxAttempts: 2, backoffSeconds: 1 } })]
    const { why } = await told({ workflows: [workflow("w", states)], agents: { till: flaky } }, "w")
    expect(await why()).toMatchObject({
      headline: "till works on charge, attempt 2 of 2",
      cause: { attempts: 1, error: { detail: "slipped" } },
    })
  })

  test("a run that is being ended waits for its steps", async () => {
    const { world, runId, why } = await told(
      { workflows: [workflow("w", [agentStep("charge", "till")])], agents: { till: hold } },
      "w",
    )
    world.host.onCancel = "never"
    await world.engine.runs.cancel(admin, runId, { reason: "enough", force: false }, null)
    expect(await why()).toMatchObject({
      headline: "It is being ended: one step is asked to stop",
      next: { action: "wait", because: "It is being ended; clean-up has its time to finish" },
    })
  })

  test("a cancelled run names who cancelled it and why", async () => {
    const { world, runId, why } = await told({ workflows: [workflow("w", [approval("gate")])] }, "w")
    await world.engine.runs.cancel(admin, runId, { reason: "not today", force: false }, null)
    expect(await why()).toMatchObject({
      headline: "Cancelled by user:ada: not today",
      ended: { kind: "cancel", by: "user:ada", reason: "not today" },
      cause: null,
      next: { action: "rerun", allowed: true },
    })
  })

  test("a rejected run names who rejected it and their comment", async () => {
    const { world, runId, why } = await told({ workflows: [workflow("w", [approval("gate")])] }, "w")
    const { approvalId } = (await why()).waits[0]!
    const decision = { outcome: "reject", comment: "too risky", form: null, contentHash: null }
    await world.engine.runs.decideApproval(operator, runId, approvalId!, decision, null)
    expect(await why()).toMatchObject({
      headline: "Rejected by user:olga: too risky",
      ended: { kind: "rejected", by: "user:olga", reason: "too risky" },
    })
  })

  test("a completed run needs nothing", async () => {
    const { why } = await told(
      { workflows: [workflow("w", [agentStep("charge", "till")])], agents: { till: fine } },
      "w",
    )
    expect(await why()).toMatchObject({
      headline: "Completed after 1 step",
      cause: null,
      changed: null,
      alike: null,
      next: { action: "none" },
    })
  })
})
