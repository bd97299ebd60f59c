import { expect, test } from "vitest"
import { parseRunQuery } from "../../../../engine/src/core/views/run-language/index.ts"
import { allMatching, cohortOf, isAnyChosen, noneChosen, ticks } from "./chosen.ts"

const now = new Date("2026-11-21T12:00:00.000Z")

test("all that match is a query of its own: with the environment, and closed to runs that come later", () => {
  const chosen = allMatching({ query: "status:failed", env: "my prod" }, now)
  expect(cohortOf(chosen)).toEqual({
    kind: "matching",
    query: 'status:failed env:"my prod" created:<=2026-11-21T12:00:00.000Z',
  })
  expect(parseRunQuery((chosen as { query: string }).query).problems).toEqual([])
  expect(allMatching({ query: "", env: undefined }, now)).toEqual({
    kind: "all",
    query: "created:<=2026-11-21T12:00:00.000Z",
  })
})

test("some are chosen by name, and nothing is chosen at first", () => {
  expect(isAnyChosen(noneChosen)).toBe(false)
  expect(cohortOf({ kind: "some", ids: new Set(["a", "b"]) })).toEqual({ kind: "named", runIds: ["a", "b"] })
})

test("with all chosen every row that is loaded is ticked", () => {
  expect([...ticks({ kind: "all", query: "" }, ["a", "b"])]).toEqual(["a", "b"])
})
