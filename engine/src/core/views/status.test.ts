import { expect, test } from "vitest"
import { agent, approval, Story } from "../../testing/simulator/story.ts"
import type { JsonObject } from "../json.ts"

const listen = (signal: string): JsonObject => ({ name: "hear", type: "listen", signal })
const all = (branches: { [name: string]: JsonObject }) =>
  new Story([
    {
      name: "all",
      type: "parallel",
      branches: Object.entries(branches).map(([name, state]) => ({ name, states: [state] })),
    },
  ])

const seen = (story: Story) => {
  const { status, reason, blockedOn, blockedCount } = story.run.books.run!
  return { status, reason, kinds: (JSON.parse(blockedOn) as { kind: string }[]).map(({ kind }) => kind), blockedCount }
}

test("an open approval is what a run of many branches says first, and all that it waits for is listed", () => {
  const story = all({ a: approval("gate"), b: agent("work"), c: listen("go") })
  expect(seen(story)).toEqual({
    status: "WAITING_APPROVAL",
    reason: null,
    kinds: ["approval", "signal"],
    blockedCount: 2,
  })
  story.decide("all/a/gate", "approve")
  expect(seen(story)).toEqual({ status: "RUNNING", reason: "executing", kinds: ["signal"], blockedCount: 1 })
  story.succeed("all/b/work")
  expect(seen(story)).toEqual({ status: "WAITING_SIGNAL", reason: null, kinds: ["signal"], blockedCount: 1 })
  story.pause()
  expect(seen(story).status).toBe("PAUSED")
})

test("ten are listed and all are counted, what executes is not among them", () => {
  const waits = Array.from({ length: 12 }, (_, index) => [`w${index}`, listen(`go${index}`)] as const)
  const works = Array.from({ length: 20 }, (_, index) => [`x${index}`, agent("work")] as const)
  const { kinds, blockedCount } = seen(all(Object.fromEntries([...waits, ...works])))
  expect([kinds.length, blockedCount]).toEqual([10, 12])
})

test.each<[string, JsonObject, string]>([
  ["a timer", { name: "rest", type: "wait", seconds: 60 }, "timer"],
  ["a child", { name: "sub", type: "run", workflow: { id: "other" } }, "child"],
])("a run that waits for %s is running, and says for what", (_, state, reason) => {
  expect(seen(new Story([state]))).toEqual({ status: "RUNNING", reason, kinds: [reason], blockedCount: 1 })
})

test("a backoff and a full house are told apart", () => {
  const backoff = new Story([agent("pay", { retry: { maxAttempts: 2, backoffSeconds: 60 } })])
  backoff.fail("pay")
  expect(seen(backoff)).toMatchObject({ status: "RUNNING", reason: "retry_backoff", kinds: ["retry"] })
  expect(seen(new Story([agent("pay")], { slots: 0 }))).toMatchObject({ reason: "queued", kinds: ["slot"] })
})
