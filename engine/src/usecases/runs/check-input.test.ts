import { expect, test } from "vitest"
import type { Json } from "../../core/json.ts"
import { EngineWorld, viewer, workflow } from "../../testing/world/engine-world.ts"

const inputSchema = {
  type: "object",
  properties: {
    customer: { $ref: "#/$defs/customer" },
    priority: { type: "string", enum: ["low", "high"], default: "low" },
    lines: {
      type: "array",
      items: { type: "object", properties: { sku: { type: "string", examples: ["A-1"] } }, required: ["sku"] },
    },
  },
  required: ["customer"],
  additionalProperties: false,
  $defs: {
    customer: {
      type: "object",
      description: "Who pays",
      properties: { name: { type: "string", minLength: 2, description: "As on the card" } },
      required: ["name"],
    },
  },
}
const states = [{ name: "note", type: "inject", data: {} }]

async function asking() {
  const world = await EngineWorld.open({
    workflows: [
      workflow("order", states, { inputSchema }),
      workflow("keyed", states, { idempotency: { key: "{{ ctx.order }}", ttlSeconds: 60, onConflict: "return" } }),
    ],
  })
  const check = async (input: Json, workflowId = "order", version: string | number | null = null) => {
    const answer = await world.engine.runs.checkInput(viewer, { workflowId, environment: "default", version, input })
    return answer.ok ? answer.value : answer.rejection
  }
  return { world, check }
}

test("an input that fits is shown with the defaults a run would get, and nothing is started", async () => {
  const { world, check } = await asking()
  expect(await check({ customer: { name: "Ada" } })).toEqual({
    valid: true,
    problems: [],
    input: { customer: { name: "Ada" }, priority: "low" },
  })
  expect(world.store.tables.runs.size).toBe(0)
  const runId = await world.started("order", { customer: { name: "Ada" } })
  const [created] = await world.engine.queries.events(runId, { after: 0, types: [], limit: 1 })
  expect(JSON.parse(created!.payload!).input.value).toEqual({ customer: { name: "Ada" }, priority: "low" })
})

test("each problem names the field, also one that is missing, and how to mend it", async () => {
  const { check } = await asking()
  expect(await check({ priority: "medium", prioritty: 1, lines: [{ sku: 5 }, {}] })).toEqual({
    valid: false,
    problems: [
      {
        code: "missing_field",
        message: "`customer` is missing",
        pointer: "/customer",
        expected: "customer",
        hint: "Who pays",
      },
      {
        code: "unknown_field",
        message: "`prioritty` is not one of `customer`, `priority`, `lines`",
        pointer: "/prioritty",
        expected: ["customer", "priority", "lines"],
        hint: "Did you mean priority?",
      },
      {
        code: "invalid_value",
        message: 'must be one of "low", "high", is the text "medium"',
        pointer: "/priority",
        expected: ["low", "high"],
        actual: "medium",
      },
      {
        code: "wrong_type",
        message: "must be text, is 5",
        pointer: "/lines/0/sku",
        expected: "string",
        actual: 5,
        hint: 'For example "A-1".',
      },
      {
        code: "missing_field",
        message: "`sku` is missing",
        pointer: "/lines/1/sku",
        expected: "sku",
        hint: 'For example "A-1".',
      },
    ],
    input: { priority: "medium", prioritty: 1, lines: [{ sku: 5 }, {}] },
  })
  expect(await check({ customer: { name: "A" } })).toMatchObject({
    problems: [{ code: "invalid_value", pointer: "/customer/name", hint: "As on the card" }],
  })
})

test("what is no object, and a key that cannot be made of the input, are told as a start would refuse them", async () => {
  const { check } = await asking()
  expect(await check([1])).toEqual({
    valid: false,
    problems: [{ code: "wrong_type", message: "must be an object, is a list", pointer: "" }],
    input: [1],
  })
  expect(await check(null)).toMatchObject({
    valid: false,
    problems: [{ pointer: "/customer" }],
    input: { priority: "low" },
  })
  expect(await check({ order: "" }, "keyed")).toMatchObject({ valid: false, problems: [{ code: "key_invalid" }] })
  expect(await check({ order: "7" }, "keyed")).toMatchObject({ valid: true })
})

test("the version that is named is the one that is asked, and what does not exist is refused", async () => {
  const { world, check } = await asking()
  await world.save(workflow("order", states, { version: "2", inputSchema: { type: "object" } }))
  expect(await check({})).toMatchObject({ valid: true, input: {} })
  expect(await check({}, "order", 1)).toMatchObject({ valid: false })
  expect(await check({}, "order", "9")).toMatchObject({ code: "version_not_found" })
  expect(await check({}, "none")).toMatchObject({ code: "workflow_not_found" })
})
