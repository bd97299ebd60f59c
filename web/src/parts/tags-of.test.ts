import { expect, test } from "vitest"
import { tagsOf } from "./tags-of.ts"

test("tags are written one after the other, with commas between", () => {
  expect(tagsOf(" vip, two words ,, vip")).toEqual(["vip", "two words"])
  expect(tagsOf(" , ")).toEqual([])
})
