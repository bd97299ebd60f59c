import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { parsePath } from "./path.ts"

const segments = (text: string) => {
  const parsed = parsePath(text)
  return parsed.ok ? [parsed.path.rooted, ...parsed.path.segments] : `${parsed.offset}: ${parsed.message}`
}

describe("paths", () => {
  test.each<[text: string, expected: readonly (string | number | boolean)[]]>([
    ["ctx", [true]],
    ["ctx.services", [true, "services"]],
    ["steps.check.result", [false, "steps", "check", "result"]],
    ["items[0].name", [false, "items", 0, "name"]],
    ["ctx[0]", [true, 0]],
    ['labels["any key"].x', [false, "labels", "any key", "x"]],
    ["labels['it\\'s']", [false, "labels", "it's"]],
    ['labels["a\\"b\\u00e9"]', [false, "labels", 'a"bé']],
    ['["first"].x', [false, "first", "x"]],
    ['["ctx"].x', [false, "ctx", "x"]],
    ["steps.check-pods.größe", [false, "steps", "check-pods", "größe"]],
    ["  steps.a  ", [false, "steps", "a"]],
    ["ctx.ctx", [true, "ctx"]],
    ["context.a", [false, "context", "a"]],
  ])("%s is read", (text, expected) => {
    expect(segments(text)).toEqual(expected)
  })

  test.each<[text: string, offset: number, message: RegExp]>([
    ["", 0, /expected a path/],
    ["a..b", 2, /missing after the dot/],
    ["a.", 2, /missing after the dot/],
    [".a", 0, /expected a path/],
    ["a.b c", 4, /does not belong/],
    ["items.0", 6, /`0` is not a name/],
    ["items[-1]", 5, /a number from 0 up/],
    ["items[a]", 5, /a number from 0 up/],
    ["items[0", 5, /a number from 0 up/],
    ['items[""]', 5, /must not be empty/],
    ["items[99999999]", 5, /at most/],
    ["a.__proto__.b", 2, /not allowed/],
    ['a["__proto__"]', 1, /not allowed/],
    ['a["\\u005f_proto__"]', 1, /not allowed/],
    ["constructor", 0, /not allowed/],
    ["a.prototype", 2, /not allowed/],
    ["f(x)", 1, /does not belong/],
    ["$.a", 0, /expected a path/],
    ["{{ ctx.a }}", 0, /without braces/],
    [`a${".b".repeat(80)}`, 129, /at most 64 segments/],
  ])("%s is refused at its place", (text, offset, message) => {
    const parsed = parsePath(text)
    expect(parsed.ok).toBe(false)
    if (parsed.ok) return
    expect(parsed.message).toMatch(message)
    expect(parsed.offset).toBe(offset)
  })

  test("whatever is written with quotes comes back", () => {
    const key = fc.string({ minLength: 1 }).filter((text) => !["__proto__", "prototype", "constructor"].includes(text))
    const step = fc.oneof(key, fc.nat(1000))
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
        const text = steps.map((step) => `[${JSON.stringify(step)}]`).join("")
        expect(segments(`ctx${text}`)).toEqual([true, ...steps])
      }),
    )
  })

  test("any text is answered", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ac.[]\"'\\0 -{}$(") }), (text) => {
        const parsed = parsePath(text)
        if (!parsed.ok) expect(parsed.offset).toBeLessThanOrEqual(text.length)
      }),
      { numRuns: 1_000 },
    )
  })
})
