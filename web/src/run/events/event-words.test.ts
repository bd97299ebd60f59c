import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { eventWords } from "./event-words.ts"

describe("an event in one line", () => {
  test("what failed says why, what waits says for how long", () => {
    const error = { code: "desk_closed", detail: "no answer" }
    expect(eventWords({ type: "step.failed", payload: { attempt: 2, error } })).toBe(
      "attempt 2: desk_closed: no answer",
    )
    expect(eventWords({ type: "step.retry_scheduled", payload: { attempt: 3, delayMs: 1500, timer: "t" } })).toBe(
      "attempt 3 in 1.5 s",
    )
    expect(eventWords({ type: "step.retry_scheduled", payload: { attempt: 3, delayMs: 0, timer: null } })).toBe(
      "waits until somebody lets it try again",
    )
  })

  test("a way that was taken, a path that was written, a decision with its comment", () => {
    expect(eventWords({ type: "state.exited", payload: { status: "FAILED", next: "mend", handled: true } })).toBe(
      "failed, dealt with, goes on at mend",
    )
    expect(eventWords({ type: "context.written", payload: { path: ["a", 0], mode: "append" } })).toBe("a.0, append")
    expect(eventWords({ type: "context.written", payload: { path: [], mode: "replace" } })).toBe("the root")
    expect(
      eventWords({ type: "approval.rejected", payload: { decidedBy: ["user:a", "user:b"], comment: "too late" } }),
    ).toBe("user:a, user:b: too late")
  })

  test("an erased payload is said, and a type of a newer server says nothing", () => {
    expect(eventWords({ type: "step.failed", payload: null })).toBe("its payload has been erased")
    expect(eventWords({ type: "step.dreamt", payload: { of: "sheep" } })).toBe("")
  })

  test("no type that the reference names breaks on an empty payload", () => {
    const reference = readFileSync(new URL("../../../../docs/reference/events.md", import.meta.url), "utf8")
    const types = [...reference.matchAll(/`([a-z]+\.[a-z_]+)`/g)].map(([, type]) => type!)
    expect(types.length).toBeGreaterThan(40)
    for (const type of types) expect(() => eventWords({ type, payload: {} })).not.toThrow()
  })
})
