import { expect, test } from "vitest"
import { environmentsShown, isProduction, isUnknown, pageIn } from "./environments.ts"

test("the usual environment comes first; the one of the address is among them until it is known to have nothing", () => {
  expect(environmentsShown(["default", "prod", "dev"], "default")).toEqual(["default", "dev", "prod"])
  expect(environmentsShown(undefined, "stage")).toEqual(["default", "stage"])
  expect(environmentsShown(["default", "prod"], "nope")).toEqual(["default", "prod"])
})

test("an environment that the server does not name is unknown, unless it may have more than it names", () => {
  const many = Array.from({ length: 200 }, (_, at) => `env-${at}`)
  expect(isUnknown(["default", "prod"], "nope")).toBe(true)
  expect(isUnknown(["default", "prod"], "prod")).toBe(false)
  expect(isUnknown([], "default")).toBe(false)
  expect(isUnknown(undefined, "nope")).toBe(false)
  expect(isUnknown(many, "nope")).toBe(false)
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
