import { expect, test } from "vitest"
import { ariaKeys, keyCaps } from "./key-hint.ts"
import { shortId } from "./short-id.ts"
import { place } from "./tip/place.ts"

test("keys are shown as the reader's keyboard has them", () => {
  expect(keyCaps("Mod+K", true)).toEqual(["⌘", "K"])
  expect(keyCaps("Mod+K", false)).toEqual(["Ctrl", "K"])
  expect(keyCaps("g r")).toEqual(["G", "R"])
  expect(keyCaps("+")).toEqual(["+"])
  expect([ariaKeys("Mod+K", true), ariaKeys("Mod+K", false), ariaKeys("g r")]).toEqual([
    "Meta+K",
    "Control+K",
    undefined,
  ])
})

test("an id is shortened to the end that tells it apart, a name keeps its beginning", () => {
  expect(shortId("run_01JD2Q9XK7ABCDEFGHJKMNPQRS")).toBe("run_…JKMNPQRS")
  expect(shortId("order-42")).toBe("order-42")
  expect(shortId("invoice-2026-11-customer-4711")).toBe("invoice-…r-4711")
})

const view = { width: 400, height: 300 }
const size = { width: 100, height: 40 }

test("a tooltip stands above its anchor, below where there is no room, and never off the screen", () => {
  expect(place({ left: 150, top: 200, width: 20, height: 20 }, size, view, "top")).toEqual({ left: 110, top: 154 })
  expect(place({ left: 150, top: 10, width: 20, height: 20 }, size, view, "top")).toEqual({ left: 110, top: 36 })
  expect(place({ left: 395, top: 280, width: 5, height: 20 }, size, view, "bottom")).toEqual({ left: 292, top: 234 })
})
