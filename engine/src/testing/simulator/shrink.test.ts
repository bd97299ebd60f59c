import { expect, test } from "vitest"
import { noFaults } from "./faults.ts"
import type { RandomDefinitions } from "./random-definition.ts"
import { explain } from "./report.ts"
import { shrink } from "./shrink.ts"
import { simulate } from "./simulation.ts"

// An agent that never answers, has no deadline, and whose silence is waited for beyond the end: its run cannot end, and
// nothing else here has a part in it.
const hanging: RandomDefinitions = {
  documents: [
    {
      id: "wf0",
      states: [
        { name: "s0", type: "inject", data: { x0: 1 }, next: "s1" },
        { name: "s1", type: "wait", seconds: 1, next: "s2" },
        {
          name: "s2",
          type: "operation",
          action: "agent.run",
          input: { agent: "hang", variables: { n: 1 } },
          heartbeatSeconds: 86_400,
          next: "s3",
        },
        { name: "s3", type: "inject", data: { x1: 2 } },
      ],
    },
  ],
  input: { x0: 0, x1: 0, x2: 0, x3: 0, c: 0, list: [], r: {} },
}

test("a failing seed is shown with only the states and faults that matter", { timeout: 120_000 }, async () => {
  const faults = { ...noFaults, slowStore: true, evictions: true, clockJumps: 2, smallDecisions: true }
  const failed = await simulate({ seed: 7, definitions: hanging, faults })
  expect(failed.problems[0]).toContain("I7")
  const small = await shrink(failed)
  expect(small.problems[0]).toContain("I7")
  expect(small.faults).toEqual(noFaults)
  expect(small.definitions.documents).toMatchObject([{ states: [{ name: "s2" }] }])
  const text = await explain(failed)
  expect(text).toContain("seed 7")
  expect(text).toContain("step.started")
})
