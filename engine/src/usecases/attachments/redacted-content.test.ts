import { expect, test } from "vitest"
import { defaultPolicy } from "../../core/policy/redaction/policy.ts"
import { createRedactor } from "../../core/policy/redaction/redactor.ts"
import { redactedContent } from "./redacted-content.ts"

const card = "4242424242424242"
const redactor = createRedactor(
  { ...defaultPolicy, fields: [{ path: "**.name", method: "redact" }] },
  { hash: () => "h", seal: () => "s" },
)
let pauses = 0
const kept = async (content: string | Uint8Array, contentType: string) => {
  pauses = 0
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content
  const pause = async () => void pauses++
  return redactedContent(bytes, contentType, (value) => redactor.redact("output", value), pause)
}
const text = async (content: string | Uint8Array, contentType: string) =>
  new TextDecoder().decode((await kept(content, contentType)).content)

test("a text in which nothing is found stays as it is, byte by byte", async () => {
  const content = new TextEncoder().encode('\uFEFF{ "a" :  1 }\r\n')
  expect(await kept(content, "application/json")).toEqual({ content, redacted: false })
})

test("a JSON document is looked through by its fields, whatever it is called", async () => {
  const content = JSON.stringify({ customer: { name: "Ada" }, password: "correct horse", n: 1 })
  for (const type of ["application/json", "application/octet-stream", "application/problem+json; charset=utf-8"])
    expect(JSON.parse(await text(content, type))).toEqual({
      customer: { name: "[redacted:name]" },
      password: "[token:secret_field:s]",
      n: 1,
    })
})

test("what only looks like JSON is looked through as a text", async () => {
  expect(await text(`{"a": ${card}, }`, "application/json")).toBe('{"a": [token:card:s], }')
})

test("a long text goes in pieces with pauses, and loses nothing at their seams", async () => {
  const line = `order 7 paid with ${card} on Friday\n`
  const content = line.repeat(30_000)
  expect(await text(content, "text/csv")).toBe(line.replace(card, "[token:card:s]").repeat(30_000))
  expect(pauses).toBeGreaterThan(2)
})

test("a key of several lines at a seam is found whole", async () => {
  const key = `-----BEGIN PRIVATE KEY-----\n${"MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n".repeat(40)}-----END PRIVATE KEY-----\n`
  // The seam lies in the middle of the key.
  const before = "x".repeat(79).concat("\n").repeat(3_270)
  const found = await text(`${before}${key}${before}`, "text/plain")
  expect(pauses).toBeGreaterThan(0)
  expect(found).not.toContain("MIIEvQ")
  expect(found.startsWith(before) && found.endsWith(before)).toBe(true)
})

test("a text of one byte a character, and one of two, come back in the same form", async () => {
  const latin = Uint8Array.from(`Müller ${card} \u0080`, (one) => one.charCodeAt(0))
  const { content } = await kept(latin, "text/csv")
  expect(String.fromCharCode(...content)).toBe("Müller [token:card:s] \u0080")
  const wide = Uint8Array.from(Buffer.from(`\uFEFFMüller ${card}`, "utf16le"))
  expect(Buffer.from((await kept(wide, "text/plain")).content).toString("utf16le")).toBe("\uFEFFMüller [token:card:s]")
})

test("what is no text is kept as it is", async () => {
  const content = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 255, ...new TextEncoder().encode(card)])
  expect(await kept(content, "image/png")).toEqual({ content, redacted: false })
})
