import { describe, expect, test } from "vitest"
import type { Json } from "../../json.ts"
import { evaluate, Given, type LazyObject, parseExpression, toJson } from "./index.ts"
import { errorOf, json, run, scopeOf, shown } from "./testing/expressions.ts"

/** A lazy object that remembers what was asked of it. */
function spied(members: Record<string, Json | LazyObject>): LazyObject & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    get(key) {
      asked.push(`get ${key}`)
      return Object.hasOwn(members, key) ? members[key] : undefined
    },
    has(key) {
      asked.push(`has ${key}`)
      return Object.hasOwn(members, key)
    },
    keys() {
      asked.push("keys")
      return Object.keys(members)
    },
  }
}

describe("reading the context", () => {
  test("a condition reads the members it names and nothing else", () => {
    const thresholds = spied({ errorRate: 0.05, latency: 3 })
    const ctx = spied({ config: spied({ thresholds }), items: [1, 2, 3] })
    expect(shown("error_rate > ctx.config.thresholds.errorRate", { error_rate: 0.07, ctx })).toBe("True")
    expect(ctx.asked).toEqual(["get config"])
    expect(thresholds.asked).toEqual(["get errorRate"])
  })

  test("an object lists its members only when the expression goes through them", () => {
    const ctx = spied({ a: 1, b: 2 })
    expect(shown("'a' in ctx and ctx.get('x') == None and ctx['b'] == 2", { ctx })).toBe("True")
    expect(ctx.asked).toEqual(["has a", "get get", "get x", "get b"])
    expect(shown("[k for k in ctx] + ctx.values()", { ctx })).toBe('["a", "b", 1, 2]')
    expect(ctx.asked).toContain("keys")
  })

  test("the dot finds the key before the method, the bracket only the key", () => {
    const order = { items: [1], keys: "mine", total: 3 }
    expect(shown("order.items == [1] and order.keys == 'mine' and order['items'] == [1]", { order })).toBe("True")
    expect(shown("order.values()", { order })).toBe('[[1], "mine", 3]')
    expect(
      shown("getattr(order, 'total') == 3 and hasattr(order, 'items') and not hasattr(order, 'nope')", { order }),
    ).toBe("True")
    expect(errorOf("order['values']", { order }).message).toContain("not found")
  })

  test("a dict made by the expression has methods only, and says how to read its key", () => {
    const error = errorOf('{"total": 1}.total')
    expect(error.message).toContain("no field or method")
    expect(error.hint).toBe('write ["total"]')
  })

  test("inherited members of JavaScript objects are not there", () => {
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"]) {
      expect(errorOf(`ctx.${name}`, { ctx: { a: 1 } }).message).toContain("no key")
      expect(shown(`"${name}" in ctx`, { ctx: { a: 1 } })).toBe("False")
      expect(errorOf(`"".${name}`).message).toContain("no field or method")
      expect(errorOf(`[].${name}`).message).toContain("no field or method")
      expect(errorOf(`{}["${name}"]`).message).toContain("not found")
      expect(errorOf(name).message).toContain("not defined")
    }
    expect(shown('ctx["__proto__"]["a"]', { ctx: JSON.parse('{"__proto__": {"a": 1}}') })).toBe("1")
  })

  test("numbers without a fraction are ints, the others floats", () => {
    expect(shown("[type(n) for n in ns]", { ns: [1, 1.5, -0, 1e300] })).toBe('["int", "float", "int", "int"]')
  })

  test.each([
    ["ctx.list.append(1)", "frozen list"],
    ["ctx.clear()", "frozen dict"],
    ["ctx.update(a=1)", "frozen dict"],
    ["ctx.list.pop()", "frozen list"],
    ["ctx.setdefault('x', 1)", "frozen dict"],
  ])("%s: inputs do not change", (source, message) => {
    const ctx = { list: [1] }
    expect(errorOf(source, { ctx }).message).toContain(message)
    expect(ctx).toEqual({ list: [1] })
  })

  test("copies of inputs may change", () => {
    expect(shown("(lambda l: [l.append(2), l][1])(list(ctx.list))", { ctx: { list: [1] } })).toBe("[1, 2]")
    expect(shown("dict(ctx, b=2)", { ctx: { a: 1 } })).toBe('{"a": 1, "b": 2}')
  })

  test("inputs equal what is written down, in any order of keys", () => {
    expect(shown("ctx == {'b': [1, {'c': None}], 'a': 1.5}", { ctx: { a: 1.5, b: [1, { c: null }] } })).toBe("True")
  })

  test("names of the scope hide built-ins, and the error says so when one is called", () => {
    expect(shown("len", { len: 3 })).toBe("3")
    const error = errorOf("len('a')", { len: 3 })
    expect(error).toMatchObject({ code: "expression_failed", values: [{ text: "len", value: "3" }] })
    expect(error.hint).toContain("hides the built-in")
  })

  test("None, True and False cannot be redefined by the context", () => {
    expect(shown("[None, True, False]", { True: false, None: 1, False: 2 })).toBe("[None, True, False]")
  })

  test("a value of an earlier expression is handed on as it is", () => {
    const first = run("(1.0, set([2]))")
    if (!first.ok) throw new Error(first.error.message)
    expect(shown("type(before) + type(before[0]) + type(before[1])", { before: new Given(first.value) })).toBe(
      '"tuplefloatset"',
    )
  })

  test("one parsed expression is evaluated against many scopes", () => {
    const parsed = parseExpression("[x * factor for x in range(3)]")
    if (!parsed.ok) throw new Error(parsed.error.message)
    for (const factor of [2, 5]) {
      const done = evaluate(parsed.expression, scopeOf({ factor }), { stepsLeft: 1_000 })
      expect(done.ok && toJson(done.value)).toEqual({ ok: true, value: [0, factor, 2 * factor] })
    }
  })
})

describe("what a failing expression says", () => {
  test("position, text, the values it saw", () => {
    const names = { error_rate: "high", ctx: { config: { errorRate: 0.5 } } }
    expect(errorOf("True and\n  error_rate > ctx.config.errorRate", names)).toMatchObject({
      code: "expression_failed",
      message: "unsupported comparison: string <=> float is not implemented",
      line: 2,
      column: 3,
      offset: 11,
      text: "error_rate > ctx.config.errorRate",
      values: [
        { text: "error_rate", value: '"high"' },
        { text: "ctx.config.errorRate", value: "0.5" },
      ],
    })
  })

  test("names that could have been used, the likely one first", () => {
    expect(errorOf("error_rat > 1", { error_rate: 1, other: 2 })).toMatchObject({
      text: "error_rat",
      hint: "did you mean error_rate?",
      names: expect.arrayContaining(["error_rate"]),
    })
    expect(errorOf("ctx.config.treshold", { ctx: { config: { threshold: 1, level: 2 } } })).toMatchObject({
      text: "ctx.config.treshold",
      names: ["threshold", "level"],
      hint: "did you mean .threshold?",
      values: [{ text: "ctx.config", value: '{"threshold": 1, "level": 2}' }],
    })
    expect(errorOf("ctx['treshold']", { ctx: { threshold: 1 } }).hint).toBe('did you mean ["threshold"]?')
    expect(errorOf("''.strp()").hint).toBe("did you mean .strip?")
  })

  test("values are shown short, however large they are", () => {
    const ctx = { list: Array.from({ length: 100_000 }, (_, index) => ({ index })), text: "x".repeat(1_000_000) }
    for (const source of ["ctx + 1", "ctx.list + 1", "ctx.text + 1", "ctx.list[0].nope", "(1 << 9000) + ''"]) {
      const { values } = errorOf(source, { ctx })
      expect(values.length).toBeGreaterThan(0)
      for (const { value } of values) expect(value.length).toBeLessThanOrEqual(82)
    }
  })

  test("the innermost operation has the word", () => {
    expect(errorOf("sorted([1, 2], key=lambda n: n + 'a')")).toMatchObject({
      text: "n + 'a'",
      values: [
        { text: "n", value: "1" },
        { text: "'a'", value: '"a"' },
      ],
    })
  })

  test("a scope that throws makes the expression fail, nothing more", () => {
    const parsed = parseExpression("x")
    if (!parsed.ok) throw new Error(parsed.error.message)
    const scope = {
      ...scopeOf({}),
      lookup: () => {
        throw new Error("the store is gone")
      },
    }
    const done = evaluate(parsed.expression, scope, { stepsLeft: 10 })
    expect(done).toMatchObject({ ok: false, error: { code: "expression_failed" } })
  })
})

describe("results as JSON", () => {
  test("lists, tuples and dicts become arrays and objects without a prototype", () => {
    const value = json("{'a': (1, [2.5, None]), 'b': {'c': True}}")
    expect(value).toEqual({ a: [1, [2.5, null]], b: { c: true } })
    expect(Object.getPrototypeOf(value)).toBeNull()
    expect(Object.keys(json("{'__proto__': 1}") as object)).toEqual(["__proto__"])
  })

  test("inputs go out as they are, not copied", () => {
    const ctx = { list: [{ a: 1 }] }
    expect(json("ctx.list", { ctx })).toBe(ctx.list)
    expect(json("{'x': ctx.list[0]}", { ctx })).toMatchObject({ x: ctx.list[0] })
  })

  test("a lazy object is written out when it is the result", () => {
    expect(json("ctx", { ctx: spied({ a: 1, b: spied({ c: [2] }) }) })).toEqual({ a: 1, b: { c: [2] } })
  })

  test.each([
    ["9007199254740991 + 1", "number_out_of_range", ""],
    ["[0, -(1 << 60)]", "number_out_of_range", "/1"],
    ["1e20", "number_out_of_range", ""],
    ["{'a/b': float('nan')}", "number_out_of_range", "/a~1b"],
    ["float('inf')", "number_out_of_range", ""],
    ["{1: 2}", "value_not_json", ""],
    ["[set()]", "value_not_json", "/0"],
    ["range(3)", "value_not_json", ""],
    ["b'a'", "value_not_json", ""],
    ["len", "value_not_json", ""],
    ["'a\\0'", "value_not_json", ""],
    ["'😀'[:1]", "value_not_json", ""],
    ["{'😀'[:1]: 1}", "value_not_json", ""],
  ])("%s is refused, saying where", (source, code, pointer) => {
    const done = run(source)
    if (!done.ok) throw new Error(done.error.message)
    expect(toJson(done.value)).toMatchObject({ ok: false, error: { code, pointer: expect.stringContaining(pointer) } })
  })

  test("the largest safe ints and small floats go through", () => {
    expect(json("[9007199254740991, -9007199254740991, 1e-300, 2.0, -0.0]")).toEqual([
      9007199254740991, -9007199254740991, 1e-300, 2, 0,
    ])
  })

  test("a value that stands for far more than it holds is refused", () => {
    const doubled = (source: string, times: number): string =>
      times === 0 ? source : `(lambda a: [a, a])(${doubled(source, times - 1)})`
    for (const [source, names] of [
      [doubled("'abcdefgh'", 24), {}],
      [doubled("big", 12), { big: Array.from({ length: 1_000 }, (_, index) => index) }],
    ] as const) {
      const done = run(source, names)
      if (!done.ok) throw new Error(done.error.message)
      expect(toJson(done.value)).toMatchObject({ ok: false, error: { code: "expression_budget" } })
    }
  })
})
