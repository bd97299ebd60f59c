/** Random runs, and random questions about them, for the contracts of lists and counts. */
import fc from "fast-check"
import { decideRemark, type RemarkAsked } from "../../core/remarks/decide-remark.ts"
import type { Remark } from "../../core/remarks/remark.ts"
import { applyRemark, type Standing } from "../../core/remarks/standing.ts"
import type { RunRow } from "../../core/views/rows.ts"
import { noFilter, type RunFilter } from "../../core/views/run-query.ts"
import type { Edge, PresentField, Range, RunTerm, RunTest, TextField, TextMatch } from "../../core/views/run-term.ts"
import type { RunCommit } from "../../ports/store.ts"
import { RunHistory } from "../builders/run-history.ts"
import { durable, type OpenedStores } from "./stores.ts"

/** When lists are asked: some of the runs that go on have taken longer than others by then. */
export const listNow = 1_045

export interface Plan {
  readonly workflow: number
  readonly environment: number
  readonly actor: number
  readonly end: "open" | "completed" | "failed"
  readonly startedAfter: number | null
  readonly lasts: number
  readonly tags: readonly string[]
  readonly business: number | null
  readonly hitl: RunRow["hitl"]
  readonly origin: RunRow["origin"]
  readonly repeats: number | null
  readonly retries: number
  /** What people say beside it. */
  readonly said: readonly RemarkAsked[]
}

const saidArbitrary: fc.Arbitrary<readonly RemarkAsked[]> = fc.oneof(
  fc.constant([]),
  fc.array(
    fc.constantFrom<RemarkAsked>(
      { kind: "tag", add: ["q1*[?"], remove: ["red"] },
      { kind: "tag", add: ["blue"], remove: [] },
      { kind: "assign", owner: "user:0" },
      { kind: "assign", owner: null },
      { kind: "resolve", state: "resolved", reason: "done" },
      { kind: "resolve", state: "acknowledged", reason: null },
      { kind: "reopen" },
      { kind: "annotate", note: "look", stepId: null },
    ),
    { maxLength: 4 },
  ),
)

export const planArbitrary: fc.Arbitrary<Plan> = fc.record({
  workflow: fc.nat(2),
  environment: fc.nat(1),
  actor: fc.nat(1),
  end: fc.constantFrom("open", "completed", "failed"),
  startedAfter: fc.option(fc.nat(3), { nil: null }),
  lasts: fc.constantFrom(0, 1, 5, 5, 900_000),
  tags: fc.subarray(["red", "blue", "q1*[?"]),
  business: fc.option(fc.nat(2), { nil: null }),
  hitl: fc.constantFrom(null, null, "requested", "approved"),
  origin: fc.constantFrom("live", "live", "live", "backfill", "replay"),
  repeats: fc.option(fc.nat(2), { nil: null }),
  retries: fc.nat(4),
  said: saidArbitrary,
})

const texts: { readonly [F in TextField]?: readonly string[] } = {
  runId: ["run_003", "run_00", "RUN_003"],
  workflowId: ["w0", "w1", "w9"],
  environment: ["e0", "e1"],
  version: ["1.0", "7", "2"],
  status: ["RUNNING", "COMPLETED", "FAILED"],
  hitl: ["requested", "rejected"],
  actor: ["user:0", "user:1"],
  origin: ["live", "backfill", "replay"],
  tag: ["red", "blue", "q1*[?"],
  owner: ["user:0", "user:9"],
  resolution: ["open", "resolved", "superseded", "acknowledged"],
  errorCode: ["boom", "other"],
  errorMessage: ["broke with boom", "BROKE"],
  errorStep: ["none"],
  businessEventId: ["biz-1", "biz-2"],
  correlationId: ["run_004"],
  rerunOf: ["run_001"],
}

const matchArbitrary = (text: string): fc.Arbitrary<TextMatch> =>
  fc.oneof(
    fc.record({ kind: fc.constant("is" as const), text: fc.constant(text) }),
    fc.record({ kind: fc.constant("has" as const), text: fc.constantFrom(text, text.slice(1, 3), text.toUpperCase()) }),
    fc.record({
      kind: fc.constant("glob" as const),
      pattern: fc.constantFrom(
        `${text.slice(0, 2)}*`,
        `*${text.slice(-1)}`,
        "*",
        `*${text.slice(1, 2)}*`,
        `${text}*${text}`,
      ),
    }),
    fc.record({
      kind: fc.constant("pattern" as const),
      source: fc.constantFrom("^[rb]", "[0-9]$", "^w[12]$", "(?i)RUN", "o+"),
    }),
  )

const textTest: fc.Arbitrary<RunTest> = fc.constantFrom(...(Object.keys(texts) as TextField[])).chain((field) =>
  fc.record({
    kind: fc.constant("text" as const),
    field: fc.constant(field),
    any: fc.array(fc.constantFrom(...texts[field]!).chain(matchArbitrary), { minLength: 1, maxLength: 3 }),
  }),
)

const edge = (most: number): fc.Arbitrary<Edge | null> =>
  fc.option(
    fc.oneof(
      fc.record({ value: fc.nat(most), from: fc.constant("zero" as const), included: fc.boolean() }),
      fc.record({ value: fc.integer({ min: -60, max: 0 }), from: fc.constant("now" as const), included: fc.boolean() }),
      fc.record({ value: fc.nat(1_020), from: fc.constant("today" as const), included: fc.boolean() }),
    ),
    { nil: null },
  )

const ranges = (most: number): fc.Arbitrary<readonly Range[]> =>
  fc.array(fc.record({ least: edge(most), most: edge(most) }), { minLength: 1, maxLength: 2 })

const numberTest: fc.Arbitrary<RunTest> = fc
  .constantFrom("durationMs", "sortAt", "sortAt", "createdAt", "completedAt", "retryCount", "costUsd")
  .chain((field) =>
    fc.record({
      kind: fc.constant("number" as const),
      field: fc.constant(field as "sortAt"),
      any: ranges(field.endsWith("At") ? 1_050 : 10),
      now: fc.constant(null),
    }),
  )

const presentTest: fc.Arbitrary<RunTest> = fc.record({
  kind: fc.constant("present" as const),
  any: fc.subarray<PresentField>(
    ["error", "hitl", "tag", "note", "owner", "parent", "event", "rerun", "retry", "output"],
    {
      minLength: 1,
    },
  ),
})

const wordsTest: fc.Arbitrary<RunTest> = fc.record({
  kind: fc.constant("words" as const),
  text: fc.constantFrom("RUN_0", "w1", "biz-1", "run_003", "%"),
})

export const termArbitrary: fc.Arbitrary<RunTerm> = fc.record({
  negated: fc.boolean(),
  test: fc.oneof(textTest, numberTest, presentTest, wordsTest),
})

export const filterArbitrary: fc.Arbitrary<RunFilter> = fc.record({
  ...(Object.fromEntries(Object.entries(noFilter).map(([name, value]) => [name, fc.constant(value)])) as never as {
    [K in keyof RunFilter]: fc.Arbitrary<RunFilter[K]>
  }),
  workflowId: fc.subarray(["w0", "w1", "w2"]),
  status: fc.subarray(["PENDING", "RUNNING", "COMPLETED", "FAILED"]),
  environment: fc.subarray(["e0", "e1"]),
  version: fc.constantFrom([], ["1.0"], ["7"], ["2"]),
  from: fc.option(fc.integer({ min: 995, max: 1_000_000 }), { nil: null }),
  to: fc.option(fc.integer({ min: 995, max: 1_060 }), { nil: null }),
  tag: fc.subarray(["red", "blue"]),
  q: fc.constantFrom(null, null, "RUN_0", "w1", "biz-1", "run_003", "%", "_", "'"),
  errorCode: fc.constantFrom([], [], ["boom"], ["other", "boom"]),
  actor: fc.subarray(["user:0", "user:1"]),
  origin: fc.constantFrom([], ["live"], ["backfill"], ["backfill", "replay"]),
  owner: fc.constantFrom([], [], ["user:0"]),
  resolution: fc.constantFrom([], [], ["open"], ["open", "superseded"], ["resolved"]),
  businessEventId: fc.constantFrom(null, null, "biz-1"),
  terms: fc.oneof(fc.constant([]), fc.array(termArbitrary, { minLength: 1, maxLength: 3 })),
})

export async function fill(
  opened: OpenedStores,
  plans: readonly Plan[],
  offset = 0,
  more: (index: number) => Partial<RunRow> = () => ({}),
): Promise<Map<string, Standing>> {
  for (const [index, plan] of plans.entries()) {
    const runId = `run_${String(index + offset).padStart(3, "0")}`
    const history = new RunHistory(runId, 1_000 + ((index * 7) % 40), {
      workflowId: `w${plan.workflow}`,
      environment: `e${plan.environment}`,
      actor: `user:${plan.actor}`,
      tags: JSON.stringify(plan.tags),
      versionNumber: plan.workflow === 1 ? 7 : 2,
      businessEventId: plan.business === null ? null : `biz-${plan.business}`,
      hitl: plan.hitl,
      origin: plan.origin,
      rerunOf: plan.repeats === null ? null : `run_00${plan.repeats}`,
      retryCount: plan.retries,
      ...more(index),
    })
    const commits: RunCommit[] = [history.created()]
    if (plan.startedAfter !== null) {
      history.at += plan.startedAfter
      commits.push(history.started())
    }
    history.at += plan.lasts
    if (plan.end === "completed") commits.push(history.completed())
    if (plan.end === "failed") commits.push(history.failed("boom"))
    await durable(opened.store, ...commits)
    for (const asked of plan.said) await sayOf(opened, runId, asked)
  }
  const standings = new Map<string, Standing>()
  for (const index of plans.keys()) {
    const runId = `run_${String(index + offset).padStart(3, "0")}`
    standings.set(runId, (await opened.remarks.standing(runId))!)
  }
  return standings
}

/** As the engine says it; what is refused is left out. */
export async function sayOf(opened: OpenedStores, runId: string, asked: RemarkAsked): Promise<Remark | null> {
  const run = (await opened.queries.run(runId))!
  const standing = (await opened.remarks.standing(runId))!
  const note = asked.kind === "withdraw" ? await opened.remarks.remark(asked.remarkId) : null
  const decision = decideRemark(run, standing, asked, note)
  if (!decision.ok || decision.body === null) return null
  const number = standing.number + 1
  const origin = { door: "api", address: "127.0.0.1" } as const
  const { body } = decision
  const remark: Remark = { remarkId: `rmk_${runId}_${number}`, runId, number, at: 2_000, actor: "user:0", origin, body }
  const write = { runId, remark, standing: applyRemark(standing, remark), answer: null }
  if ((await opened.remarks.append(write)) !== "durable") throw new Error("a remark was not stored")
  return remark
}
