// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest"
import { preference } from "./preference.ts"
import { applyTheme, theme } from "./theme.ts"

beforeEach(() => localStorage.clear())

test("a choice is kept, and told to everybody who looks", () => {
  const density = preference("density", (stored) => (stored === 28 || stored === 44 ? stored : 36))
  const seen: number[] = []
  density.subscribe(() => seen.push(density.get()))
  density.set(28)
  expect(seen).toEqual([28])
  expect(preference("density", (stored) => stored).get()).toBe(28)
})

test("what somebody else has stored under the name is not believed", () => {
  localStorage.setItem("waybill.density", "{broken")
  expect(preference("density", (stored) => (stored === 28 ? 28 : 36)).get()).toBe(36)
})

test("the theme stands on the document, and the system's is no mark at all", () => {
  const root = document.createElement("html")
  applyTheme(root)
  expect(root.dataset.theme).toBeUndefined()
  theme.set("dark")
  expect(root.dataset.theme).toBe("dark")
  theme.set("system")
  expect(root.dataset.theme).toBeUndefined()
})
