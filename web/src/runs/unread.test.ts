import { expect, test } from "vitest"
import { unreadIn } from "./unread.ts"

test("what an address says that is no time and no order is told, and everything else is not", () => {
  expect(unreadIn({ from: "soon", to: "2026-13-40", sort: "name" })).toEqual([
    expect.stringContaining("“from=soon” is no time"),
    expect.stringContaining("“to=2026-13-40” is no time"),
    expect.stringContaining("“sort=name” is no order"),
  ])
  expect(unreadIn({ from: "-24h", to: "2026-11-21", sort: "-startedAt", q: "x" })).toEqual([])
  expect(unreadIn({ from: "", sort: "duration" })).toEqual([])
})
