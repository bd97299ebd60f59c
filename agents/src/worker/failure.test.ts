import { describe, expect, test } from "vitest"
import { toFailure } from "./failure.ts"

const now = Date.parse("2026-11-20T00:00:00Z")
const outcome = (thrown: unknown) => {
  const { class: cls, kind, code, retryAfterSeconds } = toFailure(thrown, now)
  return retryAfterSeconds === undefined ? [cls, kind, code] : [cls, kind, code, retryAfterSeconds]
}
const withProperties = (message: string, properties: object) => Object.assign(new Error(message), properties)

describe("what an agent throws steers the retry", () => {
  test("by the class it carries, whatever library it came from", () => {
    expect(outcome({ class: "policy_denied", message: "no" })).toEqual(["policy_denied", null, "policy_denied"])
    expect(
      outcome(withProperties("slow down", { class: "transient", code: "RATE_LIMITED", retryAfterSeconds: 1.5 })),
    ).toEqual(["transient", null, "rate_limited", 1.5])
    expect(outcome(withProperties("late", { class: "timeout" }))).toEqual(["transient", "timeout", "timeout"])
    expect(outcome(withProperties("odd", { class: "toString" }))).toEqual(["bug", null, "error"])
    expect(outcome(withProperties("odd", { class: "transient", retryAfterSeconds: -1, code: "!" }))).toEqual([
      "transient",
      null,
      "transient",
    ])
  })

  test("by a code that is one: what may be a secret is none, since nobody would find it in the way that codes are written", () => {
    const token = ["gh", "p_", "a1B2".repeat(9)].join("")
    expect(outcome(withProperties("no", { code: token }))).toEqual(["bug", null, "error"])
    expect(outcome(withProperties("no", { class: "policy_denied", code: `bad ${token}` }))).toEqual([
      ...["policy_denied", null, "policy_denied"],
    ])
    expect(outcome(withProperties("no", { code: "ann@example.com" }))).toEqual(["bug", null, "error"])
  })

  test("by an HTTP status, with the pause that the service asks for", () => {
    expect(outcome(withProperties("bad gateway", { status: 502 }))).toEqual(["external_api", null, "http_502"])
    expect(outcome(withProperties("busy", { statusCode: 429, headers: { "retry-after": "7" } }))).toEqual([
      "external_api",
      null,
      "http_429",
      7,
    ])
    const headers = new Headers({ "retry-after": "Fri, 20 Nov 2026 00:01:00 GMT" })
    expect(outcome(withProperties("busy", { response: { status: 503, headers } }))).toEqual([
      "external_api",
      null,
      "http_503",
      60,
    ])
    expect(outcome(withProperties("fine?", { status: 200 }))).toEqual(["bug", null, "error"])
  })

  test("by a deadline, also one that lies in the cause", () => {
    expect(outcome(new DOMException("too late", "TimeoutError"))).toEqual(["transient", "timeout", "timeout"])
    const cause = new DOMException("too late", "TimeoutError")
    expect(outcome(new Error("could not fetch", { cause }))).toEqual(["transient", "timeout", "timeout"])
  })

  test("by the network's codes, through fetch and several addresses", () => {
    expect(outcome(withProperties("read", { code: "ECONNRESET" }))).toEqual(["transient", null, "econnreset"])
    const cause = new AggregateError([withProperties("connect", { code: "ECONNREFUSED" })])
    expect(outcome(new TypeError("fetch failed", { cause }))).toEqual(["transient", null, "econnrefused"])
    expect(outcome(new TypeError("fetch failed"))).toEqual(["transient", null, "fetch_failed"])
    expect(outcome(new DOMException("stopped", "AbortError"))).toEqual(["transient", null, "aborted"])
  })

  test("as a bug otherwise, with its stack and its causes", () => {
    const failure = toFailure(new TypeError("x is not a function", { cause: new Error("below") }), now)
    expect(failure).toMatchObject({
      class: "bug",
      kind: null,
      code: "type_error",
      detail: "x is not a function",
      causes: ["below"],
    })
    expect(failure.stack).toContain("failure.test.ts")
  })

  test("as a bug also when it is no error, or cannot be read, or never ends", () => {
    expect(toFailure("just text", now)).toMatchObject({
      class: "bug",
      code: "thrown_value",
      detail: expect.stringContaining('"just text"'),
    })
    expect(outcome(undefined)).toEqual(["bug", null, "thrown_value"])
    expect(outcome(12n)).toEqual(["bug", null, "thrown_value"])
    const trap = new Proxy(
      {},
      {
        get: () => {
          throw new Error("trap")
        },
      },
    )
    expect(outcome(trap)).toEqual(["bug", null, "unreadable_error"])
    const endless: Error = new Error("round")
    endless.cause = endless
    expect(outcome(endless)).toEqual(["bug", null, "error"])
  })

  test("and its words can be stored: bounded, without NUL and without half characters", () => {
    const { detail, title } = toFailure(
      withProperties(`a\u0000b\ud800c${" x".repeat(20_000)}`, { title: "t\u0000" }),
      now,
    )
    expect(detail.startsWith("a\ufffdb\ufffdc")).toBe(true)
    expect(detail.length).toBeGreaterThan((8 << 10) - 3)
    expect(detail.length).toBeLessThanOrEqual(8 << 10)
    expect(title).toBe("t\ufffd")
  })
})
