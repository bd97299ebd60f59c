import { expect, test } from "vitest"
import { environmentsShown, isProduction, pageIn } from "./environments.ts"

test("the usual environment comes first, and the one that is shown is among them even where it has nothing", () => {
  expect(environmentsShown(["default", "prod", "dev"], "default")).toEqual(["default", "dev", "prod"])
  expect(environmentsShown(undefined, "stage")).toEqual(["default", "stage"])
})

test("production is known by its name", () => {
  expect(["prod", "prod-eu", "Production"].every(isProduction)).toBe(true)
  expect(["default", "preprod", "product"].some(isProduction)).toBe(false)
})

test("a run stays behind in its environment; a workflow of the same name is looked for in the other", () => {
  expect(pageIn("/runs/run_1", "prod")).toBe("/runs?env=prod")
  expect(pageIn("/approvals/appr_1", "dev")).toBe("/approvals?env=dev")
  expect(pageIn("/workflows/invoice", "prod eu")).toBe("/workflows/invoice?env=prod%20eu")
  expect(pageIn("/", "prod")).toBe("/?env=prod")
})
