import { expect, test } from "vitest"
import { turnOf } from "./long-first.ts"

test("browsers first, then processes, then the many small files, wherever the project lies", () => {
  const files = ["/a b/web/src/ui/cx.test.ts", "/a b/test/chaos/kill.test.ts", "/a b/test/browser/runs.browser.test.ts"]
  expect([...files].sort((a, b) => turnOf(a) - turnOf(b))).toEqual([...files].reverse())
})

test("files of which nothing is known stay in the order they have", () => {
  expect(turnOf("/a/engine/src/core/run/chain.test.ts")).toBe(turnOf("/a/server/src/test/browser.test.ts"))
})
