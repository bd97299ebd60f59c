import { expect, test } from "vitest"
import { unreadIn, unreadWords } from "./unread.ts"

test("what an address says that is no time and no order is told, and everything else is not", () => {
  const unread = unreadIn({ from: "soon", to: "2026-13-40", sort: "name" })
  expect(unreadWords(unread!)).toEqual([
    expect.stringContaining("“from=soon” is no time"),
    expect.stringContaining("“to=2026-13-40” is no time"),
    expect.stringContaining("“sort=name” is no order"),
  ])
  expect(unreadIn({ from: "-24h", to: "2026-11-21", sort: "-startedAt", q: "x" })).toBeUndefined()
  expect(unreadIn({ from: "", sort: "duration" })).toBeUndefined()
})

test("it is still told when the address has been written anew, and nothing is told of what is no part of it", () => {
  expect(unreadIn({ unread: "sort=name" })).toEqual(["sort=name"])
  expect(unreadIn({ unread: "sort=name", sort: "name" })).toEqual(["sort=name"])
  expect(unreadWords(["anything else"])).toEqual([])
})
