import { describe, expect, it } from "vitest"
import { pieceChars, piecesOf } from "./send-text.ts"

describe("a large answer", () => {
  it("goes out in pieces of a bounded size, and is the same text in the end", () => {
    const text = JSON.stringify({ a: "é".repeat(pieceChars * 2), b: "x".repeat(pieceChars) })
    const pieces = [...piecesOf(text)]
    expect(Buffer.concat(pieces).toString()).toBe(text)
    expect(pieces.length).toBe(Math.ceil(text.length / pieceChars))
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(pieceChars * 3)
  })

  it("does not cut a character in two", () => {
    for (const shift of ["", "x"]) {
      const text = shift + "🚚".repeat(pieceChars)
      expect(Buffer.concat([...piecesOf(text)]).toString()).toBe(text)
    }
  })
})
