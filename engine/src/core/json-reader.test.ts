import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Json } from "./json.ts"
import { checkJson, parseJsonWithPositions, readJson } from "./json-reader.ts"

const limits = { depthMax: 64, lengthMax: 8 * 1024 * 1024 }

const refusals: readonly (readonly [
  title: string,
  text: string,
  code: string,
  pointer: string,
  line: number,
  column: number,
])[] = [
  ["an integer that a double cannot hold", '{"a": [1, 9007199254740993]}', "number_out_of_range", "/a/1", 1, 11],
  ["the first integer beyond the bound", "9007199254740992", "number_out_of_range", "", 1, 1],
  ["a huge float, which is always a whole number", '{"x": 1e300}', "number_out_of_range", "/x", 1, 7],
  ["an overflowing exponent", "[1e999]", "number_out_of_range", "/0", 1, 2],
  ["an escaped NUL", '{"a":"x\\u0000"}', "invalid_text", "/a", 1, 6],
  ["a lone high surrogate", '["\\ud800"]', "invalid_text", "/0", 1, 2],
  ["a lone low surrogate in a key", '{"\\udc00": 1}', "invalid_text", "", 1, 2],
  ["surrogates in the wrong order", '"\\udc00\\ud800"', "invalid_text", "", 1, 1],
  ["a key that stands twice", '{\n  "a": 1,\n  "b": {"c": 1, "c": 2}\n}', "duplicate_key", "/b/c", 3, 17],
  ["a key that stands twice in two spellings", '{"a":1,"\\u0061":2}', "duplicate_key", "/a", 1, 8],
  ["__proto__ as a key", '{"a": {"__proto__": {"admin": true}}}', "forbidden_key", "/a/__proto__", 1, 8],
  ["__proto__ in escapes", '{"\\u005f_proto__": 1}', "forbidden_key", "/__proto__", 1, 2],
  ["65 levels", `${"[".repeat(65)}1${"]".repeat(65)}`, "too_deep", `${"/0".repeat(64)}`, 1, 65],
  ["ten thousand levels that never close", "[".repeat(10_000), "too_deep", `${"/0".repeat(64)}`, 1, 65],
  ["a trailing comma", '{"a": 1,}', "json_syntax", "", 1, 9],
  ["a single quote", "{'a': 1}", "json_syntax", "", 1, 2],
  ["a comment", "{} // no", "json_syntax", "", 1, 4],
  ["a leading zero", "[01]", "json_syntax", "/0", 1, 2],
  ["a bare decimal point", "[1.]", "json_syntax", "/0", 1, 2],
  ["NaN", "NaN", "json_syntax", "", 1, 1],
  ["an open text", '["abc', "json_syntax", "/0", 1, 2],
  ["an unknown escape", '"\\x41"', "json_syntax", "", 1, 2],
  ["a raw line break in a text", '"a\nb"', "json_syntax", "", 1, 3],
  ["nothing at all", "", "json_syntax", "", 1, 1],
]

describe("reading JSON", () => {
  test.each(refusals)("refuses %s and says where", (_title, text, code, pointer, line, column) => {
    const read = readJson(text)
    expect(read.ok ? read.value : read.problem).toMatchObject({ code, pointer, line, column })
  })

  test("keeps what is allowed exactly", () => {
    const text =
      '{"n":9007199254740991,"m":-9007199254740991,"f":0.1,"e":1.5e-7,"s":"😀 größe \\ud83d\\ude00","constructor":1,"z":-0}'
    expect(readJson(text)).toEqual({
      ok: true,
      value: { n: 9007199254740991, m: -9007199254740991, f: 0.1, e: 1.5e-7, s: "😀 größe 😀", constructor: 1, z: 0 },
    })
  })

  test("64 levels are allowed", () => {
    expect(readJson("[".repeat(64) + "]".repeat(64)).ok).toBe(true)
  })

  test("a text over the limit is refused without being parsed", () => {
    expect(readJson(`"${"x".repeat(100)}"`, { lengthMax: 50 })).toMatchObject({
      ok: false,
      problem: { code: "too_large" },
    })
    expect(readJson("[".repeat(10_000_000))).toMatchObject({ ok: false, problem: { code: "too_large" } })
  })

  test("what is written comes back, by the fast way and by the strict parser alike", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false, maxDepth: 6 }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        const fast = readJson(text)
        const strict = parseJsonWithPositions(text, limits)
        expect(fast.ok).toBe(strict.ok)
        if (fast.ok && strict.ok) {
          expect(fast.value).toEqual(strict.value)
          expect(JSON.stringify(fast.value)).toBe(JSON.stringify(JSON.parse(text)))
        }
      }),
    )
  })

  test("whatever the text, both ways agree and neither throws", () => {
    const alphabet = fc.constantFrom(
      ...'{}[]":,\\u0d8e-.1 \nabtrufalsn',
      "null",
      "true",
      '"a"',
      '"a":',
      "\ud800",
      "__proto__",
    )
    fc.assert(
      fc.property(
        fc.array(alphabet, { maxLength: 40 }).map((parts) => parts.join("")),
        (text) => {
          const fast = readJson(text)
          const strict = parseJsonWithPositions(text, limits)
          expect(fast.ok).toBe(strict.ok)
          if (fast.ok) expect(JSON.stringify(fast.value)).toBe(JSON.stringify(JSON.parse(text)))
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test("positions point at every key and value", () => {
    const text = '{\n "a": [10, {"b/c": "x"}]\n}'
    const read = parseJsonWithPositions(text, limits)
    const at = (pointer: string) => (read.ok ? read.positions.get(pointer) : undefined)
    expect(text.slice(at("/a/0")?.value, at("/a/0")?.end)).toBe("10")
    expect(text.slice(at("/a/1/b~1c")?.value, at("/a/1/b~1c")?.end)).toBe('"x"')
    expect(text.slice(at("/a/1/b~1c")?.key ?? 0).startsWith('"b/c"')).toBe(true)
  })
})

describe("checking a value that never was text", () => {
  class Money {
    readonly amount = 1
  }
  const cyclic: { self?: unknown } = {}
  cyclic.self = cyclic
  const wrong: readonly (readonly [title: string, value: unknown, code: string, pointer: string])[] = [
    ["undefined", { a: [undefined] }, "not_json", "/a/0"],
    ["a hole in an array", Object.assign([1], { length: 2 }), "not_json", "/1"],
    ["NaN", { a: Number.NaN }, "not_json", "/a"],
    ["an unsafe integer", [2 ** 53], "number_out_of_range", "/0"],
    ["a bigint", { a: 1n }, "not_json", "/a"],
    ["a date", { at: new Date(0) }, "not_json", "/at"],
    ["a map", new Map(), "not_json", ""],
    ["an instance of a class", { price: new Money() }, "not_json", "/price"],
    ["a function", { f: () => 1 }, "not_json", "/f"],
    ["a value that contains itself", cyclic, "too_deep", "/self".repeat(64)],
    ["a lone surrogate", { a: "\ud800" }, "invalid_text", "/a"],
    ["an own __proto__", JSON.parse('{"__proto__": 1}'), "forbidden_key", "/__proto__"],
    ["a symbol", { [Symbol("x")]: 1 }, "not_json", ""],
  ]
  test.each(wrong)("refuses %s", (_title, value, code, pointer) => {
    expect(checkJson(value)).toMatchObject({ code, pointer })
  })

  test("names the class of what it refuses", () => {
    expect(checkJson({ at: new Date(0) })?.message).toContain("a Date")
  })

  test("refuses what is too large", () => {
    expect(checkJson({ a: "x".repeat(100) }, { lengthMax: 50 })).toMatchObject({ code: "too_large", pointer: "/a" })
  })

  test("accepts whatever the reader accepts", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const read = readJson(JSON.stringify(value))
        if (read.ok) expect(checkJson(read.value)).toBeNull()
        else expect(checkJson(value as Json)?.code).toBe(read.problem.code)
      }),
    )
  })
})
