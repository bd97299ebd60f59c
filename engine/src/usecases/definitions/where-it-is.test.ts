import { expect, test } from "vitest"
import { admin, EngineWorld, workflow } from "../../testing/world/engine-world.ts"
import { operator } from "../../testing/world/world.ts"

test("a start in an environment that has no such workflow is told which have one, or what was probably meant", async () => {
  const world = await EngineWorld.open({ workflows: [workflow("here", [{ name: "a", type: "inject", data: {} }])] })
  const text = workflow("invoices", [{ name: "a", type: "inject", data: {} }])
  const request = { workflowId: "invoices", text, format: "yaml" as const, expectNew: true, note: null }
  for (const environment of ["stage", "prod"])
    await world.engine.definitions.save(admin, { ...request, environment }, null)
  const start = (workflowId: string) => ({
    ...{ workflowId, environment: "default", version: null, input: {}, businessEventId: null, correlationId: null },
    ...{ traceparent: null, parentRunId: null, tags: [], startPaused: false, trigger: { kind: "api" as const } },
  })
  expect(await world.engine.runs.start(operator, start("invoices"), null)).toMatchObject({
    rejection: { code: "workflow_not_found", hint: "it is in prod, stage: name the environment" },
  })
  expect(await world.engine.runs.start(operator, start("hree"), null)).toMatchObject({
    rejection: { hint: expect.stringContaining("here") },
  })
})
