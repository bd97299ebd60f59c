import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Json } from "../../json.ts"
import { evaluate, Given, parseExpression, STEPS_MAX, toJson } from "./index.ts"
import { errorOf, json, run, scopeOf, shown } from "./testing/expressions.ts"

const given = (value: bigint | number | string) => new Given(value)
const bigInts = fc.oneof(fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }), fc.bigInt({ min: -20n, max: 20n }))
const floats = fc.double({ noNaN: true, noDefaultInfinity: true })
const texts = fc.string({ unit: fc.constantFrom("a", "b", " ", "\n", "é", "😀", '"', "\\", "{", "}", "%") })
const indices = fc.option(fc.integer({ min: -12, max: 12 }), { nil: null })

/** Rounded towards minus infinity, from its definition rather than from signs. */
function floorDivide(a: bigint, b: bigint): bigint {
  let quotient = a / b
  while (quotient * b > (b > 0n ? a : quotient * b)) quotient--
  while (b < 0n && quotient * b < a) quotient--
  return quotient
}

describe("ints", () => {
  test("arithmetic is exact, and division rounds down", () => {
    fc.assert(
      fc.property(bigInts, bigInts, (a, b) => {
        const names = { a: given(a), b: given(b) }
        const value = (source: string) => {
          const done = run(source, names)
          return done.ok ? done.value : done.error.message
        }
        expect(value("a + b")).toBe(a + b)
        expect(value("a - b")).toBe(a - b)
        expect(value("a * b")).toBe(a * b)
        expect(value("(a & b) + (a | b)")).toBe(a + b)
        expect(value("a ^ b ^ b")).toBe(a)
        expect(value("[a < b, a == b, a > b]")).toMatchObject({ items: [a < b, a === b, a > b] })
        expect(value("int(str(a)) == a and int('%x' % b, 16) == b and int(repr(a), 10) == a")).toBe(true)
        if (b !== 0n) {
          const quotient = floorDivide(a, b)
          expect(value("a // b")).toBe(quotient)
          expect(value("a % b")).toBe(a - quotient * b)
        }
      }),
    )
  })

  test("text in any base reads back", () => {
    fc.assert(
      fc.property(bigInts, fc.integer({ min: 2, max: 36 }), (a, base) => {
        expect(shown("int(t, base) == a", { t: a.toString(base), base, a: given(a) })).toBe("True")
      }),
    )
  })

  test("an int and a float compare as the numbers they are", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), floats, (a, b) => {
        const exact = Number.isInteger(b) ? BigInt(b) : undefined
        const names = { a: given(a), b: given(b) }
        expect(shown("a == b", names)).toBe(exact === a ? "True" : "False")
        if (exact !== undefined) expect(shown("a < b", names)).toBe(a < exact ? "True" : "False")
        expect(shown("{a: 1}.get(b) == 1", names)).toBe(exact === a ? "True" : "False")
      }),
    )
  })
})

describe("floats", () => {
  test("their text reads back as the same float and looks like one", () => {
    fc.assert(
      fc.property(floats, (a) => {
        const text = json("str(a)", { a: given(a) }) as string
        expect(text).toMatch(/^-?\d+(\.\d+(e[+-]\d\d+)?|e[+-]\d\d+)$/)
        expect(Object.is(Number(text), a)).toBe(true)
        expect(shown("float(str(a)) == a and '%g' % a == str(a)", { a: given(a) })).toBe("True")
      }),
    )
  })

  test("six digits are the nearest ones", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (a) => {
        const fixed = Number(json("'%f' % a", { a: given(a) }))
        expect(Math.abs(fixed - a)).toBeLessThanOrEqual(0.5000001e-6)
        const exponential = json("'%e' % a", { a: given(a) }) as string
        expect(exponential).toMatch(/^-?\d\.\d{6}e[+-]\d\d+$/)
        expect(Math.abs(Number(exponential) - a)).toBeLessThanOrEqual(Math.abs(a) * 0.5000001e-6)
      }),
    )
  })
})

describe("sequences", () => {
  test("a slice is what the specification's definition of it picks", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 9 }), indices, indices, indices, (list, i, j, k) => {
        fc.pre(k !== 0)
        const expected = slice(list, i, j, k ?? 1)
        const names = { l: list, i, j, k }
        expect(json("l[i:j:k]", names)).toEqual(expected)
        expect(json("list(tuple(l)[i:j:k])", names)).toEqual(expected)
        expect(json("[l[n] for n in range(len(l))[i:j:k]]", names)).toEqual(expected)
        expect(json("''.join([chr(97 + n) for n in range(len(l))])[i:j:k]", names)).toBe(
          slice([...list.keys()], i, j, k ?? 1)
            .map((index) => String.fromCharCode(97 + index))
            .join(""),
        )
      }),
    )
  })

  test("sorting is stable and ordered, in both directions", () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer()), { maxLength: 20 })
    fc.assert(
      fc.property(pairs, fc.boolean(), (list, reverse) => {
        const sign = reverse ? -1 : 1
        const expected = [...list].sort((left, right) => sign * (left[0] - right[0]))
        expect(json("sorted(l, key=lambda p: p[0], reverse=r)", { l: list, r: reverse })).toEqual(expected)
      }),
    )
  })

  test("a dict keeps the order in which its keys came", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(texts, fc.integer())), (pairs) => {
        const expected = [...new Map(pairs)]
        expect(json("dict(pairs).items()", { pairs })).toEqual(expected)
        expect(json("{k: v for k, v in pairs}.items()", { pairs })).toEqual(expected)
        expect(json("list(set([k for k, v in pairs]))", { pairs })).toEqual(expected.map(([key]) => key))
      }),
    )
  })

  function slice<T>(list: readonly T[], start: number | null, stop: number | null, step: number): T[] {
    const low = step > 0 ? 0 : -1
    const high = step > 0 ? list.length : list.length - 1
    const clamp = (index: number | null, otherwise: number) =>
      index === null ? otherwise : Math.min(high, Math.max(low, index < 0 ? index + list.length : index))
    const picked: T[] = []
    const end = clamp(stop, step > 0 ? high : low)
    for (let at = clamp(start, step > 0 ? low : high); step > 0 ? at < end : at > end; at += step) {
      const item = list[at]
      if (item !== undefined) picked.push(item)
    }
    return picked
  }
})

describe("strings", () => {
  test("splitting and joining undo each other", () => {
    fc.assert(
      fc.property(texts, fc.constantFrom("a", "ab", " ", "😀"), (text, separator) => {
        const names = { t: text, s: separator }
        expect(shown("s.join(t.split(s)) == t and s.join(t.rsplit(s)) == t", names)).toBe("True")
        expect(shown("''.join(t.splitlines(True)) == t and ''.join(t.elems()) == t", names)).toBe("True")
        expect(shown("t.split(s) == t.rsplit(s) and len(t.split(s)) == t.count(s) + 1", names)).toMatch(/True/)
        expect(shown("''.join(t.partition(s)) == t and ''.join(t.rpartition(s)) == t", names)).toBe("True")
        expect(shown("t.replace(s, '') == ''.join(t.split(s))", names)).toBe("True")
        expect(shown("(s in t) == (t.find(s) >= 0) and (t.find(s) < 0 or t[t.find(s):].startswith(s))", names)).toBe(
          "True",
        )
      }),
    )
  })

  test("repr of text is a literal of it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const written = json("repr(t)", { t: text }) as string
        expect(shown(`${written} == t`, { t: text })).toBe("True")
      }),
    )
  })

  test("formatting puts the values where the braces and percents are", () => {
    fc.assert(
      fc.property(texts, texts, (left, right) => {
        const escaped = (text: string) => text.replace(/[{}]/g, "$&$&")
        const percents = (text: string) => text.replaceAll("%", "%%")
        const names = {
          l: left,
          r: right,
          f: `${escaped(left)}{}${escaped(right)}`,
          p: `${percents(left)}%s${percents(right)}`,
        }
        expect(shown("f.format('X') == l + 'X' + r and p % 'X' == l + 'X' + r", names)).toBe("True")
      }),
    )
  })
})

describe("inputs and results", () => {
  /** What the lossless reader lets in (rule 23). */
  const { value: safe } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom(null, true, false),
      fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
      fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: true }),
      texts,
      fc.array(tie("value")),
      fc.dictionary(texts, tie("value")),
    ),
  }))

  test("JSON goes through an expression unchanged", () => {
    fc.assert(
      fc.property(safe, (value) => {
        expect(json("value", { value })).toEqual(value)
        expect(shown("value == value and [value] == [value] and not value != value", { value })).toBe("True")
      }),
    )
  })

  test("a dict made anew from an object equals it and gives the same JSON", () => {
    fc.assert(
      fc.property(fc.dictionary(texts, fc.oneof(fc.integer(), fc.boolean(), texts)), (object) => {
        const plain = JSON.parse(JSON.stringify(object)) as Json
        expect(shown("dict(o) == o and {k: o[k] for k in o} == o and (o | {}) == o", { o: plain })).toBe("True")
        expect(JSON.stringify(json("dict(o)", { o: plain }))).toBe(JSON.stringify(plain))
      }),
    )
  })
})

describe("whatever is written", () => {
  const words = fc.constantFrom(
    ..."a b ctx x 1 2.5 0x1f 1e5 'a' \"b{}\" '%s' b'x' r'\\' None True False ( ) [ ] { } , : . = == != < <= in not and or if else for lambda * ** + - / // % | & ^ ~ << >> len sorted range str list dict set zip max .x .append() .items() .keys() .join .format .split [0] [1:] () (1) for_ x_in".split(
      " ",
    ),
  )
  const names = { ctx: { x: [1, { a: "b" }], items: 2 }, a: 3, b: "text", x: [3, 1, 2] }

  function survives(source: string): void {
    const parsed = parseExpression(source)
    if (!parsed.ok) {
      expect(parsed.error.offset).toBeGreaterThanOrEqual(0)
      expect(parsed.error.offset).toBeLessThanOrEqual(source.length)
      return
    }
    const budget = { stepsLeft: 150_000 }
    const done = evaluate(parsed.expression, scopeOf(names), budget)
    expect(budget.stepsLeft).toBeGreaterThanOrEqual(150_000 - STEPS_MAX)
    if (done.ok) toJson(done.value)
    else expect(done.error.message).not.toMatch(/unexpected failure|more stack/)
  }

  test("random tokens never crash the parser or the evaluator", () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 25 }), fc.constantFrom("", " "), (tokens, space) => {
        survives(tokens.join(space))
      }),
      { numRuns: 3_000 },
    )
  })

  test("random text never crashes the parser", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 60 }), survives), { numRuns: 2_000 })
  })

  test("expressions of random shape end in a value or in an error of their own", () => {
    const { expression } = fc.letrec<{ expression: string; atom: string }>((tie) => ({
      atom: fc.constantFrom(
        ...["1", "-3", "2.5", "'ab'", "''", "None", "True", "[]", "[3, 1]", "(1, 'a')", "{'k': 1}", "{1: [2]}"],
        ...[
          "set([1])",
          "range(4)",
          "b'xy'",
          "ctx",
          "ctx.x",
          "a",
          "b",
          "x",
          "len",
          "lambda v: v",
          "1 << 70",
          "float('nan')",
        ],
      ),
      expression: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        tie("atom"),
        fc
          .tuple(
            tie("expression"),
            fc.constantFrom(..."+ - * / // % == != < >= in & | ^ << >> and or".split(" ")),
            tie("expression"),
          )
          .map(([left, operator, right]) => `(${left}) ${operator} (${right})`),
        fc.tuple(fc.constantFrom("-", "~", "not "), tie("expression")).map(([sign, operand]) => `${sign}(${operand})`),
        fc.tuple(tie("expression"), tie("expression")).map(([base, index]) => `(${base})[${index}]`),
        fc.tuple(tie("expression"), tie("expression")).map(([base, index]) => `(${base})[${index}:]`),
        fc.tuple(tie("expression"), tie("expression")).map(([body, over]) => `[${body} for i in (${over}) if i]`),
        fc.tuple(tie("expression"), tie("expression")).map(([key, over]) => `{(${key}): i for i in (${over})}`),
        fc
          .tuple(
            fc.constantFrom(
              ..."abs any all bool bytes chr dict dir enumerate fail float hash int len list max min ord range repr reversed set sorted str tuple type zip getattr hasattr".split(
                " ",
              ),
            ),
            fc.array(tie("expression"), { maxLength: 3 }),
          )
          .map(([name, values]) => `${name}(${values.join(", ")})`),
        fc
          .tuple(
            tie("expression"),
            fc.constantFrom(
              ..."append clear extend index insert pop remove get items keys popitem setdefault update values add discard union difference intersection issubset capitalize count elems endswith find format isalnum join lower partition removeprefix replace rfind rsplit split splitlines startswith strip title upper".split(
                " ",
              ),
            ),
            fc.array(tie("expression"), { maxLength: 3 }),
          )
          .map(([receiver, method, values]) => `(${receiver}).${method}(${values.join(", ")})`),
        fc
          .tuple(tie("expression"), tie("expression"), tie("expression"))
          .map(([condition, then, otherwise]) => `(${then}) if (${condition}) else (${otherwise})`),
        fc
          .tuple(tie("expression"), tie("expression"))
          .map(([body, value]) => `(lambda i, *r, k=1: (${body}))(${value})`),
      ),
    }))
    fc.assert(fc.property(expression, survives), { numRuns: 4_000 })
  })

  test("a name that nothing defines is an error with names that are defined", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{3,12}$/), (name) => {
        const source = `${name}_undefined`
        expect(errorOf(source, names)).toMatchObject({ text: source, code: "expression_failed" })
      }),
    )
  })
})
