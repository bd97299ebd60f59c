import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { parseDefinition, parseDefinitionDocument } from "../index.ts"

const codes = (text: string, format: "yaml" | "json" = "yaml") =>
  parseDefinition(text, { format }).problems.map((problem) => problem.code)

const LAUGHS = [
  "a: &a [x,x,x,x,x,x,x,x,x,x]",
  ..."bcdefghij".split("").map((name, i) => `${name}: &${name} [${Array(10).fill(`*${"abcdefghij"[i]}`).join(",")}]`),
].join("\n")

/** Nine aliases of aliases only, so that the number of aliases stays small and what they unfold to does not. */
const DOUBLINGS = [
  "a0: &a0 [1,2]",
  ...Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`),
].join("\n")

describe("a hostile file", () => {
  test.each<[title: string, text: string, code: string]>([
    ["a billion laughs", LAUGHS, "too_many_aliases"],
    ["thirty doublings", DOUBLINGS, "too_many_aliases"],
    ["ten thousand open brackets", `a: ${"[".repeat(10_000)}`, "too_deep"],
    ["ten thousand open braces", "{a: ".repeat(10_000), "too_deep"],
    [
      "a thousand levels by indentation",
      Array.from({ length: 1_000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
      "too_deep",
    ],
    ["ten thousand list marks in one line", "- ".repeat(10_000), "too_deep"],
    ["a hundred thousand list marks in one line", "- ".repeat(100_000), "too_large"],
    ["half a megabyte of short keys", Array.from({ length: 60_000 }, (_, i) => `f${i}: 1`).join("\n"), "too_large"],
    ["five kilobytes of aliases", `- &a [${"1,".repeat(190)}1]\n${"- *a\n".repeat(999)}`, "too_many_aliases"],
    ["a million question marks", "? ".repeat(500_000), "too_large"],
    ["ten megabytes", "a".repeat(10_000_000), "too_large"],
    ["a million commas", `{${",".repeat(1_000_000)}}`, "too_large"],
    ["65 levels", `a: ${"[".repeat(64)}${"]".repeat(64)}`, "too_deep"],
  ])("of %s is refused", (_title, text, code) => {
    expect(codes(text)).toContain(code)
    expect(parseDefinition(text, { format: "yaml" }).definition).toBeNull()
  })

  test("a workflow of two thousand states is read all the same, and a larger one is told to be JSON", () => {
    const state = (i: number) => ({ name: `s${i}`, type: "inject", data: { a: i }, next: `s${i + 1}` })
    const states = (count: number) => [
      ...Array.from({ length: count }, (_, i) => state(i)),
      { name: `s${count}`, type: "wait", seconds: 1, end: true },
    ]
    const asYaml = (count: number) =>
      `id: x\nversion: "1"\nname: x\nstates:\n${states(count)
        .map((one) => `  - ${JSON.stringify(one)}`)
        .join("\n")}`
    expect(parseDefinition(asYaml(2_000), { format: "yaml" }).definition?.block.states.size).toBe(2_001)
    expect(parseDefinition(asYaml(4_900), { format: "yaml" }).problems).toMatchObject([
      { code: "too_large", hint: expect.stringContaining("JSON") },
    ])
    const text = JSON.stringify({ id: "x", version: "1", name: "x", states: states(4_900) })
    expect(parseDefinition(text, { format: "json" }).definition?.block.states.size).toBe(4_901)
  })

  test("of eighty thousand unknown fields two hundred are listed, and that there are more", () => {
    const fields = Object.fromEntries(Array.from({ length: 80_000 }, (_, i) => [`f${i}`, 1]))
    const { problems } = parseDefinition(JSON.stringify({ id: "x", ...fields }), { format: "json" })
    expect(problems).toHaveLength(201)
    expect(problems.some(({ code }) => code === "too_many_problems")).toBe(true)
  })

  test.each<[title: string, text: string, code: string]>([
    ["ten thousand open brackets", "[".repeat(10_000), "too_deep"],
    ["ten megabytes", `"${"a".repeat(10_000_000)}"`, "too_large"],
    ["__proto__", '{"__proto__": {"id": "t"}}', "forbidden_key"],
    ["a key twice", '{"id": "a", "id": "b"}', "duplicate_key"],
    ["an unsafe integer", '{"id": "t", "metadata": {"n": 9007199254740993}}', "number_out_of_range"],
    ["half a surrogate pair", '{"id": "t", "name": "\\udfff"}', "invalid_text"],
  ])("in JSON of %s is refused", (_title, text, code) => {
    expect(codes(text, "json")).toContain(code)
  })

  test("64 levels are still read", () => {
    expect(codes(`id: t\nmetadata: {a: ${"[".repeat(62)}${"]".repeat(62)}}\nstates: []`)).toEqual(["invalid_value"])
  })

  test("braces inside quoted text are no depth", () => {
    expect(codes(`id: t\nmetadata: {a: "${"{".repeat(3_000)}"}\nstates: []`)).toEqual(["invalid_value"])
  })

  test("a key of the machinery never becomes a property of anything", () => {
    parseDefinition(
      "id: t\nmetadata:\n  __proto__: {polluted: true}\n  constructor: {prototype: {polluted: true}}\nstates: []",
    )
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test("thousands of mistakes are cut to a list that can be read", () => {
    const states = Array.from({ length: 1_000 }, (_, i) => `- {name: s${i}, typ: wait}`).join("\n")
    const { problems } = parseDefinition(`id: t\nstates:\n${states}`)
    expect(problems).toHaveLength(201)
    expect(problems.map((problem) => problem.code)).toContain("too_many_problems")
  })

  test("merge keys of YAML 1.1 are an unknown field, not a merge", () => {
    const { document, problems } = parseDefinition("id: t\nx-base: &b {name: n}\n<<: *b\nstates: []")
    expect(document).toMatchObject({ "<<": { name: "n" } })
    expect(problems.map((problem) => problem.code)).toContain("unknown_field")
  })
})

describe("reading anything at all", () => {
  const valid = `id: t
version: "1.0"
inputSchema: {type: object, properties: {n: {type: integer, default: 1}}}
states:
  - name: a
    type: switch
    dataPath: ctx.n
    conditions: [{if: "result > 1", next: b}]
    defaultNext: c
  - {name: b, type: inject, data: {x: 1}, resultPath: steps.b, next: c}
  - name: c
    type: parallel
    branches:
      - {name: p, states: [{name: q, type: operation, action: agent.run, input: {agent: z, task: "{{ ctx.n }}"}, end: true}]}
    end: true
`

  test("never throws on random bytes", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom("yaml" as const, "json" as const),
        (bytes, format) => {
          const result = parseDefinition(new TextDecoder().decode(bytes), { format })
          expect(result.definition === null).toBe(result.problems.some((problem) => problem.severity === "error"))
        },
      ),
      { numRuns: 1_000 },
    )
  })

  test("never throws on a definition that somebody is editing", () => {
    const edit = fc.record({
      at: fc.nat(valid.length),
      remove: fc.nat(12),
      insert: fc.constantFrom(
        "",
        ":",
        "{",
        "]",
        '"',
        "\n",
        "- ",
        "  ",
        "*a",
        "&a ",
        "!!x ",
        "{{ ",
        "\t",
        "#",
        "null",
        "1e999",
        "%",
        "|\n",
        "é",
        "\u0000",
      ),
    })
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const text = edits.reduce(
          (before, { at, remove, insert }) => before.slice(0, at) + insert + before.slice(at + remove),
          valid,
        )
        const { definition, problems } = parseDefinition(text, { format: "yaml" })
        expect(definition === null).toBe(problems.some((problem) => problem.severity === "error"))
        for (const problem of problems) expect(problem.line, JSON.stringify(problem)).toBeGreaterThan(0)
      }),
      { numRuns: 2_000 },
    )
  })

  test("never throws on any JSON value, wherever it stands in a definition", () => {
    const document = parseDefinition(valid).document as Record<string, unknown>
    const places = paths(document)
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue({ maxDepth: 3 }), (place, value) => {
        const copy = structuredClone(document)
        put(copy, place, value)
        const { definition, problems } = parseDefinitionDocument(copy as never)
        expect(definition === null).toBe(problems.some((problem) => problem.severity === "error"))
      }),
      { numRuns: 2_000 },
    )
  })

  test("the same text in YAML and in JSON is the same definition", () => {
    const yaml = parseDefinition(valid)
    const json = parseDefinition(JSON.stringify(yaml.document), { format: "json" })
    expect(json.document).toEqual(yaml.document)
    expect(json.definition).toEqual(yaml.definition)
    expect(yaml.definition).not.toBeNull()
  })
})

type Step = string | number

function paths(value: unknown, at: readonly Step[] = []): (readonly Step[])[] {
  if (typeof value !== "object" || value === null) return [at]
  return [
    at,
    ...Object.entries(value).flatMap(([key, inside]) =>
      paths(inside, [...at, Array.isArray(value) ? Number(key) : key]),
    ),
  ].filter((path) => path.length > 0)
}

function put(target: unknown, path: readonly Step[], value: unknown): void {
  const parent = path.slice(0, -1).reduce<unknown>((at, step) => (at as Record<Step, unknown>)[step], target)
  ;(parent as Record<Step, unknown>)[path.at(-1) ?? ""] = value
}
