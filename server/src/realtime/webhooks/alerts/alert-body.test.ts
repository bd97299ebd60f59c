import { expect, test } from "vitest"
import { channelBody } from "./alert-body.ts"

const textOf = (subject: string) => {
  const body = channelBody({ subject, lead: "", facts: [["Of whom", "user:ann@example.com"]], url: null, footer: null })
  return (JSON.parse(body) as { text: string }).text
}

test.each(["<!channel>", "@channel", "(@here)", "see @all", "<@U123>", "[a](http://evil.example)", "<http://e|a>"])(
  "what a run says mentions nobody in a channel and hides no link, whichever channel it is: %s",
  (said) => expect(textOf(said)).not.toMatch(/<[!@h]|(?<!\w)@\w|\]\(/),
)

test("what a run says on a line of its own says not where a word of another line leads", () => {
  expect(textOf("failed: [Look]\n[Look]: http://evil.example")).not.toMatch(/^\s*\[[^\]]+\]:/m)
  expect(textOf("at http://[::1]:80/")).toContain("http://[::1]:80/")
})

test("an address stays what it is", () => {
  expect(textOf("failed for bob@example.com")).toBe("*failed for bob@example.com*\nOf whom: user:ann@example.com")
})
