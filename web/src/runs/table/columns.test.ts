import { expect, test } from "vitest"
import { columnsShown, unranked, withMoved, withToggled } from "./columns.ts"

const all = [
  { id: "status", width: 100, rank: 0, hideable: false },
  { id: "env", width: 50, rank: 3 },
  { id: "workflow", width: 100, rank: 1 },
  { id: "started", width: 80, rank: 2 },
  { id: "cost", width: 60 },
]
const ids = (chosen: readonly string[] | undefined, roomPx: number) =>
  columnsShown(all, chosen, roomPx).map(({ id }) => id)

test("where room is short the less important columns go first, and the rest keep their order", () => {
  expect(ids(undefined, 1_000)).toEqual(["status", "env", "workflow", "started"])
  expect(ids(undefined, 300)).toEqual(["status", "workflow", "started"])
  expect(ids(undefined, 200)).toEqual(["status", "workflow"])
  expect(ids(undefined, 10)).toEqual(["status"])
})

test("what is the same in every row has no column, unless it is asked for", () => {
  const shown = (chosen: readonly string[] | undefined) =>
    columnsShown(unranked(all, "env"), chosen, 1_000).map(({ id }) => id)
  expect(shown(undefined)).toEqual(["status", "workflow", "started"])
  expect(shown(["env", "status"])).toEqual(["env", "status"])
})

test("what was chosen is shown in its order, however little room there is; a name that is none is passed over", () => {
  expect(ids(["cost", "workflow", "nonsense", "status"], 10)).toEqual(["cost", "workflow", "status"])
  expect(ids(["cost"], 10)).toEqual(["status", "cost"])
})

test("columns are shown, hidden and moved one place at a time", () => {
  expect(withToggled(["a", "b"], "c")).toEqual(["a", "b", "c"])
  expect(withToggled(["a", "b"], "a")).toEqual(["b"])
  expect(withMoved(["a", "b", "c"], "c", -1)).toEqual(["a", "c", "b"])
  expect(withMoved(["a", "b", "c"], "a", -1)).toEqual(["a", "b", "c"])
  expect(withMoved(["a", "b", "c"], "a", 1)).toEqual(["b", "a", "c"])
})
