import { createHash } from "node:crypto"
import fc from "fast-check"
import { expect, test } from "vitest"
import { eventHash } from "./chain.ts"

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex")

test("what is hashed of an event is the JSON of its fields, whatever stands in them", () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.constantFrom("user:olga", 'a"b', "\\", "é", "\n"),
  )
  const event = fc.record({
    seq: fc.nat(),
    v: fc.nat({ max: 9 }),
    type: text,
    at: fc.nat(),
    actor: text,
    stepId: fc.option(text),
    payloadHash: text,
    prevHash: text,
  })
  fc.assert(
    fc.property(text, event, (runId, { seq, v, type, at, actor, stepId, payloadHash, prevHash }) => {
      const header = JSON.stringify([runId, seq, v, type, at, actor, stepId, payloadHash])
      expect(eventHash(sha256, runId, { seq, v, type, at, actor, stepId, payloadHash, prevHash })).toBe(
        sha256(`${prevHash}\n${header}`),
      )
    }),
  )
})
