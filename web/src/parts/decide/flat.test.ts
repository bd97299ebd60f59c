import { expect, test } from "vitest"
import { depthInSight, entriesInSight, flatEntries } from "./flat.ts"

test("a small object without anything inside is read as fields, everything else as a tree", () => {
  expect(flatEntries({ amount: 12, to: "Nia" })).toEqual([
    ["amount", 12],
    ["to", "Nia"],
  ])
  expect(flatEntries({ order: { id: 1 } })).toBeNull()
  expect(flatEntries({ text: "x".repeat(301) })).toBeNull()
  expect(flatEntries({})).toBeNull()
  expect(flatEntries([1])).toBeNull()
})

test("a tree is opened as deep as it can be taken in at a look", () => {
  const pod = { name: "a", ready: true }
  expect(depthInSight({ pods: { result: { pods: [pod, pod] } } })).toBe(5)
  const pods = Array.from({ length: 30 }, () => pod)
  expect(depthInSight({ pods: { result: { pods } } })).toBe(4)
  expect(depthInSight(Array.from({ length: 100 }, () => pod))).toBe(1)
})

test("of much evidence the beginning is shown, so that the choices below it stay in sight", () => {
  const entries = (count: number, value: string) => Array.from({ length: count }, (_, at) => [`f${at}`, value] as const)
  expect(entriesInSight(entries(12, "short"))).toBe(12)
  expect(entriesInSight(entries(12, "x".repeat(180)))).toBe(4)
  expect(entriesInSight([["all", "x".repeat(2_000)]])).toBe(1)
})
