import type { RunPage, RunSummary } from "@waybill/contract"
import { expect, test } from "vitest"
import { compared, heldAround, listOf, pagesMissing, renewed, withPage } from "./run-list.ts"

const derived = { partial: false, stalled: false, late: false }
const run = (runId: string, seq = 1, status = "RUNNING") =>
  ({ runId, seq, status, remarkSeq: 0, derived }) as RunSummary
const page = (ids: readonly string[], nextCursor: string | null = "next", seq = 1): RunPage => {
  return { items: ids.map((id) => run(id, seq)), nextCursor }
}
const five = listOf(page(["e", "d", "c", "b", "a"]))

test("the next page stands at the end, and a run that moved meanwhile stands once", () => {
  const list = withPage(five, "next", page(["a", "9", "8"], null))
  expect(list.ids).toEqual(["e", "d", "c", "b", "a", "9", "8"])
  expect(list.next).toBe(null)
  expect(list.pages).toEqual([
    { cursor: null, at: 0, count: 5 },
    { cursor: "next", at: 5, count: 2 },
  ])
})

test("a row is renewed in its place, and never by an answer that is older", () => {
  const done = renewed(five, [run("c", 7, "COMPLETED"), run("stranger", 9)])
  expect(done.ids).toEqual(five.ids)
  expect(done.rows.get("c")?.status).toBe("COMPLETED")
  expect(done.rows.has("stranger")).toBe(false)
  expect(renewed(done, [run("c", 6, "RUNNING")]).rows.get("c")?.status).toBe("COMPLETED")
})

test("a row is renewed by what people said beside a run that has ended", () => {
  const said = (owner: string, remarkSeq: number) => ({ ...run("c", 7, "FAILED"), owner, remarkSeq })
  const owned = renewed(renewed(five, [said("user:ann", 1)]), [said("user:bob", 2)])
  expect(owned.rows.get("c")?.owner).toBe("user:bob")
  expect(renewed(owned, [said("user:ann", 1)])).toBe(owned)
})

test("a row of a folded list is renewed by what came to stand under it, and keeps that when the run alone is asked for", () => {
  const under = (duplicates: number, seq = 1) => ({ ...run("c", seq), folded: { duplicates, children: 0 } })
  const list = renewed(five, [under(1)])
  expect(list.rows.get("c")?.folded).toEqual({ duplicates: 1, children: 0 })
  expect(renewed(list, [under(2)]).rows.get("c")?.folded?.duplicates).toBe(2)
  expect(renewed(list, [under(1)])).toBe(list)
  const moved = renewed(list, [run("c", 2)])
  expect(moved.rows.get("c")).toMatchObject({ seq: 2, folded: { duplicates: 1 } })
})

test("a row is renewed when its run is late or stalled by time alone, and when it is no more", () => {
  const seen = (more: Partial<RunSummary["derived"]>) => ({ ...run("c"), derived: { ...derived, ...more } })
  const late = renewed(five, [seen({ late: true })])
  expect(late.rows.get("c")?.derived.late).toBe(true)
  expect(renewed(late, [seen({ late: true })])).toBe(late)
  const stalled = renewed(late, [seen({ late: true, stalled: true })])
  expect(stalled.rows.get("c")?.derived.stalled).toBe(true)
  expect(renewed(stalled, [seen({})]).rows.get("c")?.derived).toEqual(derived)
  expect(renewed(late, [{ ...run("c", 0), derived }])).toBe(late)
})

test("new runs are counted and move nothing", () => {
  const list = compared(five, page(["g", "f", "e", "d", "c"]))
  expect(list.ids).toEqual(five.ids)
  expect(list.fresh).toEqual(["g", "f"])
  expect(list.freshIsLeast).toBe(false)
  expect(list.gone).toBe(0)
  expect(compared(list, page(["h", "g", "f", "e"])).fresh).toEqual(["h", "g", "f"])
})

test("when a whole page is new there are at least so many", () => {
  const list = compared(five, page(["x", "y", "z"]))
  expect(list).toMatchObject({ fresh: ["x", "y", "z"], freshIsLeast: true, gone: 0 })
})

test("what no longer matches stays in its place and is counted", () => {
  const list = compared(five, page(["e", "c", "b"]))
  expect(list.ids).toEqual(five.ids)
  expect(list.gone).toBe(1)
  expect(compared(five, page(["e", "c"], null)).gone).toBe(3)
})

test("far from the view only the ids stay, and the page they are on is known", () => {
  const long = withPage(five, "next", page(["4", "3", "2"], null))
  const near = heldAround(long, 0, 3)
  expect([...near.rows.keys()]).toEqual(["e", "d", "c"])
  expect(near.ids).toEqual(long.ids)
  expect(pagesMissing(near, 0, 3)).toEqual([])
  expect(pagesMissing(near, 2, 6).map(({ cursor }) => cursor)).toEqual([null, "next"])
  expect(pagesMissing(renewed(near, page(["4", "3", "2"]).items), 5, 8)).toEqual([])
})
