import { describe, expect, test } from "vitest"
import { runCreated } from "../../testing/simulator/core-run.ts"
import { definitionOf } from "../../testing/simulator/story.ts"
import type { JsonObject } from "../json.ts"
import { defaultLimits } from "./limits.ts"
import { prepareStart } from "./start.ts"

function prepare(top: JsonObject, input: JsonObject) {
  const definition = definitionOf({ id: "d", ...top, states: [{ name: "a", type: "wait", seconds: 1 }] })
  const { input: _none, ...facts } = runCreated(definition, "run_1", { value: {} })
  const blobs = { put: () => "", get: () => undefined }
  return prepareStart("run_1", facts, input, {
    now: 0,
    definition,
    validator: () => () => null,
    agent: () => null,
    blobs,
    limits: defaultLimits,
  })
}

const tops: [string, JsonObject][] = [
  ["businessEventId", { businessEventId: "{{ ctx.order }}" }],
  ["idempotency.key", { idempotency: { key: "{{ ctx.order }}", ttlSeconds: 60 } }],
  ["concurrency.key", { concurrency: { key: "{{ ctx.order }}", limit: 1 } }],
]

describe("keys of a run", () => {
  test.each(tops)("%s is what the input says", (_, top) => {
    expect(prepare(top, { order: 7 })).toMatchObject({ ok: true })
  })

  test.each(tops)("%s that is missing, empty or too long to be kept whole refuses the start", (what, top) => {
    for (const order of [null, "", "  ", "x".repeat(513)]) {
      const refused = prepare(top, { order })
      expect(refused).toMatchObject({ ok: false, rejection: { code: "key_invalid" } })
      expect(JSON.stringify(refused)).toContain(what)
    }
    expect(prepare(top, {})).toMatchObject({ ok: false, rejection: { code: "key_invalid" } })
  })
})
