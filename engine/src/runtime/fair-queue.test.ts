import { describe, expect, test } from "vitest"
import { FairQueue, type Gate, type QueuedStep } from "./fair-queue.ts"

const step = (workspaceId: string, workflowId: string, runId: string, n: number): QueuedStep => ({
  workspaceId,
  workflowId,
  runId,
  stepId: `${runId}.${n}`,
  attempt: 1,
})

function served(queue: FairQueue, count: number, closed: Partial<Gate> = {}): string[] {
  const gate: Gate = { workspace: () => true, run: () => true, ...closed }
  const taken: string[] = []
  for (let i = 0; i < count; i++) {
    const next = queue.shift(gate)
    if (next === undefined) break
    taken.push(next.stepId)
  }
  return taken
}

describe("the order in which waiting steps get executors", () => {
  test("a run with many items does not make a run with one step wait for all of them", () => {
    const queue = new FairQueue()
    for (let n = 0; n < 1_000; n++) queue.push(step("w", "flow", "big", n))
    queue.push(step("w", "flow", "small", 0))
    expect(served(queue, 3)).toEqual(["big.0", "small.0", "big.1"])
  })

  test("workspaces take turns before workflows, and workflows before runs", () => {
    const queue = new FairQueue()
    queue.push(step("w1", "a", "r1", 0))
    queue.push(step("w1", "a", "r2", 0))
    queue.push(step("w1", "b", "r3", 0))
    queue.push(step("w2", "a", "r4", 0))
    queue.push(step("w2", "a", "r4", 1))
    expect(served(queue, 5)).toEqual(["r1.0", "r4.0", "r3.0", "r4.1", "r2.0"])
  })

  test("a workspace at its limit is passed over and keeps its place", () => {
    const queue = new FairQueue()
    queue.push(step("w1", "a", "r1", 0))
    queue.push(step("w2", "a", "r2", 0))
    expect(served(queue, 2, { workspace: (workspace) => workspace !== "w1" })).toEqual(["r2.0"])
    expect(served(queue, 2)).toEqual(["r1.0"])
    expect(queue.size).toBe(0)
  })

  test("a run that has its share is passed over and keeps its place", () => {
    const queue = new FairQueue()
    queue.push(step("w", "a", "big", 0))
    queue.push(step("w", "a", "small", 0))
    const bigHasItsShare = { workspace: () => true, run: ({ runId }: QueuedStep) => runId !== "big" }
    expect(queue.has(bigHasItsShare)).toBe(true)
    expect(served(queue, 2, bigHasItsShare)).toEqual(["small.0"])
    expect(queue.has(bigHasItsShare)).toBe(false)
    expect(served(queue, 2)).toEqual(["big.0"])
  })

  test("a step waits once, and one that was taken out is not served", () => {
    const queue = new FairQueue()
    expect(queue.push(step("w", "a", "r", 0))).toBe(true)
    expect(queue.push(step("w", "a", "r", 0))).toBe(false)
    queue.push(step("w", "a", "r", 1))
    expect(queue.remove(step("w", "a", "r", 0))).toBe(true)
    expect(queue.remove(step("w", "a", "r", 0))).toBe(false)
    expect(served(queue, 5)).toEqual(["r.1"])
  })
})
