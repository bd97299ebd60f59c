import { expect, test } from "vitest"
import { cutShort } from "./cut-short.ts"

/** Made of pieces, so that nobody's scanner takes it for a real one. */
const token = ["gh", "p_", "a1B2".repeat(9)].join("")

test.each([
  ["a key", `refused: ${token}`, "refused: …"],
  ["a password in an address, with any signs", "at postgres://app:correct!horse$battery@db", "at …"],
  ["an address", "told ann.lee@example.com", "told …"],
  ["a value in JSON", `{"a":1,"token":"${token}"}`, '{"a":1,"token":"…'],
  ["a card in groups", "paid with 4111 1111 1111 1111 today", "paid with …"],
  ["an account in groups", "to DE89 3704 0044 0532 0130 00 by noon", "to …"],
])("%s that stands over the cut goes as a whole, wherever that is", (_what, text, kept) => {
  const secretAt = kept.length
  for (let most = secretAt + 1; most < text.length; most++) {
    const cut = cutShort(text, most)
    if (most <= secretAt + 12) expect(cut).toBe(kept)
    expect(cut.length).toBeLessThanOrEqual(most)
  }
})

test("what fits is as it was; words in front of the cut are kept", () => {
  expect(cutShort("as it was", 9)).toBe("as it was")
  expect(cutShort("the service says that it is busy", 20)).toBe("the service says …")
})

test("a long text without a gap comes to an end", () => {
  expect(cutShort("x".repeat(200_000), 100_000).length).toBeGreaterThan(91_000)
  expect(cutShort("A1 ".repeat(100_000), 200_000).length).toBeGreaterThan(190_000)
})

test("a token of three long parts leaves none of them", () => {
  const claims = ["ey", "J", "c3ViIjoiYW5u".repeat(125)].join("")
  const words = "and so on ".repeat(500)
  expect(cutShort(`${words}${claims}.${claims}.x ${words}`, words.length + 2_900)).toBe(`${words}…`)
})

test("what is in one piece is cut in a time that grows no faster than it does", () => {
  const text = `${"x".repeat(16_000)}! ${"y".repeat(400)}`
  const from = performance.now()
  for (let n = 0; n < 100; n++) cutShort(text, 16_002 + n)
  expect(performance.now() - from).toBeLessThan(2_000)
})
