import { describe, expect, test } from "vitest"
import { apartOn, makeAxis, msAt, readZoom, shareAt, ticksOf, writeZoom } from "./axis.ts"

const hour = 3_600_000

describe("time along the width", () => {
  test("without idle time, time is width", () => {
    const axis = makeAxis({ from: 0, to: 1_000 }, [{ from: 0, to: 1_000 }])
    expect([0, 250, 1_000].map((ms) => shareAt(axis, ms))).toEqual([0, 0.25, 1])
    expect(msAt(axis, 0.25)).toBe(250)
  })

  test("an hour in which nobody worked is a strip, and the seconds around it keep their proportion", () => {
    const axis = makeAxis({ from: 0, to: hour + 4_000 }, [
      { from: 0, to: 3_000 },
      { from: hour + 3_000, to: hour + 4_000 },
    ])
    expect(axis.pieces.map((piece) => piece.isFolded)).toEqual([false, true, false])
    const [before, strip, after] = axis.pieces
    expect(strip!.width).toBeLessThan(0.15)
    expect(before!.width / after!.width).toBeCloseTo(3)
    expect(after!.at + after!.width).toBeCloseTo(1)
    expect(msAt(axis, shareAt(axis, 1_500))).toBeCloseTo(1_500)
    expect(shareAt(axis, hour / 2)).toBeGreaterThan(before!.width)
  })

  test("a wait that is short beside the work stays as it is, and so does everything when asked", () => {
    const busy = [
      { from: 0, to: 60_000 },
      { from: 65_000, to: 100_000 },
    ]
    expect(makeAxis({ from: 0, to: 100_000 }, busy).pieces).toHaveLength(1)
    const long = [
      { from: 0, to: 1 },
      { from: hour, to: hour + 1 },
    ]
    expect(makeAxis({ from: 0, to: hour + 1 }, long, false).pieces).toHaveLength(1)
  })

  test("a run in which nothing works yet has an axis all the same", () => {
    expect(makeAxis({ from: 5, to: 5 }, []).pieces).toEqual([{ from: 5, to: 6, at: 0, width: 1, isFolded: false }])
  })

  test("time outside the window stands at its edges", () => {
    const axis = makeAxis({ from: 100, to: 200 }, [{ from: 0, to: 300 }])
    expect([50, 250].map((ms) => shareAt(axis, ms))).toEqual([0, 1])
  })
})

describe("the marks on the axis", () => {
  test("they are round times after the start, far enough from one another", () => {
    const ticks = ticksOf(makeAxis({ from: 7, to: 2_470 }, [{ from: 7, to: 2_470 }]), 7)
    expect(ticks.map((tick) => tick.ms)).toEqual([0, 500, 1_000, 1_500, 2_000])
  })

  test("where there is little room there are few, and none lies over another", () => {
    const axis = makeAxis({ from: 0, to: 2_470 }, [{ from: 0, to: 2_470 }])
    for (const px of [90, 200, 640]) {
      const places = ticksOf(axis, 0, apartOn(px)).map(({ at }) => at * px)
      expect(places.length).toBeGreaterThan(0)
      for (const [at, place] of places.entries()) if (at > 0) expect(place - places[at - 1]!).toBeGreaterThan(50)
    }
  })

  test("a folded strip has none", () => {
    const axis = makeAxis({ from: 0, to: hour + 2_000 }, [
      { from: 0, to: 1_000 },
      { from: hour + 1_000, to: hour + 2_000 },
    ])
    const strip = axis.pieces.find((piece) => piece.isFolded)!
    for (const { at } of ticksOf(axis, 0)) expect(at <= strip.at || at >= strip.at + strip.width).toBe(true)
  })

  test("each says how much room it has, and none of it lies over a fold or the next mark", () => {
    const axis = makeAxis({ from: 0, to: hour + 2_000 }, [
      { from: 0, to: 1_000 },
      { from: hour + 1_000, to: hour + 2_000 },
    ])
    const strip = axis.pieces.find((piece) => piece.isFolded)!
    const ticks = ticksOf(axis, 0)
    for (const [place, { at, room }] of ticks.entries()) {
      expect(at + room).toBeLessThanOrEqual((ticks[place + 1]?.at ?? 1) + 1e-9)
      if (at <= strip.at) expect(at + room).toBeLessThanOrEqual(strip.at)
    }
    expect(ticks.filter(({ at }) => at === strip.at).map(({ room }) => room)).toEqual([0])
  })
})

test("a zoom is written after the run's start, and what is no zoom is none", () => {
  expect(writeZoom({ from: 1_000_200.4, to: 1_000_900 }, 1_000_000)).toBe("200-900")
  expect(readZoom("200-900", 1_000_000)).toEqual({ from: 1_000_200, to: 1_000_900 })
  for (const text of [undefined, "", "9-9", "900-200", "a-b", "1-2-3"]) expect(readZoom(text, 0)).toBeUndefined()
})
