import { describe, expect, test } from "vitest"
import { evaluate, parseExpression, STEPS_MAX, toJson } from "./index.ts"
import { errorOf, run, scopeOf, shown } from "./testing/expressions.ts"

function nested(times: number, wrap: (inner: string) => string, innermost: string): string {
  let source = innermost
  for (let time = 0; time < times; time++) source = wrap(source)
  return source
}

const quadrupled = (open: string, close: string) =>
  nested(15, (inner) => `(lambda a: ${open}a, a, a, a${close})(${inner})`, "(1,)")

/** Inputs far larger than anything an expression may make. */
const INPUTS = {
  text: "x".repeat(4_000_000),
  words: "ab ".repeat(500_000),
  array: Array.from({ length: 100_000 }, (_, index) => index),
  table: Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`key${index}`, index])),
}

describe("bounds of one expression", () => {
  test.each([
    ['"a" * 1000000000'],
    ["[0] * 1000000000"],
    ["(0,) * (1 << 60)"],
    ["b'a' * 1000000000"],
    ["[a for a in range(100000) for b in range(100000)]"],
    ["[[[1 for c in range(1000)] for b in range(1000)] for a in range(1000)]"],
    ["list(range(1 << 40))"],
    ["sorted(range(90000), key=lambda x: [x, x])"],
    [nested(18, (inner) => `(lambda a: a + a)(${inner})`, '"aaaaaaaaaa"')],
    [`str(${quadrupled("[", "]")})`],
    [`(lambda x, y: x == y)(${quadrupled("[", "]")}, ${quadrupled("[", "]")})`],
    [`(lambda x, y: x < y)(${quadrupled("[", "]")}, ${quadrupled("[", "]")})`],
    [`{${quadrupled("(", ")")}: 1}`],
    ["[(1 << 60000) % ((1 << 30000) + 7) for i in range(1000)]"],
    ["[1 << 65000 for i in range(100000)]"],
    ["[-((1 << 60000) + i) for i in range(90000)]"],
    ["(lambda a: [str(a) and 1 for i in range(90000)])((1 << 65000) - 1)"],
    ["(lambda a: [{a: 1} and 1 for i in range(90000)])((1 << 65000) - 1)"],
    ['[int("9" * 15000) and 1 for i in range(1000)]'],
    ['[int("z" * 12000, 36) and 1 for i in range(1000)]'],
    ['("a" * 400000).find("b" + "a" * 200000)'],
    ['("a" * 1000).replace("", "b" * 10000)'],
    ["text.replace('x', 'yy')"],
    ["text.split('x')"],
    ["words.split()"],
    ["words.rsplit()"],
    ["words.splitlines() and [words.title() for i in range(3)]"],
    ["[text.startswith(text) for i in range(90000)]"],
    ["[text.startswith((text,) * 100) for i in range(900)]"],
    ["[text.removeprefix(text) for i in range(90000)]"],
    ["[text.isalpha() for i in range(10000)]"],
    ["[words.istitle() for i in range(10000)]"],
    ["[text.strip('x') for i in range(10000)]"],
    ["['y' in text for i in range(10000)]"],
    ["[hash(text) for i in range(10000)]"],
    ["(lambda a, b: [a == b for i in range(90000)])('a' * 400000, 'a' * 400000)"],
    ["text % ()"],
    ['("%%" * 400000) % ()'],
    ['("{}" * 100000).format(*range(100000))'],
    ["repr(text)"],
    ["text.upper()"],
    ["list(text.elems())"],
    ["text[::2]"],
    ["[len(table) for i in range(90000)]"],
    ["[1 for i in range(90000) if table]"],
    ["[table == {} for i in range(90000)]"],
    ["[dir(table) for i in range(90)]"],
    ["dict(table)"],
    ["str(table)"],
    ["dict(**table)"],
    ["max(*array)"],
    ["[-1 in array for i in range(1000)]"],
    ["[sorted(array) for i in range(10)]"],
    ["zip(*[range(1000)] * 1000)"],
    ["set(range(10000)).difference(*([set()] * 5000))"],
    ["{i << 64: 1 for i in range(40000)}"],
    ["(lambda l: [l.insert(0, i) for i in range(90000)])([])"],
    ["(lambda l: [l.pop(0) for i in range(90000)])([i for i in range(40000)])"],
    ["str((lambda l: [l.append([l.pop()]) for i in range(2000)] and l)([0]))"],
    ["(lambda l, m: [l.append([l.pop()]) or m.append([m.pop()]) for i in range(2000)] and l == m)([0], [0])"],
    ["{(lambda l: [l.append((l.pop(),)) for i in range(2000)] and l[0])([0]): 1}"],
  ])("%s ends within its bounds", (source) => {
    const budget = { stepsLeft: 1_000_000 }
    expect(errorOf(source, INPUTS, budget).code).toBe("expression_budget")
    expect(budget.stepsLeft).toBeGreaterThanOrEqual(1_000_000 - STEPS_MAX)
  })

  test.each([
    ["1 << 1000000000"],
    [nested(18, (inner) => `(lambda a: a * a)(${inner})`, "3")],
    ['int("9" * 100000)'],
    ["range(1 << 60)"],
    ["(1 << 5000) / 2"],
  ])("%s is a number out of range, loudly", (source) => {
    expect(errorOf(source).code).toBe("number_out_of_range")
  })

  test("what a useful expression does stays far below the bounds", () => {
    expect(
      shown("len([k for k in map if map[k] % 2 == 0][:3])", {
        map: Object.fromEntries([...Array(2_000)].map((_, i) => [`k${i}`, i])),
      }),
    ).toBe("3")
    expect(shown("'error' in text", INPUTS)).toBe("False")
    expect(shown("len(text) + len(array) + array[99999]", INPUTS)).toBe("4199999")
    expect(shown("array == array and table == table", INPUTS)).toBe("True")
  })

  test("a deeply nested source is evaluated without the stack", () => {
    const level = (inner: string) => `(1 if not (0 or 1 and 1 < 1 | 1 ^ 1 & 1 << 1 + 1 * -[${inner}][0]) else 0)`
    expect(shown(nested(12, level, "1"))).toMatch(/^[01]$/)
    const bodies = Array.from(
      { length: 60 },
      () => `lambda f: 0 if len(f) == 0 else ${nested(5, level, "f[0](f[1:])")}`,
    )
    expect(errorOf(`[${bodies.join(", ")}][0]([${bodies.join(", ")}][1:])`)).toMatchObject({
      code: "expression_budget",
      message: "the evaluation is nested too deeply",
    })
  })

  test("calls nest at most 64 deep", () => {
    const chain = (depth: number) =>
      nested(depth, (inner) => `(lambda: ${inner})()`, "1").length < 60_000 &&
      run(`(lambda fs: fs[0](fs[1:]))([${Array(depth).fill("lambda fs: fs[0](fs[1:])").join(", ")}, lambda fs: 'end'])`)
    expect(chain(60)).toMatchObject({ ok: true, value: "end" })
    expect(chain(100)).toMatchObject({ ok: false, error: { code: "expression_budget" } })
  })
})

describe("the budget that the expressions of a command share", () => {
  test("every evaluation takes its steps from it, failing ones too", () => {
    const budget = { stepsLeft: 1_000 }
    expect(run("1 + 1", {}, budget).ok).toBe(true)
    const afterOne = budget.stepsLeft
    expect(afterOne).toBeLessThan(1_000)
    expect(run("nope", {}, budget).ok).toBe(false)
    expect(budget.stepsLeft).toBeLessThan(afterOne)
  })

  test("when it is used up, expressions fail instead of running", () => {
    const budget = { stepsLeft: 500 }
    const error = errorOf("[x for x in range(1000)]", {}, budget)
    expect(error).toMatchObject({ code: "expression_budget", message: expect.stringContaining("this command") })
    expect(budget.stepsLeft).toBe(0)
    expect(errorOf("1", {}, budget).code).toBe("expression_budget")
  })

  test("one expression takes no more than its own share of a large budget", () => {
    const budget = { stepsLeft: 10_000_000 }
    expect(errorOf("[x for x in range(1000000)]", {}, budget).message).toContain("100000 steps")
    expect(budget.stepsLeft).toBe(10_000_000 - STEPS_MAX)
  })

  test("the same expression takes the same number of steps each time", () => {
    const parsed = parseExpression("sorted([str(x) for x in range(50)], key=len)[0] + text[:3]")
    if (!parsed.ok) throw new Error(parsed.error.message)
    const used = [1, 2, 3].map(() => {
      const budget = { stepsLeft: 100_000 }
      const done = evaluate(parsed.expression, scopeOf(INPUTS), budget)
      expect(done.ok && toJson(done.value)).toEqual({ ok: true, value: "0xxx" })
      return budget.stepsLeft
    })
    expect(new Set(used).size).toBe(1)
  })
})
