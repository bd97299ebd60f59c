import { expect, test } from "vitest"
import { otherEnvironments, runsIn } from "./elsewhere.ts"

test("runs that are not here are looked for in the other environments, unless the query names its own", () => {
  expect(otherEnvironments(["default", "dev", "prod"], "default", { q: "status:failed" })).toEqual(["dev", "prod"])
  expect(otherEnvironments(["a", "b", "c", "d", "e", "f"], "b", {})).toEqual(["a", "c", "d", "e"])
  expect(otherEnvironments(["default", "prod"], "default", { q: "env:stage" })).toEqual([])
  expect(otherEnvironments(undefined, "default", {})).toEqual([])
})

test("the way there keeps what was searched for and names the environment, the usual one too", () => {
  expect(runsIn("prod", { q: "a", from: "-24h", peek: "run_1", open: "time" })).toBe("/runs?q=a&from=-24h&env=prod")
  expect(runsIn("default", {})).toBe("/runs?env=default")
})
