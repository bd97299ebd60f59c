import { afterEach, expect, test } from "vitest"
import { FakeEngine } from "../../testing/fake-engine.ts"
import { runRow } from "../../testing/rows.ts"
import { knownOrRan } from "./known-workflow.ts"

const engine = new FakeEngine()
afterEach(() => engine.reset())

test("a workflow without a definition is known by its runs, and without either it is not", async () => {
  await knownOrRan(engine, "greet", "default")
  await expect(knownOrRan(engine, "gone", "default")).rejects.toMatchObject({ code: "workflow_not_found" })
  engine.rows.set("run_1", runRow({ workflowId: "gone" }))
  await knownOrRan(engine, "gone", "default")
  expect(engine.asked.at(-1)?.with[0]).toMatchObject({ workflowId: ["gone"], environment: ["default"] })
  await knownOrRan(engine, "gone", null)
})
