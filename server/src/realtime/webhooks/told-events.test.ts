import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { toldEvents } from "./told-events.ts"

test("the page on events marks exactly those that webhooks carry", () => {
  const page = readFileSync(new URL("../../../../docs/reference/events.md", import.meta.url), "utf8")
  const marked = page.split("\n").flatMap((line) => /^\| `([a-z._]+)` .*\| \*\*W\*\* \|$/.exec(line)?.[1] ?? [])
  expect(marked.sort()).toEqual(Object.keys(toldEvents).sort())
})
