import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { eventTypes } from "../../engine/src/core/run/decode-event.ts"

const page = readFileSync(new URL("../../docs/reference/events.md", import.meta.url), "utf8")

test("the events page names every event there is, and no other", () => {
  const rows = page.split("\n").filter((line) => line.startsWith("| `"))
  const named = rows.flatMap((line) =>
    [...line.split("|")[1]!.matchAll(/`([a-z]+\.[a-z_]+)`/g)].map((match) => match[1]!),
  )
  expect([...named].sort()).toEqual([...eventTypes].sort())
})
