// @vitest-environment happy-dom
import { useState } from "react"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { allByRole, byRole, click, focus, press, render, unmountAll } from "../testing/render.tsx"
import type { Column } from "./column.ts"
import type { Selection } from "./selection.ts"
import { VirtualTable, type VirtualTableProps } from "./VirtualTable.tsx"

type Row = { readonly id: string }
const rows: readonly Row[] = Array.from({ length: 10_000 }, (_, at) => ({ id: `r${at}` }))
const columns: readonly Column<Row>[] = [
  { id: "id", title: "Run", width: 100, sort: "asc", cell: (row) => <a href={`#${row.id}`}>{row.id}</a> },
]

let selected: Selection
function Table(props: Partial<VirtualTableProps<Row>>) {
  const [selection, setSelection] = useState<Selection>(new Set())
  selected = selection
  const own = { label: "Runs", rows, rowId: (row: Row) => row.id, columns, selection, onSelection: setSelection }
  return <VirtualTable {...own} {...props} />
}

// The page of the tests has no layout; the table must be told how high it is.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(400)
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(600)
})
afterEach(async () => {
  await unmountAll()
  vi.restoreAllMocks()
})

const here = () => document.getElementById(byRole("grid").getAttribute("aria-activedescendant") ?? "")

test("ten thousand rows are a few in the page, each with its place among all", async () => {
  await render(<Table total={10_000} />)
  const drawn = allByRole("row")
  expect(drawn.length).toBeGreaterThan(10)
  expect(drawn.length).toBeLessThan(60)
  expect(byRole("grid", "Runs").getAttribute("aria-rowcount")).toBe("10001")
  expect(drawn.slice(0, 3).map((row) => row.getAttribute("aria-rowindex"))).toEqual(["1", "2", "3"])
})

test("the keyboard walks the rows, ticks a range and opens one", async () => {
  const [open, peek] = [vi.fn(), vi.fn()]
  await render(<Table onOpen={open} onPeek={peek} />)
  const grid = byRole("grid")
  for (const key of ["j", "j", "x", "ArrowDown", "j"]) await press(grid, key)
  expect(here()?.textContent).toBe("r3")
  await press(grid, "X", { shiftKey: true })
  expect([...selected].sort()).toEqual(["r1", "r2", "r3"])
  await press(grid, " ")
  await press(grid, "Enter")
  expect([peek.mock.lastCall, open.mock.lastCall]).toEqual([[{ id: "r3" }], [{ id: "r3" }]])
})

test("who comes to the table by key stands on its first row", async () => {
  await render(<Table />)
  await focus(byRole("grid"))
  expect(here()?.textContent).toBe("r0")
})

test("the row that has the keyboard stays itself when newer rows are put above it", async () => {
  await render(<Table />)
  await press(byRole("grid"), "j")
  await render(<Table rows={[{ id: "new" }, ...rows]} />)
  expect(here()?.textContent).toBe("r0")
  expect(here()?.getAttribute("aria-rowindex")).toBe("3")
})

test("a press on a row opens it, a press on its link or its box does not", async () => {
  const open = vi.fn()
  await render(<Table onOpen={open} />)
  await click(allByRole("row")[3]!.querySelector("td:last-child")!)
  expect(open.mock.calls).toEqual([[{ id: "r2" }]])
  await click(allByRole("row")[4]!.querySelector("a")!)
  await click(byRole("checkbox", "Select r5"))
  await click(byRole("checkbox", "Select r7"), { shiftKey: true })
  expect([...selected].sort()).toEqual(["r5", "r6", "r7"])
  expect(open).toHaveBeenCalledOnce()
})

test("more rows are asked for when the last is near, also when all fit without scrolling", async () => {
  const end = vi.fn()
  await render(<Table rows={rows.slice(0, 3)} onEnd={end} />)
  expect(end).toHaveBeenCalledTimes(1)
  await render(<Table rows={rows.slice(0, 6)} onEnd={end} />)
  expect(end).toHaveBeenCalledTimes(2)
  await render(<Table rows={rows} onEnd={end} />)
  expect(end).toHaveBeenCalledTimes(2)
})
