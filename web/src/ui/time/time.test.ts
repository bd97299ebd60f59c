import { expect, test } from "vitest"
import { formatDuration, formatRunningDuration } from "./duration.ts"
import { absoluteTime, relativeTime, shortTime } from "./time-format.ts"

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

test.each([
  [412, "412 ms"],
  [3_400, "3.4 s"],
  [2 * minute + 5 * second, "2 min 05 s"],
  [hour + 12 * minute, "1 h 12 min"],
  [3 * day + 4 * hour, "3 d 4 h"],
  [0, "0 ms"],
  [0.2, "<1 ms"],
  [999.6, "1.0 s"],
  [59_960, "1 min 00 s"],
  [hour - 1, "1 h 00 min"],
  [null, "–"],
])("%s milliseconds read %s", (ms, words) => {
  expect(formatDuration(ms)).toBe(words)
})

test("what still runs is counted in whole seconds, and never backwards from before it began", () => {
  expect(formatRunningDuration(3_999)).toBe("3 s")
  expect(formatRunningDuration(-200)).toBe("0 s")
  expect(formatRunningDuration(125 * second)).toBe("2 min 05 s")
})

const now = Date.parse("2026-11-21T11:14:03.412Z")

test.each([
  [2 * second, "now"],
  [-2 * second, "now"],
  [12 * second, "12 s ago"],
  [4 * minute, "4 min ago"],
  [3 * hour, "3 h ago"],
  [2 * day, "2 d ago"],
  [-4 * minute, "in 4 min"],
  [40 * day, "12 Oct"],
  [400 * day, "17 Oct 2025"],
])("what is %s milliseconds away reads %s", (away, words) => {
  expect(relativeTime(now - away, now, "UTC")).toBe(words)
})

test("the same instant is told in the zone the reader has chosen, over a day's end too", () => {
  expect(absoluteTime(now, "UTC")).toBe("Sat 21 Nov 2026, 11:14:03.412 UTC")
  expect(absoluteTime(now, "Asia/Tokyo")).toBe("Sat 21 Nov 2026, 20:14:03.412 GMT+9")
  const late = now - 12 * hour
  expect(shortTime(late, now, "UTC")).toBe("20 Nov 23:14:03")
  expect(shortTime(late, now, "Asia/Tokyo")).toBe("08:14:03")
})

test("what is no time does not break the page", () => {
  expect([relativeTime("soon", now), shortTime("soon", now), absoluteTime("soon")]).toEqual(["–", "–", "–"])
})
