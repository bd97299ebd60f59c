import { expect, test } from "vitest"
import type { EncodedEvent } from "../core/run/chain.ts"
import type { StepRow } from "../core/views/rows.ts"
import { logSteps } from "./step-log.ts"

const error = (given: object) => ({
  type: "t",
  class: "bug",
  code: "boom",
  title: "Boom",
  detail: "secret value",
  ...given,
})
const event = (type: string, payload: unknown, at = 50): EncodedEvent => ({
  seq: 1,
  v: 1,
  type,
  at,
  actor: "system",
  stepId: "step_1",
  payload: JSON.stringify(payload),
  salt: "",
  payloadHash: "",
  prevHash: "",
  hash: "",
})
const row = (given: Partial<StepRow> = {}) =>
  ({
    stepId: "step_1",
    action: "agent.run",
    type: "operation",
    agent: "charge",
    attempt: 1,
    startedAt: 20,
    enteredAt: 10,
    completedAt: 90,
    status: "RUNNING",
    ...given,
  }) as StepRow

function lines(events: readonly EncodedEvent[], given: Partial<StepRow> = {}) {
  const written: [string, object][] = []
  logSteps({ write: (level, _message, fields) => written.push([level, fields ?? {}]) }, "run_1", events, [row(given)])
  return written
}

test("a step that succeeded is one line with who, how long and how", () => {
  expect(
    lines([
      event("step.started", {}),
      event("step.succeeded", { output: { value: "secret value" } }),
      event("state.exited", {}),
    ]),
  ).toEqual([
    [
      "info",
      {
        run_id: "run_1",
        step_id: "step_1",
        attempt: 1,
        executor: "agent.run",
        agent: "charge",
        duration_ms: 30,
        status: "SUCCEEDED",
      },
    ],
  ])
})

test.each([
  ["a plain error", [event("step.failed", { error: error({}) })], {}, "FAILED", "agent_error"],
  [
    "what did not fit a schema",
    [event("step.failed", { error: error({ class: "validation_failed" }) })],
    {},
    "FAILED",
    "validation",
  ],
  [
    "the last of several attempts",
    [event("step.failed", { error: error({}) })],
    { attempt: 3 },
    "FAILED",
    "retry_exhausted",
  ],
  [
    "one that is tried again",
    [event("step.failed", { error: error({}) }), event("step.retry_scheduled", {})],
    { attempt: 2 },
    "FAILED",
    "agent_error",
  ],
  [
    "one that took too long",
    [event("step.timed_out", { error: error({ kind: "timeout" }) })],
    { attempt: 3 },
    "TIMED_OUT",
    "timeout",
  ],
] as const)("%s is named by its kind, never by its words", (_name, events, given, status, kind) => {
  const [line, ...more] = lines(events, given)
  expect(more).toEqual([])
  expect(line).toEqual(["warn", expect.objectContaining({ status, error_type: kind })])
  expect(JSON.stringify(line)).not.toContain("secret")
})

test("an approval is a line when it is over, with the time people took", () => {
  const given = { action: "human.approval", agent: null, startedAt: null, status: "TIMED_OUT" as const }
  expect(lines([event("approval.timed_out", {}), event("state.exited", {})], given)).toEqual([
    [
      "warn",
      expect.objectContaining({
        executor: "human.approval",
        duration_ms: 80,
        status: "TIMED_OUT",
        error_type: "timeout",
      }),
    ],
  ])
})

test("what is no execution writes nothing", () => {
  expect(
    lines([event("state.entered", {}), event("step.scheduled", {}), event("state.exited", {})], {
      action: null,
      type: "switch",
    }),
  ).toEqual([])
})
