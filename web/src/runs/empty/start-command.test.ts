import { execFileSync } from "node:child_process"
import { expect, test } from "vitest"
import { startCommand } from "./start-command.ts"

test("the command a shell reads is the request that was meant, whatever stands in the names", () => {
  const workflowId = 'it\'s "quoted" $HOME `x`'
  const command = startCommand("http://127.0.0.1:7420", workflowId, "my prod").replace(/^curl/, "printf '%s\\n'")
  const words = execFileSync("sh", ["-c", command], { encoding: "utf8" }).trimEnd().split("\n")
  expect(words.slice(0, 5)).toEqual([
    "-X",
    "POST",
    "http://127.0.0.1:7420/api/v1/workflow-runs",
    "-H",
    "content-type: application/json",
  ])
  expect(JSON.parse(words.at(-1)!)).toEqual({ workflowId, input: {}, environment: "my prod" })
  expect(startCommand("http://x", "w", "default")).not.toContain("environment")
})
