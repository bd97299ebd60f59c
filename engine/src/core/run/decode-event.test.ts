import { describe, expect, test } from "vitest"
import { decodeEvent } from "./decode-event.ts"
import { eventVersion, type Upcasters, upcast } from "./upcast.ts"

/** A release to come, in which two things of `run.paused` have changed. */
const later: Upcasters = {
  "run.paused": [
    ({ reason, ...rest }) => ({ ...rest, why: reason ?? null }),
    ({ why = null, ...rest }) => ({ ...rest, why, asked: true }),
  ],
}
const row = { seq: 4, type: "run.paused", at: 9, actor: "user:ada", stepId: null }

describe("events of older releases", () => {
  test("read as today's, through every version in between, and what is stored stays as it is", () => {
    const stored = '{"reason":"lunch"}'
    const today = { ok: true, event: { ...row, v: 3, payload: { why: "lunch", asked: true } } }
    expect(decodeEvent({ ...row, v: 1, payload: stored }, later)).toEqual(today)
    expect(decodeEvent({ ...row, v: 2, payload: '{"why":"lunch"}' }, later)).toEqual(today)
    expect(decodeEvent({ ...row, v: 3, payload: '{"why":"lunch","asked":true}' }, later)).toEqual(today)
    const payload = Object.freeze({ reason: "lunch" })
    expect(upcast("run.paused", 1, payload, later)).toEqual({ why: "lunch", asked: true })
  })

  test("new ones are written in the newest version of their type, others stay where they are", () => {
    expect(eventVersion("run.paused", later)).toBe(3)
    expect(eventVersion("run.resumed", later)).toBe(1)
    expect(decodeEvent({ ...row, v: 1, type: "run.resumed", payload: "{}" }, later)).toMatchObject({ event: { v: 1 } })
  })

  test.each<[title: string, changed: object, why: string]>([
    ["a version of a release to come", { v: 4 }, "event 4 has version 4; this Waybill reads versions 1 to 3"],
    ["a version that never was", { v: 0 }, "event 4 has version 0; this Waybill reads versions 1 to 3"],
    ["a type of a release to come", { type: "run.blessed" }, "event 4 is of the unknown type run.blessed"],
    ["what is not JSON", { payload: "{" }, "the payload of event 4 is not JSON"],
  ])("%s is told, and nothing is guessed", (_title, changed, why) => {
    expect(decodeEvent({ ...row, v: 3, payload: "{}", ...changed }, later)).toEqual({ ok: false, why })
  })
})
