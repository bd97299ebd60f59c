import { expect, test } from "vitest"
import { withEnvironment } from "./navigation.ts"

test("the environment goes along, unless it is the usual one or the address names its own", () => {
  expect(withEnvironment("/runs", "default")).toBe("/runs")
  expect(withEnvironment("/runs", "prod")).toBe("/runs?env=prod")
  expect(withEnvironment("/runs?q=a#top", "prod eu")).toBe("/runs?q=a&env=prod%20eu#top")
  expect(withEnvironment("/runs?env=dev", "prod")).toBe("/runs?env=dev")
})
