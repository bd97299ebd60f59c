import { expect, test } from "vitest"
import { Pace } from "./pace.ts"

/** One of them costs so long; a turn ends as soon as it is over. */
function turnsOf(costMs: (turn: number) => number, turns: number, due: (turn: number) => number = () => 10_000) {
  let now = 0
  const pace = new Pace(5, () => now)
  return Array.from({ length: turns }, (_, turn) => {
    const since = now
    const { runs: done } = pace.timed((isOver) => {
      let runs = 0
      while (runs < Math.min(pace.runs, due(turn)) && !isOver()) {
        now += costMs(turn)
        runs++
      }
      return { runs }
    })
    return { done, took: now - since }
  })
}

test("with nothing to do for most of them, a turn takes as many as it may", () => {
  expect(turnsOf(() => 0.001, 12).map(({ done }) => done)).toEqual([
    ...[20, 30, 45, 68, 102, 153, 230, 345, 518, 777, 1_000, 1_000],
  ])
})

test("a turn takes about so long, whatever one of them costs", () => {
  for (const cost of [0.02, 0.1, 0.5, 2]) {
    const settled = turnsOf(() => cost, 40).slice(10)
    for (const { took } of settled) expect(took).toBeLessThanOrEqual(5 + cost)
    expect(settled.at(-1)!.took).toBeGreaterThan(1.2)
  }
})

test("one that costs more than a turn is done alone, and those that come dear behind many quick ones break off", () => {
  expect(turnsOf(() => 50, 3).map(({ done }) => done)).toEqual([1, 1, 1])
  expect(turnsOf((turn) => (turn < 12 ? 0.001 : 1), 14).at(-1)!.took).toBeLessThanOrEqual(6)
})

test("many turns that find nothing to do make the first that finds much no longer", () => {
  expect(
    turnsOf(
      () => 0.001,
      31,
      (turn) => (turn < 30 ? 0 : 10_000),
    ).at(-1)!.done,
  ).toBe(20)
})
