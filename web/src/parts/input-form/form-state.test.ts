import { expect, test } from "vitest"
import { changedAt, formWith, pickedAt, touchedAt, typedJson, whyNoJson } from "./form-state.ts"

test("what is typed as JSON is the value as soon as it is JSON, and waits until then", () => {
  const half = typedJson(formWith({ a: 1 }), ["a"], "[1,")
  expect(half.value).toEqual({ a: 1 })
  expect(half.broken.get("/a")).toBe("[1,")
  const whole = typedJson(half, ["a"], "[1, 2]")
  expect(whole.value).toEqual({ a: [1, 2] })
  expect(whole.broken.size).toBe(0)
})

test("a change in the form puts an unfinished text of the whole, or of that place, away", () => {
  const state = typedJson(typedJson(typedJson(formWith({ a: {}, b: 1 }), [], "{"), ["a", "x"], "["), ["b"], "?")
  expect([...changedAt(state, ["a"], undefined).broken.keys()]).toEqual(["/b"])
})

test("nothing at all is an empty object: a run's input is one", () => {
  expect(changedAt(formWith({ a: 1 }), [], undefined).value).toEqual({})
})

test("being somewhere twice is being there once", () => {
  const state = touchedAt(pickedAt(formWith({}), "/a", 1), "/a")
  expect(touchedAt(pickedAt(state, "/a", 1), "/a")).toBe(state)
})

test("why a text is no JSON is said without repeating the text", () => {
  expect(whyNoJson("")).toMatch(/empty object/)
  expect(whyNoJson('{"a": secret}')).toMatch(/no JSON yet/)
  expect(whyNoJson('{"a": secret}')).not.toMatch(/"a"/)
})
