import { expect, test } from "vitest"
import { withoutOwn } from "./own-secrets.ts"

const endpoint = {
  url: "https://example.com/hooks/T0/abcdef123456?token=tok-987654",
  headers: JSON.stringify({ authorization: "Bearer key-4711-0815", "x-tenant": "acme" }),
}

test.each([
  ["a header as it was sent", "refused: Bearer key-4711-0815", "refused: …"],
  ["what stands behind the header's scheme", "no such key: key-4711-0815.", "no such key: …."],
  ["the address", "Cannot POST /hooks/T0/abcdef123456?token=tok-987654", "Cannot POST …"],
  ["the address as some write it in JSON", String.raw`{"at":"\/hooks\/T0\/abcdef123456"}`, `{"at":"…"}`],
  ["a value of the address", "bad token tok-987654", "bad token …"],
  ["the beginning of a secret, where the answer was cut", "you sent key-4711-08", "you sent …"],
  ["nothing of it", "acme is not known here", "acme is not known here"],
])("an answer that repeats %s is kept without it", (_what, answer, kept) => {
  expect(withoutOwn(endpoint, answer)).toBe(kept)
})
