import { expect, test } from "vitest"
import { inOneLine } from "./JsonScalar.tsx"
import { shownText } from "./shown-text.ts"

test("a character that turns the reading direction is written out instead of acting", () => {
  expect(shownText("file\u202ecod.exe")).toBe("file\\u202ecod.exe")
  expect(shownText("\u061c12")).toBe("\\u061c12")
  expect(inOneLine("\u2066live\u2069")).toBe('"\\u2066live\\u2069"')
})

test("text of any script stays as it is", () => {
  expect(shownText("שלום, مرحبا, 你好")).toBe("שלום, مرحبا, 你好")
})
