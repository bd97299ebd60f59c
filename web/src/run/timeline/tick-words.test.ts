import { expect, test } from "vitest"
import { tickWords } from "./tick-words.ts"

const WIDE_PX = 1_000
const at = (...times: number[]) => times.map((ms, place) => ({ at: place / 10, ms, room: 0.1 }))

test("marks that would read the same behind a long wait say how far they stand from the first of them", () => {
  expect(tickWords(at(0, 50, 1_033_100, 1_033_150, 1_033_200), WIDE_PX)).toEqual([
    "0",
    "50 ms",
    "17 min 13 s",
    "+50 ms",
    "+100 ms",
  ])
})

test("marks that differ say when they are", () => {
  expect(tickWords(at(0, 500, 1_000, 1_500), WIDE_PX)).toEqual(["0", "500 ms", "1.0 s", "1.5 s"])
})

test("a mark whose words would be cut by a fold is a line alone, and the next one says when it is", () => {
  const [zero, cut, ...rest] = at(0, 1_033_100, 1_033_150, 1_033_200)
  expect(tickWords([zero!, { ...cut!, room: 0.02 }, ...rest], WIDE_PX)).toEqual(["0", "", "17 min 13 s", "+50 ms"])
})
