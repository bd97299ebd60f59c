import { describe, expect, test } from "vitest"
import { inputOf, timeOf, versionOf } from "./arguments.ts"
import { CommandFailure } from "./failure.ts"
import { fakeTerminal } from "./testing/fake-terminal.ts"

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => {
      throw new Error("it was accepted")
    },
    (error: unknown) => (error as CommandFailure).failure,
  )

describe("the input of a run", () => {
  const terminal = fakeTerminal({ input: '{"from": "stdin"}' })

  test("is empty when nothing is said", async () => {
    expect(await inputOf(terminal, {})).toEqual({})
  })

  test("takes single values, as JSON where they are JSON and as text where not", async () => {
    const set = ["service=checkout", "count=3", "deep.flag=true", "deep.name=null", 'quoted="7"', "empty="]
    expect(await inputOf(terminal, { set })).toEqual({
      service: "checkout",
      count: 3,
      deep: { flag: true, name: null },
      quoted: "7",
      empty: "",
    })
  })

  test("takes single values over a document, and leaves the rest of it", async () => {
    const input = '{"a": {"b": 1, "c": 2}, "d": 3}'
    expect(await inputOf(terminal, { input, set: ["a.b=9", "e=x=y"] })).toEqual({ a: { b: 9, c: 2 }, d: 3, e: "x=y" })
  })

  test("comes from standard input by -", async () => {
    expect(await inputOf(terminal, { inputFile: "-" })).toEqual({ from: "stdin" })
  })

  test("is refused where JSON would be changed silently (rule 23)", async () => {
    for (const input of ['{"n": 9007199254740993}', '{"a": 1, "a": 2}', '{"n": "\\u0000"}'])
      expect(await refusal(inputOf(terminal, { input }))).toMatchObject({ code: "wrong_use", exitCode: 2 })
    expect(await refusal(inputOf(terminal, { set: ["n=9007199254740993"] }))).toMatchObject({ exitCode: 2 })
  })

  test("cannot come from two places, and single values need an object", async () => {
    expect(await refusal(inputOf(terminal, { input: "{}", inputFile: "-" }))).toMatchObject({ exitCode: 2 })
    expect(await refusal(inputOf(terminal, { input: "[]", set: ["a=1"] }))).toMatchObject({ exitCode: 2 })
  })

  test("a name that is none is refused", async () => {
    for (const set of ["=1", "novalue", "a..b=1", "__proto__.x=1"])
      expect(await refusal(inputOf(terminal, { set: [set] }))).toMatchObject({ exitCode: 2 })
  })

  test("a file that is not there is said with its name", async () => {
    const failure = await refusal(inputOf(terminal, { inputFile: "no-such-file.json" }))
    expect(failure).toMatchObject({ detail: "there is no file no-such-file.json", exitCode: 2 })
  })
})

test("a version is a number or the author's label (settled 1)", () => {
  expect([versionOf("7"), versionOf("1.0"), versionOf("0"), versionOf(undefined)]).toEqual([7, "1.0", "0", undefined])
})

test("a time is a time, or so long ago", () => {
  const now = Date.UTC(2026, 10, 20, 12)
  expect(timeOf("--from", "2h", now)).toBe("2026-11-20T10:00:00.000Z")
  expect(timeOf("--from", "2026-11-01T00:00:00Z", now)).toBe("2026-11-01T00:00:00Z")
  expect(() => timeOf("--from", "yesterday", now)).toThrow(CommandFailure)
})
