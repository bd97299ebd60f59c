import { expect, test } from "vitest"
import type { Column } from "./column.ts"
import { ariaSort, gridTemplate, leastWidthPx, nextSort, shownColumns } from "./columns.ts"
import { stateOver, toggled, toggledAll, toggledRange } from "./selection.ts"
import { tableKey } from "./table-keys.ts"

const cell = () => null
const columns: readonly Column<unknown>[] = [
  { id: "name", title: "Name", width: 120, grow: 2, hideable: false, sort: "asc", cell },
  { id: "started", title: "Started", width: 90, sort: "desc", cell },
  { id: "tags", title: "Tags", width: 80, cell },
]

test("the columns that somebody chose stand in the table's order, with those that are always there", () => {
  expect(shownColumns(columns, ["tags"]).map((column) => column.id)).toEqual(["name", "tags"])
  expect(shownColumns(columns, undefined)).toBe(columns)
})

test("columns share what is left over, and no one gets narrower than it says", () => {
  expect(gridTemplate(columns)).toBe("minmax(120px, 2fr) 90px 80px")
  expect(leastWidthPx(columns)).toBe(290)
})

test("a first press sorts by a column in its own direction, a second the other way", () => {
  const [name, started, tags] = columns as [Column<unknown>, Column<unknown>, Column<unknown>]
  const once = nextSort(undefined, started)
  expect(once).toEqual({ column: "started", direction: "desc" })
  expect(nextSort(once, started).direction).toBe("asc")
  expect([name, started, tags].map((column) => ariaSort(once, column))).toEqual(["none", "descending", undefined])
})

const ids = ["a", "b", "c", "d", "e"]
const sorted = (selection: ReadonlySet<string>) => [...selection].sort().join("")

test("shift ticks everything from the last press to this one, in either direction", () => {
  expect(sorted(toggledRange(new Set(["b"]), ids, "b", "d"))).toBe("bcd")
  expect(sorted(toggledRange(new Set(["d"]), ids, "d", "b"))).toBe("bcd")
  expect(sorted(toggledRange(new Set(ids), ids, "b", "d"))).toBe("ae")
})

test("when the row that was pressed last has left the list, shift is a simple press", () => {
  expect(sorted(toggledRange(new Set(["z"]), ids, "z", "c"))).toBe("cz")
})

test("the box in the head ticks this list and leaves alone what was ticked elsewhere", () => {
  const some = toggled(new Set(["z"]), "a")
  expect(stateOver(some, ids)).toBe("mixed")
  const all = toggledAll(some, ids)
  expect([stateOver(all, ids), sorted(all)]).toEqual([true, "abcdez"])
  expect(sorted(toggledAll(all, ids))).toBe("z")
})

const bare = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false }
const press = (key: string, at: number) => tableKey({ ...bare, key }, { at, rows: 50, page: 10 })

test("keys move through the rows and stop at both ends", () => {
  expect(press("j", -1)).toEqual({ kind: "move", to: 0 })
  expect(press("k", 0)).toEqual({ kind: "move", to: 0 })
  expect(press("j", 49)).toEqual({ kind: "move", to: 49 })
  expect(press("PageDown", 45)).toEqual({ kind: "move", to: 49 })
  expect(press("End", 3)).toEqual({ kind: "move", to: 49 })
})

test("a row is ticked, looked into and opened by key, and none of it without a row or with a modifier", () => {
  expect(press("x", 2)).toEqual({ kind: "tick", range: false })
  expect(press(" ", 2)).toEqual({ kind: "peek" })
  expect(press("Enter", 2)).toEqual({ kind: "open" })
  expect(press("x", -1)).toBeUndefined()
  expect(tableKey({ ...bare, key: "j", metaKey: true }, { at: 2, rows: 50, page: 10 })).toBeUndefined()
  expect(tableKey({ ...bare, key: "j" }, { at: -1, rows: 0, page: 10 })).toBeUndefined()
})
