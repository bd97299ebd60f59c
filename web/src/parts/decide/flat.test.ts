import { expect, test } from "vitest"
import { depthInSight, flatEntries } from "./flat.ts"

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
