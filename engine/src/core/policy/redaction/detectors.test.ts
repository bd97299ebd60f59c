import { describe, expect, test } from "vitest"
import { detectorNames, findSecrets, isCardNumber, isSecretField } from "./detectors.ts"

const all = () => true
const found = (text: string) =>
  findSecrets(text, all).map(({ start, end, detector }) => [detector, text.slice(start, end)])

/** Made of pieces, so that nobody's scanner takes them for real ones. */
const j = (...pieces: string[]) => pieces.join("")
const forty = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYab"

const secrets: readonly (readonly [string, string, string])[] = [
  ["aws_access_key", "key is AKIAIOSFODNN7EXAMPLE.", "AKIAIOSFODNN7EXAMPLE"],
  ["aws_secret_key", `aws_secret_access_key = ${forty}`, forty],
  ["azure_key", j("AccountName=a;Account", "Key=", "Q".repeat(86), "==;"), j("Q".repeat(86), "==")],
  ["basic_auth", j("Authorization: Basic ", btoa("ann:s3cret"), " "), btoa("ann:s3cret")],
  ["bearer_token", "curl -H 'Authorization: Bearer abc.def-123456'", "abc.def-123456"],
  ["github_token", j("git clone with gh", "p_", "a1B2".repeat(9)), j("gh", "p_", "a1B2".repeat(9))],
  ["github_token", j("github", "_pat_", "11ABCDEFG0_".repeat(4)), j("github", "_pat_", "11ABCDEFG0_".repeat(4))],
  ["gitlab_token", j("token gl", "pat-", "x1".repeat(10)), j("gl", "pat-", "x1".repeat(10))],
  ["google_api_key", j("?k=AI", "za", "Sy".repeat(17), "x&b=1"), j("AI", "za", "Sy".repeat(17), "x")],
  [
    "jwt",
    "got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP back",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP",
  ],
  ["llm_api_key", j("with s", "k-proj-", "Ab3_".repeat(10)), j("s", "k-proj-", "Ab3_".repeat(10))],
  ["npm_token", j("//registry/:_auth=np", "m_", "a1".repeat(18)), j("np", "m_", "a1".repeat(18))],
  [
    "private_key",
    "x -----BEGIN RSA PRIVATE KEY-----\nMIIB\nAAAA==\n-----END RSA PRIVATE KEY----- y",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIB\nAAAA==\n-----END RSA PRIVATE KEY-----",
  ],
  ["secret_assignment", "login failed: password=hunter22 for ann", "hunter22"],
  ["secret_assignment", '{"client_secret": "abcd-efgh"}', "abcd-efgh"],
  ["secret_assignment", "GET /a?token=abc123def456&b=1", "abc123def456"],
  ["secret_assignment", "DEPLOY_TOKEN=abc123def456", "abc123def456"],
  ["secret_assignment", '{"botToken": "abc123def456"}', "abc123def456"],
  ["secret_assignment", "developerToken=abc123def456", "abc123def456"],
  ["secret_assignment", "dbPassword=hunter22", "hunter22"],
  [
    "sendgrid_key",
    j("S", "G.", "a".repeat(22), ".", "b".repeat(43)),
    j("S", "G.", "a".repeat(22), ".", "b".repeat(43)),
  ],
  ["slack_token", j("xo", "xb-", "123456789012-abcdefABCDEF"), j("xo", "xb-", "123456789012-abcdefABCDEF")],
  [
    "slack_token",
    j("https://hooks.slack", ".com/services/", "T00000000/B00000000/XXXXXXXX"),
    "T00000000/B00000000/XXXXXXXX",
  ],
  ["stripe_key", j("s", "k_live_", "4eC39HqLyjWDarjtT1zdp7dc"), j("s", "k_live_", "4eC39HqLyjWDarjtT1zdp7dc")],
  ["twilio_key", j("S", "K", "0123456789abcdef".repeat(2)), j("S", "K", "0123456789abcdef".repeat(2))],
  ["url_password", "postgres://app:pa55w0rd@db:5432/main", "pa55w0rd"],
  ["card", "paid with 4111 1111 1111 1111 today", "4111 1111 1111 1111"],
  ["card", "amex 378282246310005", "378282246310005"],
  ["card", "4111 1111 1111 1111 12/27", "4111 1111 1111 1111"],
  ["card", "4111-1111-1111-1111-123", "4111-1111-1111-1111"],
  ["card", "4111111111111111 123", "4111111111111111"],
  ["card", "2 4111 1111 1111 1111", "4111 1111 1111 1111"],
  ["card", "5 x 22 4111 1111 1111 1111 99 2026", "4111 1111 1111 1111"],
  ["email", "write to ann.o'hara+x@mail.example.co.uk, please", "ann.o'hara+x@mail.example.co.uk"],
  ["iban", "to GB82 WEST 1234 5698 7654 32 by noon", "GB82 WEST 1234 5698 7654 32"],
  ["iban", "DE89370400440532013000", "DE89370400440532013000"],
  ["iban", "BE68 5390 0754 7034 EUR", "BE68 5390 0754 7034"],
  ["iban", "BE68 5390 0754 7034 PAID 1000 EUR", "BE68 5390 0754 7034"],
  ["iban", "AT61 1904 3002 3457 3201 EUR", "AT61 1904 3002 3457 3201"],
  ["iban", "NR12 3456 BE68 5390 0754 7034", "BE68 5390 0754 7034"],
  ["ip_address", "from 192.168.10.254 again", "192.168.10.254"],
  ["phone", "call +49 151 2345 6789 now", "+49 151 2345 6789"],
  ["phone", "call (415) 555-0132", "(415) 555-0132"],
  ["phone", "+49 (0)30/123-456. Then", "+49 (0)30/123-456"],
  ["phone", "+49 151 2345 6789 4711 0815 99", "+49 151 2345 6789"],
  ["ssn", "ssn 078-05-1120.", "078-05-1120"],
]

describe("what is found in a text", () => {
  test.each(secrets)("%s in %j", (detector, text, secret) => {
    expect(found(text)).toEqual([[detector, secret]])
  })

  test("every detector has an example", () => {
    const shown = new Set(secrets.map(([detector]) => detector))
    expect(detectorNames.filter((name) => name !== "secret_field" && !shown.has(name))).toEqual([])
  })

  test.each([
    "the basic assumption holds for everybody",
    "order 4111111111111112, a number whose sum is wrong",
    "run_01J9ZK6N9W3E2T0Q8R7S6D5F4G of 2026-11-21T18:30:00.000Z took 1234567 ms",
    "GB82 WEST 1234 5698 7654 33 has a wrong sum",
    "version 1.2.3.4.5, build 20.20.2",
    "see https://example.com:8443/a?b=c#d",
    "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "666-12-3456 and 000-12-3456 were never given to anybody",
    "1700000000000",
    "0000 0000 0000 0000",
    "a token of thanks: well said",
    "user@host",
    "GET /a?nextToken=abc123def456&page_token=abc123def456",
    "cost_per_token=0.00012345, max_tokens=123456789, tokens: 123456789, token=required",
    "[token:card:94c0532f.qZZ8abcdef]",
    "+1 2 3 4 5 6 7",
    "the password: required, the secret: nobody knows",
    "the bearer certificate of the house",
    "trace 4bf92f4111111111111111b3577b34da",
  ])("nothing in %j", (text) => {
    expect(found(text)).toEqual([])
  })

  test("only where its detector looks", () => {
    expect(
      findSecrets("ann@example.com 078-05-1120", (name) => name === "ssn").map(({ detector }) => detector),
    ).toEqual(["ssn"])
  })

  test("many in one text, in order and none over another", () => {
    const text = "ann@example.com paid 4111111111111111 with password=4111111111111111"
    expect(found(text)).toEqual([
      ["email", "ann@example.com"],
      ["card", "4111111111111111"],
      ["secret_assignment", "4111111111111111"],
    ])
  })

  test.each([
    "(password=",
    "a@",
    "+1",
    "-----BEGIN PRIVATE KEY-----\n",
    "aws secret ",
    "4",
    "eyJ",
    "http://",
    "a1:",
    "A",
    "4 ",
    "4-",
    "4111 1111 1111 1112 ",
    "DE00 ",
    "A1B2 ",
    "+49 ",
    ` +${"1".repeat(34)}a`,
    ` +${"1 ".repeat(17)}a`,
    "nexttoken=",
  ])("a long text of %j comes to an end", (piece) => {
    // Quadratic would be minutes: the test's own deadline is the judge of that.
    expect(found(piece.repeat(20_000))).toBeInstanceOf(Array)
  })
})

describe("by other signs than its text", () => {
  test.each([
    "password",
    "API-Key",
    "Set-Cookie",
    "client_secret",
    "secretAccessKey",
    "x-api-key",
    "Authorization",
    "dbPassword",
    "aws_secret_access_key",
    "WEBHOOK_SECRET",
    "stripeApiKey",
    "storage-access-key",
    "token",
    "github_token",
    "idToken",
    "developerToken",
  ])("a field called %s", (name) => {
    expect(isSecretField(name)).toBe(true)
  })

  test.each([
    "passwordHint",
    "tokens",
    "keyboard",
    "cookies_accepted",
    "nextToken",
    "next_page_token",
    "syncToken",
    "costPerToken",
    "cost_per_token",
    "secretary",
    "primaryKey",
  ])("not a field called %s", (name) => {
    expect(isSecretField(name)).toBe(false)
  })

  test("a card's number that is a number", () => {
    expect([4111111111111111, 378282246310005, 4111111111111112, 1700000000000].map(isCardNumber)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})
