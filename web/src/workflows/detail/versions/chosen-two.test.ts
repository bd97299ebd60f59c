import { expect, test } from "vitest"
import { chosenTwo } from "./chosen-two.ts"

test("two are chosen; the third takes the place of the first, and pressed again one is let go", () => {
  expect(chosenTwo([], 3)).toEqual([3])
  expect(chosenTwo([3], 1)).toEqual([3, 1])
  expect(chosenTwo([3, 1], 2)).toEqual([1, 2])
  expect(chosenTwo([1, 2], 1)).toEqual([2])
})
