import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { createJsonSchemas } from "../../adapters/schemas/index.ts"
import type { Json } from "../json.ts"
import {
  type AgentState,
  type ApprovalState,
  type Definition,
  definitionHash,
  type ParseOptions,
  parseDefinition,
  parseDefinitionDocument,
  type State,
} from "./index.ts"

const INCIDENT_TRIAGE = new URL(
  "../../../../examples/environments/default/workflows/incident-triage.workflow.yaml",
  import.meta.url,
)

function load(text: string, options: ParseOptions = {}): Definition {
  const { definition, problems } = parseDefinition(text, options)
  if (!definition)
    throw new Error(problems.map((problem) => `${problem.line}:${problem.column} ${problem.message}`).join("\n"))
  return definition
}

function state<T extends State = State>(text: string): T {
  const definition = load(`id: t\nstates:\n${text.replace(/^\n/, "")}`)
  return definition.block.states.values().next().value as T
}

const agentState = (more: string) =>
  state<AgentState>(`- name: a\n  type: operation\n  action: agent.run\n${more}\n  end: true`)
const approvalState = (more: string) =>
  state<ApprovalState>(`- name: a\n  type: operation\n  action: human.approval\n${more}\n  end: true`)

describe("source 004's complete example", () => {
  const { definition, problems } = parseDefinition(readFileSync(INCIDENT_TRIAGE, "utf8"), {
    file: "incident-triage.workflow.yaml",
    compileSchema: createJsonSchemas().compile,
  })

  test("loads without a word", () => {
    expect(problems).toEqual([])
  })

  test("means what it says", () => {
    expect(definition).toMatchObject({
      id: "incident-triage",
      version: "1.0",
      name: "Incident Triage Workflow",
      block: { start: "inject_defaults" },
    })
    expect(definition?.block.order).toEqual([
      "inject_defaults",
      "diagnostics",
      "decide",
      "request_approval",
      "mitigate",
      "notify",
      "report_ok",
    ])
    expect(definition?.agents).toEqual(["k8s-pod-checker", "slo-analyzer", "k8s-remediator", "notification-sender"])
    expect(definition?.block.states.get("request_approval")).toMatchObject({
      action: "human.approval",
      timeoutMs: 3_600_000,
      onReject: { status: "CANCELLED", next: null },
      onTimeout: null,
      summaryPath: { segments: ["steps", "diagnostics"] },
    })
  })
})

describe("what is left out", () => {
  test("a workflow starts with its first state, and its name is its id", () => {
    expect(load("id: t\nstates: [{name: a, type: wait, seconds: 1, end: true}]")).toMatchObject({
      name: "t",
      version: "1.0",
      dsl: null,
      block: { start: "a" },
      tags: [],
      timeoutMs: null,
      inputSchema: null,
      output: null,
    })
  })

  test("one attempt, no deadline, no result", () => {
    expect(agentState("  input: {agent: x}")).toMatchObject({
      retry: null,
      timeoutMs: null,
      totalTimeoutMs: null,
      task: null,
      variables: null,
      result: { path: null, mode: "replace", selector: null },
      catch: [],
    })
  })

  test("an approval needs one yes and one no, and a no cancels", () => {
    expect(approvalState("  input: {message: Go?}")).toMatchObject({
      quorum: { approve: 1, reject: 1 },
      outcomes: [{ name: "approve" }, { name: "reject" }],
      onReject: { status: "CANCELLED", next: null },
      bindToContent: false,
      approvers: [],
      delegation: false,
    })
  })

  test("a parallel waits for all, fails fast and cancels the rest", () => {
    expect(
      state(
        "- {name: a, type: parallel, branches: [{name: p, states: [{name: x, type: wait, seconds: 1}]}], end: true}",
      ),
    ).toMatchObject({
      join: { mode: "all", count: null, cancelRemaining: true, onBranchFailure: "failFast" },
      maxConcurrency: null,
    })
  })

  test("a foreach goes one by one", () => {
    expect(
      state(
        "- {name: a, type: foreach, itemsPath: ctx.x, iterator: {states: [{name: x, type: wait, seconds: 1}]}, end: true}",
      ),
    ).toMatchObject({
      maxConcurrency: 1,
      itemName: "item",
      indexName: "index",
      onItemFailure: "fail",
      items: { path: { segments: ["x"] } },
    })
  })

  test("an inject without a path merges at the root", () => {
    expect(state("- {name: a, type: inject, data: {x: 1}, end: true}")).toMatchObject({
      result: { path: { segments: [] }, mode: "merge" },
    })
  })
})

describe("the fields", () => {
  test("seconds become milliseconds, fractions too", () => {
    expect(
      agentState(
        "  input: {agent: x}\n  timeoutSeconds: 0.25\n  retry: {maxAttempts: 3, backoffSeconds: 1.5, jitter: full}",
      ),
    ).toMatchObject({
      timeoutMs: 250,
      retry: {
        maxAttempts: 3,
        backoffMs: 1500,
        backoff: "constant",
        backoffRate: 2,
        jitter: "full",
        maxDelayMs: null,
        maxElapsedMs: null,
        retryable: null,
        nonRetryable: [],
        onExhausted: "fail",
      },
    })
  })

  test("the smaller of two timeouts holds", () => {
    expect(agentState("  input: {agent: x, timeoutSeconds: 300}\n  timeoutSeconds: 60").timeoutMs).toBe(60_000)
    expect(agentState("  input: {agent: x, timeoutSeconds: 30}\n  timeoutSeconds: 60").timeoutMs).toBe(30_000)
    expect(approvalState("  input: {message: Go?, timeoutSeconds: 30}").timeoutMs).toBe(30_000)
  })

  test("a retry policy is used by its name", () => {
    const definition = load(`id: t
use: {retries: {patient: {maxAttempts: 9}}}
states: [{name: a, type: operation, action: agent.run, input: {agent: x}, retry: patient, end: true}]`)
    expect(definition.block.states.get("a")).toMatchObject({ retry: { maxAttempts: 9 } })
  })

  test("a shared schema is used by its name or by reference, and stands alone wherever it is used", () => {
    const definition = load(`id: t
use:
  schemas:
    order: {type: object, properties: {lines: {type: array, items: {$ref: "#/use/schemas/line"}}, first: {$ref: "#/$defs/l"}}, $defs: {l: {type: string}}}
    line: {type: object, properties: {next: {$ref: "#/use/schemas/line"}}}
inputSchema: {type: object, properties: {order: {$ref: "#/use/schemas/order"}}}
output: {schema: order}
states: [{name: a, type: listen, signal: go, schema: {$ref: "#/use/schemas/line"}, end: true}]`)
    const { validator } = createJsonSchemas()
    const [input, output, signal] = [
      definition.inputSchema,
      definition.output?.schema,
      definition.signalSchemas.get("go"),
    ].map((schema) => schema && validator(schema))
    expect(input?.({ order: { lines: [{ next: {} }], first: "x" } })).toBeNull()
    expect(input?.({ order: { lines: [{ next: 1 }] } })?.[0]?.pointer).toBe("/order/lines/0/next")
    expect(input?.({ order: { first: 1 } })?.[0]?.pointer).toBe("/order/first")
    expect(output?.({ lines: [7] })?.[0]?.pointer).toBe("/lines/0")
    expect(signal?.({ next: { next: 3 } })?.[0]?.pointer).toBe("/next/next")
  })

  test("all of an approval", () => {
    expect(
      approvalState(`  input:
    message: "Deploy {{ ctx.version }}?"
    summaryPath: steps.plan
    approvers: ["team:platform", "user:{{ ctx.owner }}"]
    quorum: {approve: 2, reject: 1}
    separationOfDuties: {excludeInitiator: true, distinct: true}
    bindTo: content
    outcomes: [approve, {name: revise, requireComment: true, rewindTo: a, maxTimes: 3}, reject]
    form: {schema: {type: object}}
    sla: {dueSeconds: 1800, warnSeconds: 1200}
    reminders: [{everySeconds: 900, max: 3}]
    escalation: [{afterSeconds: 1800, to: ["team:sre-leads"]}]
    delegation: {allowed: true}
    onReject: {status: FAILED}
    onTimeout: {next: a}
    timeoutSeconds: 3600
  resultPath: steps.gate`),
    ).toMatchObject({
      message: { kind: "text" },
      approvers: [{ kind: "literal", value: "team:platform" }, { kind: "text" }],
      quorum: { approve: 2, reject: 1 },
      separationOfDuties: { excludeInitiator: true, distinct: true },
      bindToContent: true,
      outcomes: [
        { name: "approve" },
        { name: "revise", requireComment: true, rewindTo: "a", maxTimes: 3 },
        { name: "reject" },
      ],
      form: { type: "object" },
      sla: { dueMs: 1_800_000, warnMs: 1_200_000 },
      reminders: [{ everyMs: 900_000, max: 3 }],
      escalation: [{ afterMs: 1_800_000, to: ["team:sre-leads"] }],
      delegation: true,
      onReject: { status: "FAILED", next: null },
      onTimeout: { next: "a" },
      timeoutMs: 3_600_000,
      result: { path: { segments: ["steps", "gate"] } },
    })
  })

  test.each<[title: string, text: string, expected: object]>([
    [
      "a wait for a time",
      '- {name: a, type: wait, until: "2030-01-31T09:00:00+01:00", end: true}',
      { until: { at: { kind: "literal" } } },
    ],
    [
      "a wait for as long as a template says",
      '- {name: a, type: wait, seconds: "{{ ctx.delay }}", end: true}',
      { until: { seconds: { kind: "value" } } },
    ],
    ["a wait of nothing", "- {name: a, type: wait, seconds: 0, end: true}", { until: { ms: 0 } }],
    [
      "a listen",
      '- {name: a, type: listen, signal: go, fanout: true, correlate: {order.id: "{{ ctx.id }}"}, timeoutSeconds: 5, onTimeout: {next: a}, end: true}',
      { fanout: true, correlate: [{ path: { segments: ["order", "id"] } }], timeoutMs: 5_000 },
    ],
    [
      "an event",
      '- {name: a, type: emit, event: {type: x.y, subject: "{{ ctx.id }}", data: {n: 1}}, end: true}',
      { event: { type: { value: "x.y" }, source: null, data: { value: { n: 1 } } } },
    ],
    [
      "a child run by version number",
      "- {name: a, type: run, workflow: {id: c, version: 7}, await: false, onParentCancel: abandon, end: true}",
      { workflow: { version: { value: 7 } }, await: false, onParentCancel: "abandon" },
    ],
    [
      "a loop",
      '- {name: a, type: loop, maxIterations: 3, delaySeconds: 2, until: "index > 1", do: {states: [{name: x, type: wait, seconds: 1}]}, end: true}',
      { maxIterations: 3, delayMs: 2_000, while: null },
    ],
    [
      "a try",
      "- {name: a, type: try, try: {states: [{name: x, type: wait, seconds: 1}]}, catch: [{errors: [timeout], next: a}], finally: {states: [{name: y, type: wait, seconds: 1}]}, end: true}",
      { catch: [{ errors: ["timeout"], as: "error", next: "a", if: null }], finally: { order: ["y"] } },
    ],
    [
      "a raise",
      '- {name: a, type: raise, error: {type: stale, title: "Too {{ ctx.what }}"}}',
      { error: { type: { value: "stale" }, title: { kind: "text" }, detail: null }, next: null },
    ],
    [
      "an inline list of items",
      '- {name: a, type: foreach, itemsPath: [1, "{{ ctx.x }}"], iterator: {states: [{name: x, type: wait, seconds: 1}]}, end: true}',
      { items: { inline: { kind: "array" } } },
    ],
    [
      "a quorum",
      "- {name: a, type: parallel, join: {mode: quorum, count: 1, cancelRemaining: false}, branches: [{name: p, states: [{name: x, type: wait, seconds: 1}]}], end: true}",
      { join: { mode: "quorum", count: 1, cancelRemaining: false } },
    ],
    [
      "what to do on a cancel",
      "- {name: a, type: wait, seconds: 1, onCancel: {states: [{name: x, type: wait, seconds: 1}]}, end: true}",
      { onCancel: { order: ["x"] } },
    ],
    ["a guard", '- {name: a, type: wait, seconds: 1, if: "ctx.n > 1", end: true}', { if: { source: "ctx.n > 1" } }],
  ])("%s", (_title, text, expected) => {
    expect(state(text)).toMatchObject(expected)
  })

  test("the whole workflow's settings", () => {
    expect(
      load(`dsl: "1.0"
id: t
timeoutSeconds: 60
tags: [a, b, a]
metadata: {owner: me, anything: [1]}
x-own: {free: true}
businessEventId: "{{ ctx.order }}"
idempotency: {key: "{{ ctx.order }}", ttlSeconds: 60, onConflict: reject}
concurrency: {key: all, limit: 2, onLimit: cancelRunning}
effectiveness: {accuracy: "score"}
output: {as: {n: "{{ ctx.n }}"}}
inputSchema: {type: object}
states: [{name: a, type: inject, data: 1, resultPath: n, end: true, metadata: {x: 1}, x-note: mine}]`),
    ).toMatchObject({
      dsl: "1.0",
      timeoutMs: 60_000,
      tags: ["a", "b"],
      metadata: { owner: "me" },
      idempotency: { ttlMs: 60_000, onConflict: "reject" },
      concurrency: { limit: 2, onLimit: "cancelRunning" },
      effectiveness: { accuracy: { source: "score" }, firstPassSuccess: null },
      output: { schema: null, as: { kind: "object" } },
    })
  })

  test("spellings of other languages mean the same", () => {
    const ours = load(`id: t
states:
- {name: a, type: operation, action: agent.run, input: {agent: x, task: go}, if: "True", next: b}
- {name: b, type: operation, action: human.approval, input: {message: ok}, next: c}
- {name: c, type: inject, data: {n: 1}, end: true}`)
    const theirs = load(`id: t
states:
- {id: a, type: agent, agent: x, task: go, when: "True", transition: b}
- {id: b, type: human_approval, message: ok, then: c}
- {id: c, type: set, set: {n: 1}, end: true}`)
    expect(theirs).toEqual(ours)
  })

  test("braces alone do not make a text JSON", () => {
    expect(load("{id: t, states: [{name: a, type: wait, seconds: 1, end: true}]}").id).toBe("t")
    expect(parseDefinition('{"id": "t",}}').problems).toMatchObject([{ code: "json_syntax", line: 1, column: 12 }])
  })

  test("aliases of YAML are unfolded", () => {
    const definition = load(`id: t
x-wait: &wait {type: wait, seconds: 1}
metadata: {a: *wait, b: *wait}
states: [{name: a, type: wait, seconds: 1, end: true}]`)
    expect(definition.metadata).toEqual({ a: { type: "wait", seconds: 1 }, b: { type: "wait", seconds: 1 } })
  })
})

describe("what only the surroundings can tell", () => {
  const text = `id: t
inputSchema:
  type: object
  properties:
    n: {type: nmber}
states:
- {name: a, type: operation, action: agent.run, input: {agent: checkr}, end: true}`
  const agents = { names: ["checker"], find: (name: string) => (name === "checker" ? { name } : null) }

  test("an agent that the environment does not have is an error with the nearest name", () => {
    expect(parseDefinition(text, { agents }).problems).toMatchObject([
      { code: "unknown_agent", severity: "error", line: 7, column: 64, hint: "Did you mean `checker`?" },
    ])
  })

  test("or a warning, where agents may come later", () => {
    expect(parseDefinition(text, { agents, unknownAgent: "warning" }).definition).not.toBeNull()
  })

  test("a schema that is not valid is told at its place", () => {
    const { problems } = parseDefinition(text, { compileSchema: createJsonSchemas().compile })
    expect(problems[0]).toMatchObject({
      code: "invalid_schema",
      severity: "error",
      line: 5,
      column: 15,
      pointer: "/inputSchema/properties/n/type",
    })
  })

  test("a shared schema that is not valid is told once, where it stands", () => {
    const { problems } = parseDefinition(
      `id: t
use:
  schemas:
    s: {type: object, required: true}
inputSchema: {properties: {a: {$ref: "#/use/schemas/s"}}}
output: {schema: s}
states: [{name: a, type: wait, seconds: 1, end: true}]`,
      { compileSchema: createJsonSchemas().compile },
    )
    expect(problems.filter((problem) => problem.line === 4)).toHaveLength(1)
  })

  test("a large schema may be shared by name as often as one likes, but not carried along into hundreds of others", () => {
    const properties = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`p${i}`, { type: "string" }]))
    const using = (schema: Json) =>
      parseDefinitionDocument(
        {
          id: "t",
          use: { schemas: { large: { properties } } },
          states: Array.from({ length: 300 }, (_, i) => ({ name: `s${i}`, type: "listen", signal: `go${i}`, schema })),
        },
        { compileSchema: createJsonSchemas().compile },
      ).problems.filter(({ code }) => code === "too_large")
    expect(using("large")).toEqual([])
    expect(using({ items: { $ref: "#/use/schemas/large" } })).toMatchObject([{ pointer: "/states/48/schema" }])
  })

  test.each(["utf16le", "utf-16be with a mark"])(
    "a file in UTF-16 (%s) is told as one, and nothing else",
    (encoding) => {
      const bytes = Buffer.from(`${encoding === "utf16le" ? "" : "\uFEFF"}id: a\nstates: []\n`, "utf16le")
      const file = encoding === "utf16le" ? bytes : bytes.swap16()
      for (const format of ["yaml", "json"] as const)
        expect(parseDefinition(file.toString("utf8"), { format }).problems).toMatchObject([
          { code: "invalid_text", line: 1, column: 1, hint: "Save the file as UTF-8." },
        ])
    },
  )

  test("a name is suggested when most of it is the same: no letter is near to another letter", () => {
    const hintFor = (next: string) => {
      const states: Json = [
        { name: "b", type: "inject", data: {}, next },
        { name: "check_all", type: "inject", data: {}, end: true },
      ]
      return parseDefinitionDocument({ id: "t", states }).problems.find(({ code }) => code === "unknown_target")?.hint
    }
    expect(hintFor("c") ?? "").not.toContain("Did you mean")
    expect(hintFor("chek_all")).toBe("Did you mean `check_all`?")
    expect(hintFor("B")).toBe("Did you mean `b`?")
  })

  test("a definition that is JSON already has pointers but no lines", () => {
    const { problems, definition } = parseDefinitionDocument({
      id: "t",
      states: [{ name: "a", type: "wait", sconds: 1, end: true }],
    })
    expect(definition).toBeNull()
    expect(problems).toMatchObject([{ code: "unknown_field", pointer: "/states/0/sconds", line: null, column: null }])
  })
})

describe("reads that are right", () => {
  test.each<[title: string, text: string]>([
    [
      "what a branch wrote, by the branch's name",
      '- {name: a, type: parallel, branches: [{name: p, states: [{name: x, type: inject, data: 1, resultPath: result}]}], resultPath: steps.par, next: b}\n- {name: b, type: emit, event: {type: "{{ steps.par.p.result }}"}, end: true}',
    ],
    [
      "an item, its index, and what the item wrote before",
      '- {name: a, type: foreach, itemsPath: [1], iterator: {states: [{name: x, type: inject, data: 1, resultPath: seen, next: y}, {name: y, type: emit, event: {type: "{{ item }} {{ index }} {{ seen }}"}}]}, end: true}',
    ],
    [
      "what an earlier round of a loop wrote",
      '- {name: a, type: loop, maxIterations: 3, until: "steps.last == index", do: {states: [{name: x, type: switch, conditions: [{if: "index > 0 and steps.last > 0", next: y}], defaultNext: y}, {name: y, type: inject, data: 1, resultPath: steps.last}]}, end: true}',
    ],
    [
      "what a circle wrote",
      '- {name: a, type: switch, conditions: [{if: "steps.n > 3", next: c}], defaultNext: b}\n- {name: b, type: inject, data: 1, resultPath: steps.n, next: a}\n- {name: c, type: wait, seconds: 1, end: true}',
    ],
    [
      "a caught error",
      '- {name: a, type: operation, action: agent.run, input: {agent: x}, catch: [{if: "error.attempt > 1", next: b}], next: b}\n- {name: b, type: emit, event: {type: "{{ error.code }}"}, end: true}',
    ],
    [
      "a caught error at its own place",
      '- {name: a, type: operation, action: agent.run, input: {agent: x}, catch: [{resultPath: steps.a.error, next: b}], end: true}\n- {name: b, type: emit, event: {type: "{{ steps.a.error.code }}"}, end: true}',
    ],
    [
      "helpers",
      '- {name: a, type: emit, event: {type: "{{ run.id }} {{ workflow.id }} {{ input.any }}"}, if: "run.number > 1 and input != {}", end: true}',
    ],
    ["a default for what may be missing", '- {name: a, type: emit, event: {type: "{{ steps.no ?? 1 }}"}, end: true}'],
    [
      "methods of values",
      "- {name: a, type: inject, data: {k: 1}, resultPath: steps.m, next: b}\n- {name: b, type: wait, seconds: 1, if: \"steps.m.get('x') == None and len(steps.m.keys()) > 0 and steps.m.k\", end: true}",
    ],
    [
      "the value at dataPath by its keys",
      '- {name: a, type: operation, action: agent.run, input: {agent: x}, resultPath: steps.a, next: b}\n- {name: b, type: switch, dataPath: steps.a, conditions: [{if: "score > 1 or result.score > 1", next: c}], defaultNext: c}\n- {name: c, type: wait, seconds: 1, end: true}',
    ],
    [
      "what a try and its clean-up wrote",
      '- {name: a, type: try, try: {states: [{name: x, type: inject, data: 1, resultPath: steps.x}]}, finally: {states: [{name: y, type: emit, event: {type: "{{ steps.x }}"}}]}, next: b}\n- {name: b, type: emit, event: {type: "{{ steps.x }}"}, end: true}',
    ],
    [
      "an object merged at the root",
      '- {name: a, type: inject, data: {"{{": 1, b: 2}, resultPath: steps, resultMode: merge, next: b}\n- {name: b, type: emit, event: {type: "{{ steps.b }}"}, end: true}',
    ],
  ])("%s", (_title, text) => {
    const { problems } = parseDefinition(`id: t\nstates:\n${text}`)
    expect(problems.filter((problem) => problem.code !== "no_effect")).toEqual([])
  })
})

describe("the content hash", () => {
  const sha256 = (text: string) => createHash("sha256").update(text).digest()
  const hashOf = (text: string) => definitionHash(parseDefinition(text).document as Json, sha256)

  test("does not depend on the format, the order of keys, comments or white space", () => {
    const yaml = "id: t # the id\nstates:\n  - name: a\n    type: wait\n    seconds: 1.50\n    end: true\n"
    const json = '{"states":[{"end":true,"seconds":1.5,"type":"wait","name":"a"}],"id":"t"}'
    expect(hashOf(yaml)).toBe(hashOf(json))
    expect(hashOf(yaml)).toMatch(/^[0-9a-f]{64}$/)
  })

  test("changes with the content", () => {
    expect(hashOf("id: t\nstates: []")).not.toBe(hashOf("id: u\nstates: []"))
  })
})
