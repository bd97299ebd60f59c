import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type RecordingServer, recordingServer } from "../testing/recording-server.ts"

let server: RecordingServer
const cwd = mkdtempSync(join(tmpdir(), "waybill-redaction-"))
beforeAll(async () => {
  server = await recordingServer()
})
afterAll(async () => {
  await server.close()
  rmSync(cwd, { recursive: true })
})

const write = (policy: object) => writeFileSync(join(cwd, "policy.json"), JSON.stringify(policy))
const redaction = (...args: readonly string[]) => server.waybill(["redaction", ...args], { cwd })

test("a policy is tried, put, shown and taken back", async () => {
  write({ detectors: { email: "redact" }, fields: [{ path: "customer.name", method: "hash" }] })
  const sample = '{"customer":{"name":"Ann"},"mail":"ann@example.com"}'
  const tried = await redaction("try", "policy.json", "--sample", sample)
  expect(tried.code, tried.err).toBe(0)
  expect(tried.out).toContain(
    '{"customer":{"name":"[hash:name:00000000000000000000000000000005]"},"mail":"[redacted:email]"}',
  )
  expect(tried.out).toMatch(/\/customer\/name +name +hash/)
  const put = await redaction("put", "policy.json", "--note", "the law", "--workflow", "greet")
  expect([put.code, put.out]).toEqual([0, "the policy of greet is at version 1\n"])
  const shown = await redaction("show", "--workflow", "greet")
  expect(shown.out).toMatch(/greet · version 1[\s\S]*customer\.name +hash +everywhere[\s\S]*email +redact\n/)
  const back = await redaction("put", "--none", "--workflow", "greet", "--based-on", "1")
  expect(back.out).toBe("the policy of greet is at version 2: taken back\n")
  expect((await redaction("versions", "--workflow", "greet")).out).toMatch(/2 +taken back[\s\S]*1 +1 fields.*the law/)
})

test("what is wrong with a policy is said with its place, and nothing is put", async () => {
  write({ detectors: { mail: "redact" } })
  const wrong = await redaction("put", "policy.json")
  expect(wrong.code).toBe(1)
  expect(wrong.err).toMatch(/\/policy\/detectors\/mail[\s\S]*there is no "mail"; known: aws_access_key/)
  expect((await redaction("show")).out).toContain("workspace · no policy of its own")
})

test("a token is opened for a reason, and it is said when there is none", async () => {
  write({ fields: [{ path: "who", method: "tokenize" }] })
  await redaction("put", "policy.json")
  const tried = await redaction("try", "--sample", '{"who":"Ann Lee"}', "--json")
  const { results } = JSON.parse(tried.out) as { results: [{ value: { who: string } }] }
  const opened = await redaction("reveal", `Dear ${results[0].value.who}`, "--reason", "ticket 7")
  expect([opened.code, opened.out, opened.err]).toEqual([0, "Dear Ann Lee\n", ""])
  const none = await redaction("reveal", "Dear Ann", "--reason", "ticket 7")
  expect(none.err).toContain("there was no token in it")
})

test.each([[["put"]], [["put", "policy.json", "--none"]], [["reveal", "x"]], [["try", "policy.json"]]])(
  "`redaction %j` is wrong use",
  async (args) => {
    expect((await redaction(...args)).code).toBe(2)
  },
)
