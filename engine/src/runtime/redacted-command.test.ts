import { describe, expect, test } from "vitest"
import type { Json } from "../core/json.ts"
import type { AttemptOutcome, Command } from "../core/run/commands.ts"
import type { Redaction, RedactionPlace } from "../ports/redaction.ts"
import { redactedCommand } from "./redacted-command.ts"

const where = { workspaceId: "default", environment: "default", workflowId: "greet" }
const secret = "AKIAIOSFODNN7EXAMPLE"
const redaction = {
  redact: (_place: RedactionPlace, value: Json) => JSON.parse(JSON.stringify(value).replaceAll(secret, "[redacted]")),
} as unknown as Redaction
const finished = (outcome: AttemptOutcome): Command => ({
  kind: "finish-attempt",
  stepId: "step_1",
  attempt: 1,
  fence: 1,
  outcome,
})

const usage = {
  tokens: 3,
  models: [{ model: secret, provider: `by ${secret}`, parameters: { user: secret }, tokens: 3 }],
}
const kept = {
  tokens: 3,
  models: [{ model: "[redacted]", provider: "by [redacted]", parameters: { user: "[redacted]" }, tokens: 3 }],
}
const error = { type: "t", class: "bug", code: "oops", title: "Oops", detail: "no" } as const

describe("what an agent says of its model", () => {
  test.each<[string, AttemptOutcome]>([
    ["an attempt that succeeded", { kind: "succeeded", output: {}, usage }],
    ["one that failed", { kind: "failed", error, usage }],
    ["one that ran out of time", { kind: "timed_out", error, usage }],
  ])("with %s is kept without what may not be kept", (_what, outcome) => {
    const command = redactedCommand(redaction, where, finished(outcome))
    expect(command).toMatchObject({ outcome: { usage: kept } })
    expect(JSON.stringify(command)).not.toContain(secret)
  })
})
