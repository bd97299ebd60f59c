import { fastify } from "fastify"
import { expect, test } from "vitest"
import { LateSchemas, makeSchemasLate } from "./late-schemas.ts"

test("what is made from a schema is made when it is first asked for, once", () => {
  const late = new LateSchemas()
  let made = 0
  const get = late.later(() => ++made)
  expect([made, late.unmade]).toEqual([0, 1])
  expect([get(), get()]).toEqual([1, 1])
  expect(late.unmade).toBe(0)
})

test("what nobody has asked for is made one a turn, until there is no more or the server goes down", async () => {
  const late = new LateSchemas()
  const made: number[] = []
  const asked = [1, 2, 3].map((number) => late.later(() => made.push(number)))
  asked[1]!()
  await late.finish(() => made.length < 2)
  expect(made).toEqual([2, 1])
  await late.finish()
  expect(made).toEqual([2, 1, 3])
  expect(late.unmade).toBe(0)
})

test("a schema of which nothing can be made comes out, though nobody has asked for it", async () => {
  const late = new LateSchemas()
  late.serialiser({ type: "object", properties: { a: { $ref: "#/nowhere" } } })
  await expect(late.finish()).rejects.toThrow()
})

test("routes with the same schema share what is made of it", () => {
  const late = new LateSchemas()
  const schema = { type: "object", properties: { a: { type: "string" } } }
  expect(late.serialiser(schema)).toBe(late.serialiser(schema))
  expect(late.serialiser(schema)({ a: "x", b: 1 })).toBe('{"a":"x"}')
  expect(late.serialiser({ ...schema })).not.toBe(late.serialiser(schema))
})

test("a server's answers are written by what was made late", async () => {
  const app = fastify()
  const late = makeSchemasLate(app)
  const schema = { response: { 200: { type: "object", properties: { a: { type: "string" } } } } }
  app.get("/", { schema }, async () => ({ a: "x", secret: 1 }))
  await app.ready()
  expect(late.unmade).toBe(1)
  expect((await app.inject("/")).body).toBe('{"a":"x"}')
  expect(late.unmade).toBe(0)
  await app.close()
})
