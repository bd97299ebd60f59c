import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { newRow } from "../../../testing/builders/run-history.ts"
import type { Json } from "../../json.ts"
import { type Standing, startStanding } from "../../remarks/standing.ts"
import type { RunEvent } from "../../run/events.ts"
import { runValues } from "../../search/run-values.ts"
import type { RunRow } from "../rows.ts"
import { matchesFilter, noFilter, resolveFilter } from "../run-query.ts"
import { parseRunQuery, queryFields, withQuery } from "./index.ts"

/** 2026-11-20T12:00:00Z */
const now = 1_795_176_000_000
const hour = 3_600_000

function run(row: Partial<RunRow>): RunRow {
  return { ...newRow("run_1", now - hour), workflowId: "invoice_sync", ...row }
}

function finds(query: string, row: Partial<RunRow>, standing: Partial<Standing> = {}): boolean {
  const parsed = parseRunQuery(query)
  expect(parsed.problems).toEqual([])
  const found = run(row)
  const filter = resolveFilter(withQuery(noFilter, parsed), now, [{ from: 1_000, to: 2_000 }])
  return matchesFilter(found, { ...startStanding(found), ...standing }, filter)
}

const given: Json = {
  customer: 42,
  items: [{ sku: "A-1" }, { sku: "B-2" }],
  vip: true,
  note: null,
  amount: 12.5,
  text: "please refund this",
}

function event(seq: number, type: RunEvent["type"], payload: object): RunEvent {
  return { v: 1, seq, type, at: 1, actor: "user:local", stepId: null, payload } as unknown as RunEvent
}

const failed: Partial<RunRow> = { status: "FAILED", errorCode: "boom", startedAt: now - hour, completedAt: now }

describe("a query over runs", () => {
  it.each([
    ["status:failed", failed, true],
    ["status:failed", { status: "RUNNING" }, false],
    ["status:Failed,paused", { status: "PAUSED" }, true],
    ["status:succeeded", { status: "COMPLETED" }, true],
    ["status:open", { status: "WAITING_SIGNAL" }, true],
    ["status:waiting", { status: "RUNNING" }, false],
    ["-status:ended", { status: "RUNNING" }, true],
    ["status!=failed", failed, false],
    ["wf:invoice_*", {}, true],
    ["wf:*_sync", {}, true],
    ["wf:invoice", {}, false],
    ['wf:"invoice_*"', {}, false],
    ["tag:vip", { tags: '["vip"]' }, true],
    ["tag:/^q[1-4]$/", { tags: '["a","q3"]' }, true],
    ["tag:/^q[1-4]$/", { tags: '["q5"]' }, false],
    ["-tag:vip", { tags: '["vip"]' }, false],
    ["-tag:vip", {}, true],
    ["tag:a,b", { tags: '["b"]' }, true],
    ["dur:>30m", failed, true],
    ["dur:<=1h", failed, true],
    ["dur:1h", failed, true],
    ["dur:1m..59m", failed, false],
    ["dur:..1h30m", failed, true],
    ["dur>30m", { status: "RUNNING", startedAt: now - hour }, true],
    ["started:>-2h", failed, true],
    ["started:>-30m", failed, false],
    ["started:2h", failed, true],
    ["started:2026-11-20", failed, true],
    ["started:2026-11-19", failed, false],
    ["started:>2026-11-19", failed, true],
    ["started:>=2026-11-20T11:00Z", failed, true],
    ["started:>2026-11-20T11:00Z", failed, false],
    ["started:2026-11-01..2026-11-20", failed, true],
    ["started:today", failed, true],
    ["started:yesterday", failed, false],
    ["created:<=2026-11-20", failed, true],
    ["ended:>-1m", failed, true],
    ["ended:>-1m", {}, false],
    ["has:error", failed, true],
    ["-has:error", failed, false],
    ["is:archived", { completedAt: 1_500 }, true],
    ["is:archived", { completedAt: 2_001 }, false],
    ["-is:archived", { completedAt: null }, true],
    ["has:hitl,tag", { tags: '["x"]' }, true],
    ["code:boom", failed, true],
    ["-code:boom", {}, true],
    ['message:"rate limit"', { errorMessage: "The Rate Limit was hit" }, true],
    ["actor:user:ann", { actor: "user:ann" }, true],
    ["version:3", { versionNumber: 3, workflowVersion: "1.2" }, true],
    ["version:1.*", { versionNumber: 3, workflowVersion: "1.2" }, true],
    ["retries:>=2", { retryCount: 2 }, true],
    ["tokens:>1k", { tokens: 1_200 }, true],
    ["invoice", {}, true],
    ["INVOICE run_", {}, true],
    ["-invoice", {}, false],
    ['"order 7"', { businessEventId: "order 7" }, true],
    ['event:"order 7"', { businessEventId: "order 7" }, true],
    ["", {}, true],
    ["   ", {}, true],
  ] as const)("%s", (query, row, expected) => {
    expect(finds(query, row)).toBe(expected)
  })

  const dealtWith: Standing["resolution"] = { state: "wont_fix", reason: "x", by: "user:ann", at: 1, runId: null }
  it.each([
    ["owner:user:ann", {}, { owner: "user:ann" }, true],
    ["-owner:user:ann", {}, {}, true],
    ["has:owner", {}, { owner: "user:ann" }, true],
    ["has:note", {}, { notes: 1 }, true],
    ["has:note", {}, {}, false],
    ["resolution:open", failed, {}, true],
    ["resolution:open", { status: "COMPLETED" }, {}, false],
    ["resolution:open", failed, { resolution: dealtWith }, false],
    ["resolution:wont_fix", failed, { resolution: dealtWith }, true],
    ["-resolution:open", { status: "RUNNING" }, {}, true],
    ["tag:added -tag:given", { tags: '["given"]' }, { tags: ["added"] }, true],
  ] as const)("%s, by what people have said of it", (query, row, standing, expected) => {
    expect(finds(query, row, standing)).toBe(expected)
  })

  it("tells where each problem stands and what was probably meant, and understands the rest", () => {
    const parsed = parseRunQuery('status:faild wf:a stauts:failed dur:>30 tag:/(/ tenant:x OR started: "open')
    expect(parsed.problems.map(({ code, from, to, hint }) => [code, parsed.query.slice(from, to), hint])).toEqual([
      ["query_unknown_value", "faild", "Did you mean `failed`?"],
      ["query_unknown_field", "stauts:failed", expect.stringContaining("Did you mean `status`?")],
      ["query_value_unreadable", ">30", "Write `dur:>30s`."],
      ["query_pattern_refused", "/(/", null],
      ["query_field_later", "tenant:x", expect.stringContaining("tenant= beside it")],
      ["query_no_operators", "OR", expect.stringContaining("-tag:x")],
      ["query_value_missing", "started:", expect.stringContaining("started:>-24h")],
      ["query_not_closed", '"open', 'End it with a quote: "'],
    ])
    expect(parsed.terms).toEqual([
      { negated: false, test: { kind: "text", field: "workflowId", any: [{ kind: "is", text: "a" }] } },
    ])
  })

  it("tells of a bracket in front of a field, and searches for one in text", () => {
    const [found, ...more] = parseRunQuery("(status:failed tag:x) -(wf:a (draft)").problems
    expect(found).toMatchObject({ code: "query_no_operators", from: 0, message: "there are no brackets here" })
    expect(more.map(({ from }) => from)).toEqual([22])
    expect(parseRunQuery('"(status:failed" (about:x (draft)').problems).toEqual([])
  })

  it("gives every term with its place, so that a page can draw it", () => {
    const parsed = parseRunQuery('-wf:"a b",c  hello')
    expect(parsed.parts).toEqual([
      { text: '-wf:"a b",c', from: 0, to: 11, field: "workflow", negated: true, value: '"a b",c', understood: true },
      { text: "hello", from: 13, to: 18, field: "", negated: false, value: "hello", understood: true },
    ])
  })

  it("takes a lone word as the text of a search, so that a pasted id finds its run", () => {
    expect(withQuery(noFilter, parseRunQuery("status:failed run_42"))).toMatchObject({ q: "run_42" })
    expect(withQuery(noFilter, parseRunQuery("a b"))).toMatchObject({ q: null })
    expect(withQuery({ ...noFilter, q: "x" }, parseRunQuery("y"))).toMatchObject({ q: "x" })
  })

  it.each([
    ["refund", true],
    ["REFUND", true],
    ["refund*", true],
    ["ref*", true],
    ["fund", false],
    ["card_declined", true],
    ['"please refund"', true],
    ['"refund please"', false],
    ["zurich", true],
    ["in.customer:42", true],
    ["in.customer:43,42", true],
    ["in.customer:4*", false],
    ["in.customer:>41", true],
    ["in.customer>=42", true],
    ["in.customer!=42", false],
    ["in.items.sku:B-2", true],
    ["in.items.sku:B-*", true],
    ['in.items.sku:"B-*"', false],
    ["in.items.sku:/^[AB]-/", true],
    ["in.vip:true", true],
    ["in.note:null", true],
    ["in.amount:10..20", true],
    ["in.amount:..10", false],
    ["IN.amount:12.50", true],
    ["out.paid:yes", true],
    ["-out.paid:yes", false],
    ["in.paid:yes", false],
  ] as const)("%s, by what the run was given and gave", (query, expected) => {
    const values = runValues([
      event(1, "run.created", { input: { value: given } }),
      event(2, "step.failed", { error: { code: "card_declined", title: "No", detail: "the bank in Zürich said no" } }),
      event(3, "run.completed", { outputSeq: null, output: { value: { paid: "yes" } } }),
    ])
    const found = run({})
    const filter = withQuery(noFilter, parseRunQuery(query))
    expect(parseRunQuery(query).problems).toEqual([])
    expect(matchesFilter(found, startStanding(found), filter, values)).toBe(expected)
  })

  it("says what is wrong with a path or a star", () => {
    const problems = (query: string) => parseRunQuery(query).problems.map(({ code, hint }) => [code, hint])
    expect(problems("in:42")).toEqual([["query_unknown_field", "For example `in.customer.id:42`."]])
    expect(problems("in.a..b:42")).toHaveLength(1)
    expect(problems("inn.customer:42")).toEqual([
      ["query_unknown_field", expect.stringContaining("Did you mean `in.customer`?")],
    ])
    expect(problems("in.amount:>much")).toEqual([["query_value_unreadable", "Write `in.amount:>10`."]])
    expect(problems("a*")).toEqual([["query_value_unreadable", expect.stringContaining("At least 3")]])
    expect(problems("***")).toHaveLength(1)
  })

  it("has a working example for every field", () => {
    for (const { example } of queryFields) expect(parseRunQuery(example).problems).toEqual([])
  })

  it("refuses what would make a query without bound", () => {
    const long = parseRunQuery(Array.from({ length: 40 }, (_, n) => `w${n}`).join(" "))
    expect(long.terms).toHaveLength(32)
    expect(long.problems[0]?.code).toBe("query_too_long")
    expect(parseRunQuery(`tag:${"x,".repeat(65)}`).problems[0]?.code).toBe("query_too_long")
    expect(parseRunQuery(`wf:${"a*".repeat(9)}`).problems[0]?.code).toBe("query_too_long")
    expect(parseRunQuery(`tag:/${"a".repeat(300)}/`).problems[0]?.code).toBe("query_pattern_refused")
  })

  it("reads any text without failing, and every part and problem lies in it", () => {
    const word = fc.constantFrom(
      "status:",
      "-",
      '"',
      "/",
      ",",
      "tag:",
      "dur:>",
      "..",
      " ",
      "\\",
      "a",
      "1s",
      "(",
      "=",
      "*",
    )
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(word, { maxLength: 20 }).map((words) => words.join("")),
    )
    fc.assert(
      fc.property(text, (query) => {
        const { parts, problems, terms } = parseRunQuery(query)
        let before = 0
        for (const { from, to, text } of parts) {
          expect(from).toBeGreaterThanOrEqual(before)
          expect(query.slice(from, to)).toBe(text)
          expect(query.slice(before, from).trim()).toBe("")
          before = to
        }
        for (const { from, to } of problems) expect(from <= to && to <= query.length).toBe(true)
        expect(terms.length).toBe(parts.filter((part) => part.understood).length)
        matchesFilter(run({}), startStanding(run({})), resolveFilter({ ...noFilter, terms }, now))
      }),
      { numRuns: 2_000 },
    )
  })
})
