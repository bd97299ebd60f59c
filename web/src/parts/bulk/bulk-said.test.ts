import { expect, test } from "vitest"
import { anything, changeOf, nothingSaid, unsaid } from "./bulk-said.ts"

test("what is said to many runs goes along with its own action only", () => {
  const said = { tags: "a, b", owner: " user:ann ", state: "wont_fix" } as const
  expect(changeOf("tag", said)).toEqual({ tags: { add: ["a", "b"] } })
  expect(changeOf("assign", said)).toEqual({ owner: "user:ann" })
  expect(changeOf("assign", nothingSaid)).toEqual({ owner: null })
  expect(changeOf("resolve", said)).toEqual({ state: "wont_fix" })
  expect(changeOf("rerun", said)).toEqual({})
})

test("tags wait until one is named", () => {
  expect(unsaid("tag", nothingSaid)).toBe("Name a tag.")
  expect(unsaid("tag", anything)).toBeUndefined()
  expect(unsaid("assign", nothingSaid)).toBeUndefined()
})
