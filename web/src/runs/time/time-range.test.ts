import { expect, test } from "vitest"
import { parseRunQuery } from "../../../../engine/src/core/views/run-language/index.ts"
import { fromLocalText, instantMs, localText, presets, rangeTerms, rangeWords, readInstant } from "./time-range.ts"

const now = Date.parse("2026-11-21T12:00:00.000Z")
const words = (from?: string, to?: string) => rangeWords({ from, to }, now, "UTC")

test("the address takes distances from now and instants, and nothing else", () => {
  expect(readInstant("-24h")).toBe("-24h")
  expect(readInstant("2026-11-20T09:30:00+01:00")).toBe("2026-11-20T08:30:00.000Z")
  expect(readInstant("2026-11-20")).toBe("2026-11-20T00:00:00.000Z")
  for (const wrong of ["", "-h", "24h", "yesterday", "2026-13-40", "-24h; drop"]) {
    expect(readInstant(wrong)).toBe(undefined)
  }
  expect(instantMs("-24h", now)).toBe(Date.parse("2026-11-20T12:00:00Z"))
})

test("every range is asked for in the words of the query language", () => {
  const ranges = [...presets, { from: "2026-11-20T08:30:00.000Z", to: "2026-11-20T09:00:00.000Z" }, { to: "-1h" }]
  for (const range of ranges) expect(parseRunQuery(rangeTerms(range)).problems).toEqual([])
  expect(rangeTerms({ from: "-24h" })).toBe("started:>=-24h")
  expect(rangeTerms({})).toBe("")
})

test("a range is said in as few words as there are", () => {
  expect(words()).toBe("All time")
  expect(words("-24h")).toBe("Last 24 hours")
  expect(words("-3d")).toBe("Last 3 days")
  expect(words("-1w")).toBe("Last week")
  expect(words("2026-11-21T10:00:00Z", "2026-11-21T11:30:00Z")).toBe("10:00 – 11:30")
  expect(words("2026-11-20T10:00:00Z", "2026-11-20T11:30:05Z")).toBe("20 Nov 10:00 – 11:30:05")
  expect(words("2026-11-20T10:00:00Z", "2026-11-21T11:30:00Z")).toBe("20 Nov 10:00 – 21 Nov 11:30")
  expect(words("2026-11-20T10:00:00Z")).toBe("Since 20 Nov 10:00")
  expect(words(undefined, "2026-11-20T10:00:00Z")).toBe("Before 20 Nov 10:00")
})

test("a moment is filled in by the clock on the wall, whatever its zone, also when clocks change", () => {
  const summer = Date.parse("2026-07-01T10:00:00Z")
  expect(localText(summer, "Europe/Berlin")).toBe("2026-07-01T12:00")
  for (const zone of ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"]) {
    for (const ms of [summer, now, Date.parse("2026-10-25T03:30:00Z"), Date.parse("2026-03-29T00:30:00Z")]) {
      expect(fromLocalText(localText(ms, zone), zone)).toBe(ms)
    }
  }
  expect(fromLocalText("", "UTC")).toBe(null)
})
