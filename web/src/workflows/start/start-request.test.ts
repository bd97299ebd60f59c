import { expect, test } from "vitest"
import { emptyDraft, startRequest } from "./start-request.ts"

const asked = { workflowId: "order", env: "prod", input: { id: 1 } }

test("what nobody has filled in is not sent", () => {
  expect(startRequest(asked, emptyDraft)).toEqual({ workflowId: "order", environment: "prod", input: { id: 1 } })
})

test("what was filled in is sent, tidied", () => {
  const draft = { version: 3, businessEventId: " ev-1 ", tags: "urgent, web,urgent, ", startPaused: true }
  expect(startRequest(asked, draft)).toEqual({
    workflowId: "order",
    environment: "prod",
    input: { id: 1 },
    version: 3,
    businessEventId: "ev-1",
    tags: ["urgent", "web"],
    startPaused: true,
  })
})
