import { describe, expect, it } from "vitest"
import { dayMs, hourMs } from "../../../core/measures/rollup.ts"
import { spansOf } from "./measure-spans.ts"

const day = Date.parse("2026-03-01T00:00:00Z")
const days = (from: number, to: number) =>
  Array.from({ length: (to - from) / dayMs }, (_, index) => from + index * dayMs)

describe("the rollups that a question of time reads", () => {
  it("are days for ninety of them, a few reads in all", () => {
    const [from, to] = [day, day + 90 * dayMs]
    for (const bucketStarts of [[], days(from, to)]) {
      const spans = spansOf({ from, to, bucketStarts })
      expect(spans.every(({ unit }) => unit === "day")).toBe(true)
      expect(spans.length).toBe(7)
    }
  })

  it("are hours at the ends only, when these are no days", () => {
    const [from, to] = [day + 5 * hourMs, day + 8 * dayMs + hourMs]
    expect(spansOf({ from, to, bucketStarts: [from, ...days(day + dayMs, day + 9 * dayMs)] })).toEqual([
      { unit: "hour", from, to: day + dayMs },
      { unit: "day", from: day + dayMs, to: day + 8 * dayMs },
      { unit: "hour", from: day + 8 * dayMs, to },
    ])
  })

  it("are hours where it asks for them, and where there is no whole day", () => {
    const hours = Array.from({ length: 48 }, (_, index) => day + index * hourMs)
    expect(spansOf({ from: day, to: day + 2 * dayMs, bucketStarts: hours }).map(({ unit }) => unit)).toEqual([
      "hour",
      "hour",
    ])
    const [from, to] = [day + 20 * hourMs, day + 30 * hourMs]
    expect(spansOf({ from, to, bucketStarts: [] })).toEqual([{ unit: "hour", from, to }])
  })

  it("are each asked once, and all of them", () => {
    for (const [from, to] of [
      [day, day + 100 * dayMs],
      [day + hourMs, day + 40 * dayMs - hourMs],
      [day + 3 * hourMs, day + 26 * hourMs],
    ] as const) {
      const spans = spansOf({ from, to, bucketStarts: [] })
      expect(spans[0]!.from).toBe(from)
      expect(spans[spans.length - 1]!.to).toBe(to)
      for (const [index, span] of spans.slice(1).entries()) expect(span.from).toBe(spans[index]!.to)
    }
  })
})
