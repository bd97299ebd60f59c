import { expect, test } from "vitest"
import { codeParts } from "./code-parts.ts"

test("names between backticks are told apart from the words around them", () => {
  expect(codeParts("no state `a b` here, nor `c`")).toEqual([
    { text: "no state ", isCode: false },
    { text: "a b", isCode: true },
    { text: " here, nor ", isCode: false },
    { text: "c", isCode: true },
  ])
  expect(codeParts("an odd ` one")).toEqual([{ text: "an odd ` one", isCode: false }])
  expect(codeParts("")).toEqual([])
})
