import { expect, test } from "vitest"
import { diagramOf } from "./graph.ts"
import { type Box, layOut, pathThrough } from "./layout.ts"

const survey = diagramOf({
  states: [
    { name: "begin", type: "inject", next: "both" },
    {
      name: "both",
      type: "parallel",
      next: "which",
      branches: [
        { name: "near", states: [{ name: "look", type: "inject" }] },
        {
          name: "far",
          states: [{ name: "each", type: "foreach", iterator: { states: [{ name: "call", type: "inject" }] } }],
        },
      ],
    },
    { name: "which", type: "switch", conditions: [{ if: "again", next: "both" }], defaultNext: "done" },
    { name: "done", type: "inject", end: true },
  ],
})

const inside = (outer: Box, box: Box) =>
  box.x >= outer.x - 0.5 &&
  box.y >= outer.y - 0.5 &&
  box.x + box.width <= outer.x + outer.width + 0.5 &&
  box.y + box.height <= outer.y + outer.height + 0.5

const apart = (a: Box, b: Box) =>
  a.x + a.width <= b.x + 0.5 || b.x + b.width <= a.x + 0.5 || a.y + a.height <= b.y + 0.5 || b.y + b.height <= a.y + 0.5

test("what a state holds stands inside it, however deep; what stands side by side does not overlap", () => {
  const { boxes } = layOut(survey)
  const box = (id: string) => boxes.find((one) => one.id === id)!
  expect(inside(box("both"), box("▸both/near"))).toBe(true)
  expect(inside(box("▸both/near"), box("both/near/look"))).toBe(true)
  expect(inside(box("both"), box("both/far/each[]/call"))).toBe(true)
  expect(inside(box("both/far/each"), box("both/far/each[]/call"))).toBe(true)
  expect(apart(box("▸both/near"), box("▸both/far"))).toBe(true)
  for (const [a, b] of [
    ["begin", "both"],
    ["both", "which"],
    ["which", "done"],
  ] as const)
    expect(apart(box(a), box(b))).toBe(true)
  expect(box("begin").y).toBeLessThan(box("both").y)
})

test("each way has a line, its label beside it, and a way back is one too", () => {
  const { lines } = layOut(survey)
  const back = lines.find(({ way }) => way.from === "which" && way.to === "both")!
  expect(back.way.label).toBe("again")
  expect(back.at).not.toBeNull()
  expect(back.points.length).toBeGreaterThanOrEqual(2)
  expect(pathThrough(back.points)).toMatch(/^M[\d.-]+ [\d.-]+ (Q|L)/)
})

test("the same definition always looks the same, and none looks like nothing", () => {
  expect(layOut(survey)).toEqual(layOut(survey))
  expect(layOut(diagramOf(null)).boxes).toEqual([])
})
