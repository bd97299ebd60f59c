import { expect, test } from "vitest"
import { printer } from "./containment.ts"

function printed(...chunks: readonly string[]): readonly string[] {
  const lines: string[] = []
  const write = printer("info", (_level, line) => lines.push(line))
  for (const chunk of chunks) write(chunk)
  return lines
}

test("of a line without end neither half of a secret is printed, in whatever pieces it comes", () => {
  const begin = `${"and so on ".repeat(2_000)}password=correct`
  const [first, ...more] = printed(begin, "-horse", "-battery then\n", "next\n")
  expect(first).toMatch(/ …$/)
  expect([first, ...more].join("\n")).not.toMatch(/correct|horse|battery/)
  expect(more).toEqual([" then", "next"])
})

test("lines are handed on whole, however they are written", () => {
  expect(printed("a", "b\nc", "\n")).toEqual(["ab", "c"])
})
