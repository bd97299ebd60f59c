import { describe, expect, test } from "vitest"
import { freeNames, shown, syntaxErrorOf } from "./testing/expressions.ts"

describe("what an expression may look like", () => {
  test.each([
    ["1 + 2 * 3", "7"],
    ["(1 + 2) * 3", "9"],
    ["7 - 2 - 1", "4"],
    ["1 | 6 ^ 2 & 3 << 1 + 1", "7"],
    ["not 1 == 2 and 3 in [3] or fail()", "True"],
    ["1 if 0 else 2 if 0 else 3", "3"],
    ["-2 * -3 + ~0", "5"],
    ["[x + y for x in [1, 2] if x > 1 for y in (10, 20)]", "[12, 22]"],
    ["{k: v for k, (v, _) in [(1, (2, 3))]}", "{1: 2}"],
    ["[a for [a] in [[1], [2]]]", "[1, 2]"],
    ["(lambda x, y=2, *rest, z, **others: (x, y, rest, z, others))(1, z=3)", "(1, 2, (), 3, {})"],
    ["(lambda *, a: a)(a = 1)", "1"],
    ["max(*[1, 2], **{})", "2"],
    ["[1, 2, 3,][-1]", "3"],
    ["(1,)", "(1,)"],
    ["()", "()"],
    ["'a' 'b'.upper() if False else 1".replace("'a' ", ""), "1"],
    ["0x1F + 0o17 + 0b11 + 10", "59"],
    [".5 + 1. + 1e1 + 1.5E-1", "11.65"],
    ["0in[1]", "False"],
    ["1 + # a comment\n  2", "3"],
    ["1 \\\n + 2", "3"],
    ["\n  1\n  + 2\n", "3"],
    ["é + 1 if False else 'ü'", '"ü"'],
  ])("%s", (source, value) => {
    expect(shown(source)).toBe(value)
  })

  test.each([
    ["a < b < c", "comparisons do not chain", "a < b and b < c"],
    ["x = 1", "unexpected `=`", "=="],
    ["1, 2", "unexpected `,`", "brackets"],
    ["f(a=1, 2)", "positional argument may not follow", ""],
    ["f(a=1, a=2)", "given twice", ""],
    ["f(**a, *b)", "may not follow **kwargs", ""],
    ["lambda a, a: 1", "declared twice", ""],
    ["lambda a=1, b: 1", "required parameter may not follow", ""],
    ["lambda *: 1", "bare *", ""],
    ["{1, 2}", "expected :", "set(["],
    ["[x for x in 1, 2]", "expected ]", ""],
    ["[x for f(x) in y]", "expected in", ""],
    ["a.if", "expected a name", '["if"]'],
    ["a[", "expected an expression, not the end", ""],
    ["a[]", "expected an expression", ""],
    ["2 ** 3", "unexpected `**`", "power"],
    ["a && b", "expected an expression, not `&`", "and"],
    ["!a", "unexpected character", "not x"],
    ["a ? b : c", "unexpected character", "a if condition else b"],
    ["def f(): pass", "not the keyword def", "statements"],
    ["a is None", "unexpected the keyword is", "=="],
    ["", "the end", ""],
    ["6burgle", "unexpected `burgle`", ""],
    ["0123", "starts with 0", "0o0123"],
    ["0x", "invalid int literal", ""],
    ["1e999", "too large", ""],
    ["'abc", "not closed", ""],
    ["'a\nb'", "not closed", ""],
    ["'\\q'", "invalid escape", "raw string"],
    ["'\\x80'", "non-ASCII", ""],
    ["'\\ud800'", "surrogate", ""],
    ["'\\U00110000'", "above U+10FFFF", ""],
    ["b'\\400'", "above 255", ""],
  ])("%s is refused with what to do instead", (source, message, hint) => {
    const error = syntaxErrorOf(source)
    expect(error.message).toContain(message)
    expect(error.hint ?? "").toContain(hint)
  })

  test("an error says where it is, in lines and columns", () => {
    expect(syntaxErrorOf("1 +\n  2 3")).toMatchObject({ offset: 8, line: 2, column: 5 })
  })

  test("a source of more than 64 KiB of UTF-8 is refused", () => {
    expect(syntaxErrorOf(`'${"ä".repeat(32 * 1024)}'`).message).toContain("longer than 64 KiB")
    expect(shown(`len('${"ä".repeat(32 * 1024 - 4)}')`)).toBe("32764")
  })

  test.each(["(", "[", "{1:", "not ", "-", "lambda: ", "1 if 1 else ", "f("])(
    "%s inside itself more than 64 times is refused, however often",
    (opening) => {
      for (const times of [65, 10_000]) {
        expect(syntaxErrorOf(`${opening.repeat(times)}1`.slice(0, 65_536)).message).toMatch(/nested|end/)
      }
    },
  )

  test("chains of operators and paths are not nesting", () => {
    expect(shown(Array(10_000).fill("1").join(" + "))).toBe("10000")
    expect(shown(Array(10_000).fill("1").join(" and "))).toBe("1")
    expect(freeNames(`a${".b".repeat(20_000)}`)[0]?.path).toHaveLength(20_000)
  })
})

describe("string and bytes literals", () => {
  test.each([
    [String.raw`"\a\b\f\n\r\t\v\\\'\"" == chr(7) + chr(8) + chr(12) + chr(10) + chr(13) + chr(9) + chr(11) + "\\'\""`],
    [String.raw`"\101\x41\u0041\U00000041" == "AAAA"`],
    [String.raw`"\0" == chr(0) and "\119" == "\t9"`],
    [String.raw`r"a\nb" == "a\\nb" and r'\'' == "\\'"`],
    [`"""a\n'b' "c" ""d""" == "a\\n'b' \\"c\\" \\"\\"d"`],
    [`'''a\r\nb''' == "a\\nb"`],
    [`"a\\\nb" == "ab" and r"a\\\nb" == "a\\\\\\nb"`],
    ['b"ab" == bytes([97, 98]) and rb"\\n" == bytes([92, 110]) and Rb"" == bytes([])'.replace("Rb", "br")],
    [String.raw`b"\377\xff" == bytes([255, 255]) and b"\u00e9" == b"é" and len(b"é") == 2`],
    ['"😀" == "\\U0001F600" and len("😀") == 2'],
  ])("%s", (source) => {
    expect(shown(source)).toBe("True")
  })
})

describe("free names", () => {
  test("a name comes with the path that is read from it, and where", () => {
    expect(freeNames(' error_rate > ctx.config["max rate"][0].value')).toEqual([
      { name: "error_rate", path: [], called: false, offset: 1, line: 1, column: 2, end: 11 },
      {
        name: "ctx",
        path: ["config", "max rate", 0, "value"],
        called: false,
        offset: 14,
        line: 1,
        column: 15,
        end: 45,
      },
    ])
  })

  test("a path ends at a call, a slice, or an index that is not written down", () => {
    const names = freeNames("a.b.keys() + c[1:].d + e[f.g].h")
    expect(names.map(({ name, path, called }) => [name, path, called])).toEqual([
      ["a", ["b", "keys"], true],
      ["c", [], false],
      ["e", [], false],
      ["f", ["g"], false],
    ])
  })

  test("brackets around a name do not hide its path", () => {
    expect(freeNames("(ctx.a).b").map(({ name, path }) => [name, path])).toEqual([["ctx", ["a"]]])
  })

  test("loop variables and parameters are not free, except in the first iterable and in defaults", () => {
    expect(freeNames("[x for x in x for y in x]").map(({ name }) => name)).toEqual(["x"])
    expect(freeNames("lambda a, b=a: a + b + c").map(({ name }) => name)).toEqual(["a", "c"])
  })

  test("built-ins are free names, because the scope may hide them", () => {
    expect(freeNames("len(items)").map(({ name, called }) => [name, called])).toEqual([
      ["len", true],
      ["items", false],
    ])
  })
})
