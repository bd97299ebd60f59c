import { expect, test } from "vitest"
import { sizeText } from "./size-text.ts"

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [1023, "1023 bytes"],
  [1024, "1 KiB"],
  [1234, "1.2 KiB"],
  [10 * 1024, "10 KiB"],
  [1024 * 1024 - 1, "1 MiB"],
  [10 * 1024 * 1024, "10 MiB"],
  [5.5 * 1024 ** 4, "5632 GiB"],
])("%i is written as %s", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text)
})
