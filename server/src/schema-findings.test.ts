import type { ErrorObject } from "ajv/dist/2020.js"
import { expect, test } from "vitest"
import { schemaFindings } from "./schema-findings.ts"

const parentSchema = { properties: { workflowId: {}, input: {} } }

test("of a body in which everything is wrong no more is looked at than is told", () => {
  let looks = 0
  const wrong = (name: string) =>
    ({
      ...{ keyword: "additionalProperties", instancePath: "", schemaPath: "#/additionalProperties" },
      get parentSchema() {
        looks += 1
        return parentSchema
      },
      params: { additionalProperty: name },
    }) as ErrorObject
  const errors = Array.from({ length: 1_000 }, (_, at) => wrong(`wrkflowId${at}`))
  const found = schemaFindings(errors, "field", 20)
  expect(found).toHaveLength(20)
  expect(found[0]).toMatchObject({ code: "unknown_field", hint: 'Did you mean "workflowId"?' })
  expect(looks).toBe(20)
})
