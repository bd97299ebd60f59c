import { describe, expect, it } from "vitest"
import type { Json } from "../json.ts"
import { BlobRef } from "../run/stored.ts"
import { blobsOf, charsOf, joinPieces, jsonPieces } from "./json-pieces.ts"

const big = (hash: string) => new BlobRef(hash, 90_000) as unknown as Json

describe("a value as pieces of text", () => {
  it("is one piece where nothing lies apart, and reads as the value does", () => {
    for (const value of [null, 1, "a", [], {}, { a: [1, { "b\n": "ü" }] }] as Json[]) {
      const pieces = jsonPieces(value)
      expect(pieces).toEqual([JSON.stringify(value)])
      expect(charsOf(pieces)).toBe(JSON.stringify(value).length)
    }
  })

  it("names large values where they stand, and has their own text in the end", () => {
    const value = { a: 1, in: { big: big("x"), list: [1, big("y"), { z: big("x") }], "": [] } }
    const pieces = jsonPieces(value as Json)
    expect(blobsOf(pieces)).toEqual(["x", "y"])
    const joined = joinPieces(pieces, new Map([["x", '{"large": true}']]))
    expect(JSON.parse(joined)).toEqual({
      a: 1,
      in: { big: { large: true }, list: [1, null, { z: { large: true } }], "": [] },
    })
  })

  it("may be nothing but a large value", () => {
    expect(jsonPieces(big("x"))).toEqual([{ blob: "x" }])
  })

  it("does not take an object that looks like a reference for one", () => {
    expect(jsonPieces({ blob: "x", bytes: 1 })).toEqual(['{"blob":"x","bytes":1}'])
  })
})
