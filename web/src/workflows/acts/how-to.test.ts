import { expect, test } from "vitest"
import { fileName, syncCommand, updateCommand } from "./how-to.ts"
import { statusEffects } from "./status-effects.ts"

test("the commands say the environment only where it is not the usual one", () => {
  expect(syncCommand("default")).toBe("waybill sync")
  expect(syncCommand("prod", "--force")).toBe("waybill sync prod --force")
  const command = (environment: string) => updateCommand("http://x:1", { workflowId: "a b", environment }, "json")
  expect(command("default")).toContain("curl -X PUT http://x:1/api/v1/workflows/a%20b \\")
  expect(command("prod")).toContain("a%20b?env=prod")
})

test("no name of a workflow is read by the shell", () => {
  expect(fileName("order", "yaml")).toBe("order.workflow.yaml")
  expect(fileName("it's; rm -rf", "yaml")).toBe("'it'\\''s; rm -rf.workflow.yaml'")
})

test("what disabling does is said with what goes on meanwhile", () => {
  const stands = { source: "file", version: "1.0", versionNumber: 3, syncState: "synced" } as const
  expect(statusEffects(stands, "disabled", 2)).toContain("The 2 runs that are under way go on to their end.")
  expect(statusEffects(stands, "disabled", 0)).toContain("No run of it is under way.")
  expect(statusEffects(stands, "disabled", null)).toContain("Runs that have begun go on to their end.")
  const untouched = expect.stringContaining("a sync does not enable it again")
  expect(statusEffects(stands, "disabled", 0)).toContainEqual(untouched)
  expect(statusEffects({ ...stands, source: "api" }, "disabled", 0)).not.toContainEqual(untouched)
  expect(statusEffects({ ...stands, syncState: "file_missing" }, "active", 0).at(-1)).toContain(
    "the server will refuse",
  )
  expect(statusEffects(stands, "active", 0)).toEqual(["New runs are taken again, with version 1.0 (#3)."])
})
