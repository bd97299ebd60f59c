import { describe, expect, test } from "vitest"
import type { Json } from "../../json.ts"
import { checkPolicy } from "./check-policy.ts"
import { detectorNames } from "./detectors.ts"
import { Opened, openTokens } from "./open-tokens.ts"
import { defaultPolicy, effectivePolicy, type RedactionPolicy } from "./policy.ts"
import { createRedactor, type RedactionHit, type Seals, sealsPerValueMax } from "./redactor.ts"

/** Everything that can be found, gone for good. */
const strictPolicy: RedactionPolicy = {
  detectors: Object.fromEntries(detectorNames.map((name) => [name, "redact" as const])),
  fields: [],
}

/** A key's part that can be read. */
const seals: Seals = {
  hash: (text) => text.length.toString(16).padStart(32, "0"),
  seal: (text) => `0000c0de.${Buffer.from(text.padEnd(40)).toString("base64url")}`,
}
const openSealed = (sealed: string) => Buffer.from(sealed.slice(9), "base64url").toString().trimEnd()
const sealed = (label: string, value: Json) => `[token:${label}:${seals.seal(JSON.stringify(value))}]`

const policy = (fields: RedactionPolicy["fields"], detectors: RedactionPolicy["detectors"] = {}) =>
  createRedactor(effectivePolicy([{ detectors, fields }]), seals)

describe("a field's rule", () => {
  test("redacts, hashes, makes a token of or keeps what lies at its path, whatever it is", () => {
    const redactor = policy([
      { path: "customer.name", method: "redact" },
      { path: "customer.id", method: "hash", label: "customer" },
      { path: "customer.address", method: "tokenize" },
      { path: "note", method: "keep" },
    ])
    const value = {
      customer: { name: "Ann", id: 4711, address: { street: "High Street", no: 7 }, since: 2020 },
      note: "key AKIAIOSFODNN7EXAMPLE",
    }
    expect(redactor.redact("input", value)).toEqual({
      customer: {
        name: "[redacted:name]",
        id: `[hash:customer:${seals.hash("4711")}]`,
        address: sealed("address", value.customer.address),
        since: 2020,
      },
      note: "key AKIAIOSFODNN7EXAMPLE",
    })
  })

  test("of one value so many tokens are made; what is beyond them is gone for good, and the next value has its own", () => {
    let made = 0
    const counting: Seals = { ...seals, seal: (text) => seals.seal(String(made++ + text.length)) }
    const redactor = createRedactor(
      effectivePolicy([{ detectors: {}, fields: [{ path: "*.name", method: "tokenize" }] }]),
      counting,
    )
    const people = Array.from({ length: sealsPerValueMax + 2 }, (_, n) => ({ name: `Ann ${n}` }))
    const kept = redactor.redact("input", people) as { name: string }[]
    expect(made).toBe(sealsPerValueMax)
    expect(kept[sealsPerValueMax - 1]!.name).toMatch(/^\[token:name:/)
    expect(kept.slice(sealsPerValueMax)).toEqual([{ name: "[redacted:name]" }, { name: "[redacted:name]" }])
    expect(redactor.redact("input", [{ name: "Ann" }])).toEqual([{ name: expect.stringMatching(/^\[token:name:/) }])
  })

  test("names any one, any number, items and quoted names, without case", () => {
    const redactor = policy([
      { path: "items.*.card", method: "redact" },
      { path: "**.Nickname", method: "redact" },
      { path: 'headers."x.y"', method: "redact" },
      { path: "rows.1", method: "redact", label: "row" },
    ])
    expect(
      redactor.redact("output", {
        items: [{ card: 1 }, { card: 2, other: 3 }],
        deep: [{ down: { NICKNAME: "x", nick: "y" } }],
        nickname: "z",
        headers: { "X.Y": "q", x: { y: "kept" } },
        rows: ["a", "b"],
      }),
    ).toEqual({
      items: [{ card: "[redacted:card]" }, { card: "[redacted:card]", other: 3 }],
      deep: [{ down: { NICKNAME: "[redacted:nickname]", nick: "y" } }],
      nickname: "[redacted:nickname]",
      headers: { "X.Y": "[redacted:x_y]", x: { y: "kept" } },
      rows: ["a", "[redacted:row]"],
    })
  })

  test("is asked in order: the first that fits is the one, and a workflow's go before its workspace's", () => {
    const own: RedactionPolicy = { detectors: {}, fields: [{ path: "a", method: "keep" }] }
    const all: RedactionPolicy = { detectors: { email: "hash" }, fields: [{ path: "*", method: "redact" }] }
    const redactor = createRedactor(effectivePolicy([own, all]), seals)
    expect(redactor.redact("input", { a: "x", b: "y" })).toEqual({ a: "x", b: "[redacted:value]" })
  })

  test("holds where it is said to hold only", () => {
    const redactor = policy([{ path: "name", method: "redact", in: ["output"] }])
    expect(redactor.redact("input", { name: "Ann" })).toEqual({ name: "Ann" })
    expect(redactor.redact("output", { name: "Ann" })).toEqual({ name: "[redacted:name]" })
  })
})

describe("what is found by its form", () => {
  test("is taken out of texts, names and numbers wherever it lies", () => {
    const redactor = createRedactor(strictPolicy, seals)
    expect(
      redactor.redact("error", {
        detail: "ann@example.com called 192.168.0.1",
        "bob@example.com": [{ card: 4111111111111111 }],
        Authorization: "Negotiate abc",
        cookies: 3,
        Cookie: ["a=1", "b=2"],
        cvv: 123,
      }),
    ).toEqual({
      detail: "[redacted:email] called [redacted:ip_address]",
      "[redacted:email]": [{ card: "[redacted:card]" }],
      Authorization: "[redacted:secret_field]",
      cookies: 3,
      Cookie: ["[redacted:secret_field]", "[redacted:secret_field]"],
      cvv: "[redacted:secret_field]",
    })
  })

  test("no value is lost where two names become one", () => {
    const redactor = createRedactor(strictPolicy, seals)
    expect(redactor.redact("input", { "a@b.com": 1, "c@d.com": 2 })).toEqual({
      "[redacted:email]": 1,
      "[redacted:email] 2": 2,
    })
  })

  test("what Waybill does unasked: credentials and account numbers are tokens, addresses stay", () => {
    const redactor = createRedactor(defaultPolicy, seals)
    expect(redactor.redact("input", { mail: "ann@example.com", key: "AKIAIOSFODNN7EXAMPLE" })).toEqual({
      mail: "ann@example.com",
      key: sealed("aws_access_key", "AKIAIOSFODNN7EXAMPLE"),
    })
  })

  test("comes by twice without change, and what has nothing is the same object", () => {
    const redactor = createRedactor({ ...strictPolicy, fields: [{ path: "x", method: "tokenize" }] }, seals)
    const once = redactor.redact("input", { x: "Ann", mail: "to ann@example.com", password: "hunter22" })
    expect(redactor.redact("output", once)).toBe(once)
  })

  test("says what it did, and where", () => {
    const hits: RedactionHit[] = []
    policy([{ path: "a/b", method: "hash" }], { email: "redact" }).redact(
      "input",
      { "a/b": 1, list: ["x", "ann@example.com"] },
      (hit) => hits.push(hit),
    )
    expect(hits).toEqual([
      { pointer: "/a~1b", method: "hash", found: "a_b", path: "a/b" },
      { pointer: "/list/1", method: "redact", found: "email", path: null },
    ])
  })
})

describe("the way back", () => {
  const redactor = policy([{ path: "who", method: "tokenize" }], { email: "tokenize", card: "tokenize" })
  const raw = { who: { name: "Ann Lee", age: 41 }, text: "ann@example.com or bob@example.com", card: 4111111111111111 }

  test("gives back the value as it was, numbers and objects too", () => {
    expect(openTokens(redactor.redact("input", raw), openSealed, () => {})).toEqual(raw)
  })

  test("leaves what it cannot open", () => {
    const kept = redactor.redact("input", raw)
    expect(
      openTokens(
        kept,
        () => null,
        () => {},
      ),
    ).toBe(kept)
  })

  test("closes again what was opened, each by itself and however it is written, where no detector would know it", () => {
    const opened = new Opened()
    const value = { who: { name: 'Ann "Lee"', age: 41 }, since: 12_345, one: 1 }
    const fields = [
      { path: "who", method: "tokenize" },
      { path: "since", method: "tokenize" },
      { path: "one", method: "tokenize" },
    ] as const
    const kept = policy(fields).redact("input", value)
    openTokens(kept, openSealed, (raw, label) => opened.add(raw, sealed(label, raw)))
    const name = sealed("who", value.who.name)
    expect(
      opened.close({
        greeting: `Hello ${value.who.name}, 41`,
        [value.who.name]: ["x"],
        since: 12_345,
        count: 1,
        json: JSON.stringify(value.who),
      }),
    ).toEqual({
      greeting: `Hello ${name}, 41`,
      [name]: ["x"],
      since: sealed("since", 12_345),
      count: 1,
      json: `{"name":"${name}","age":41}`,
    })
  })

  test("opens what was closed twice", () => {
    const inner = policy([{ path: "who", method: "tokenize" }]).redact("input", { who: "Ann Lee" }) as { who: string }
    const outer = policy([{ path: "text", method: "tokenize" }]).redact("output", { text: `Dear ${inner.who}` })
    expect(openTokens(outer, openSealed, () => {})).toEqual({ text: "Dear Ann Lee" })
  })

  test("what only looks like a token is looked into", () => {
    const key = "AKIAIOSFODNN7EXAMPLE"
    const redactor = createRedactor(strictPolicy, seals)
    expect(redactor.redact("input", [`[token:github:${key}]`, `[hash:x:${key}]`])).toEqual([
      "[token:github:[redacted:aws_access_key]]",
      "[hash:x:[redacted:aws_access_key]]",
    ])
  })
})

describe("a policy that somebody wrote", () => {
  test("is taken as it is", () => {
    const written = {
      detectors: { email: "hash" },
      fields: [{ path: "**.name", method: "tokenize", in: ["input"], label: "name" }],
    }
    expect(checkPolicy(written)).toEqual({ ok: true, policy: written })
    expect(checkPolicy({})).toEqual({ ok: true, policy: { detectors: {}, fields: [] } })
  })

  test("is answered with all that is wrong with it, each at its place", () => {
    const checked = checkPolicy({
      detectors: { emial: "redact", ssn: "hide" },
      fields: [
        { path: "a..b", method: "redact" },
        { path: "**", method: "nope", in: ["inputs"], label: "A B" },
        7,
        { path: 'x."y' },
      ],
      more: 1,
    })
    expect(checked.ok).toBe(false)
    if (checked.ok) return
    expect(checked.problems.map(({ pointer }) => pointer)).toEqual([
      "/more",
      "/detectors/emial",
      "/detectors/ssn",
      "/fields/0/path",
      "/fields/1/method",
      "/fields/1/path",
      "/fields/1/in/0",
      "/fields/1/label",
      "/fields/2",
      "/fields/3/method",
      "/fields/3/path",
    ])
    expect(checked.problems[3]!.message).toBe("at character 3: a name is missing")
  })
})
