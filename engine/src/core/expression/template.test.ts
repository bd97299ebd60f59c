import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Json } from "../json.ts"
import { compileTemplate, literal, placeholders } from "./template.ts"

const compiled = (value: Json) => {
  const result = compileTemplate(value)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.template
}
const problem = (value: Json) => {
  const result = compileTemplate(value)
  return result.ok ? null : result.problems
}

describe("templates", () => {
  test("a value without braces stays as it is, as one literal", () => {
    const value = { a: [1, "x", null, { b: true }], c: "{ not a template }", d: "a }} b" }
    expect(compiled(value)).toEqual(literal(value))
  })

  test("a text that is exactly one placeholder keeps the type of what it finds", () => {
    expect(compiled("{{ ctx.a }}")).toMatchObject({
      kind: "value",
      placeholder: { source: "{{ ctx.a }}", hasFallback: false, path: { segments: ["a"], rooted: true } },
    })
  })

  test("a space around it makes it text", () => {
    expect(compiled(" {{ a }}")).toMatchObject({ kind: "text", parts: [" ", { source: "{{ a }}" }] })
  })

  test("text and placeholders alternate", () => {
    expect(compiled("{{a}}-{{b}}!")).toMatchObject({
      kind: "text",
      parts: [{ source: "{{a}}" }, "-", { source: "{{b}}" }, "!"],
    })
  })

  test.each<[source: string, fallback: Json]>([
    ['{{ a ?? "x" }}', "x"],
    ["{{ a ?? 'it is' }}", "it is"],
    ["{{ a ?? 1.5 }}", 1.5],
    ["{{ a ?? null }}", null],
    ["{{ a ?? false }}", false],
    ["{{ a ?? [] }}", []],
    ["{{ a ?? {} }}", {}],
    ['{{ a ?? {"b": {"c": "}}"}} }}', { b: { c: "}}" } }],
    ["{{a??{}}}", {}],
  ])("%s has a default", (source, fallback) => {
    expect(compiled(source)).toMatchObject({ kind: "value", placeholder: { source, fallback, hasFallback: true } })
  })

  test("a backslash keeps the braces", () => {
    expect(compiled("write \\{{ a }} like this")).toEqual(literal("write {{ a }} like this"))
    expect(compiled("\\{{ {{ a }}")).toMatchObject({ kind: "text", parts: ["{{ ", { source: "{{ a }}" }] })
  })

  test("templates inside objects and lists are compiled, the rest stays literal", () => {
    expect(compiled({ a: "{{ x }}", b: [1, "{{ y }}"], c: { d: 1 } })).toMatchObject({
      kind: "object",
      entries: [
        ["a", { kind: "value" }],
        ["b", { kind: "array", items: [literal(1), { kind: "value" }] }],
        ["c", literal({ d: 1 })],
      ],
    })
  })

  test("every placeholder is found with its place", () => {
    const found = [...placeholders(compiled({ "a/b": ["{{ x }} {{ y }}"], c: "{{ z }}" }))]
    expect(found.map(({ placeholder, pointer }) => `${pointer} ${placeholder.path.text}`)).toEqual([
      "/a~1b/0 x",
      "/a~1b/0 y",
      "/c z",
    ])
  })

  test("every problem of a value is told, each with its place", () => {
    expect(problem({ a: "{{ ", b: ["ok", "x {{ 1 }}"], "{{ k }}": 1 })).toMatchObject([
      { pointer: "/a", offset: 0 },
      { pointer: "/b/1", offset: 5 },
      { pointer: "/{{ k }}", offset: 0 },
    ])
  })

  test.each<[source: string, offset: number, message: RegExp]>([
    ["{{ a", 0, /not closed/],
    ["{{ a }", 0, /not closed/],
    ["{{ it's }}", 0, /not closed/],
    ["{{}}", 0, /nothing between/],
    ["{{ f(x) }}", 4, /does not belong/],
    ["{{ a + 1 }}", 5, /does not belong/],
    ["{{ a ?? b }}", 8, /one JSON value/],
    ["{{ a ?? }}", 8, /one JSON value/],
    ["{{ a ?? b ?? 1 }}", 8, /one JSON value/],
    ["{{ __proto__ }}", 3, /not allowed/],
    ['{{ a ?? {"__proto__": 1} }}', 8, /one JSON value/],
    ["{{ a ?? 9007199254740993 }}", 8, /one JSON value/],
  ])("%s is refused at its place", (source, offset, message) => {
    const [first] = problem(source) ?? []
    expect(first?.message).toMatch(message)
    expect(first?.offset).toBe(offset)
  })

  test("text that was escaped always comes back as it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."{}\\ a\"'") }), (text) => {
        // A backslash of the text before braces would be taken for ours.
        if (/\\\{\{/.test(text)) return
        const escaped = text.replaceAll(/\{(?=\{)/g, "\\{").replaceAll("\\{\\{", "\\{{")
        const result = compileTemplate(escaped)
        expect(result).toMatchObject({ ok: true, template: { kind: "literal" } })
      }),
    )
  })

  test("any text is answered", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("{{", "}}", "{", "}", "a", ".", "??", '"', "'", " ", "\\", "[0]", "1"), {
          maxLength: 20,
        }),
        (parts) => {
          expect(() => compileTemplate(parts.join(""))).not.toThrow()
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
