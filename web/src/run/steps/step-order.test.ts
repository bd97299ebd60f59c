import type { Step } from "@waybill/contract"
import { expect, test } from "vitest"
import { inOrder, readSort, writeSort } from "./step-order.ts"

let seq = 0
const step = (name: string, durationMs: number | null, more: Partial<Step> = {}) =>
  ({ name, durationMs, seq: ++seq, error: null, usage: { tokens: 0, computeMs: 0, costUsd: 0 }, ...more }) as Step
const names = (steps: readonly Step[]) => steps.map(({ name }) => name).join(" ")

const steps = [step("b", 20), step("c", null), step("a", 20), step("d", 300)]

test("without an order, steps stand as they were entered", () => {
  expect(names(inOrder(steps, undefined))).toBe("b c a d")
})

test("what has no value comes last in both directions, and what is alike stays as it was entered", () => {
  expect(names(inOrder(steps, readSort("-duration")))).toBe("d b a c")
  expect(names(inOrder(steps, readSort("duration")))).toBe("b a d c")
  expect(names(inOrder(steps, readSort("-name")))).toBe("d c b a")
})

test("an order in the address that is none is as if it were not there", () => {
  expect(readSort("-nothing")).toBeUndefined()
  expect(readSort("constructor")).toBeUndefined()
  expect(readSort(undefined)).toBeUndefined()
  expect(writeSort(readSort("-retries")!)).toBe("-retries")
})
