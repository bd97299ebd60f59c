import { expect, test } from "vitest"
import { eventTypes as written } from "../../../../engine/src/core/run/decode-event.ts"
import { eventTypes } from "./event-types.ts"

test("the filter offers every type of event that the engine writes, and no other", () => {
  expect([...eventTypes].sort()).toEqual([...written].sort())
})
