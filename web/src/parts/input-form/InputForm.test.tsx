// @vitest-environment happy-dom
import type { Finding, Json, JsonObject } from "@waybill/contract"
import { act } from "react"
import { afterEach, describe, expect, test } from "vitest"
import {
  allByRole,
  byRole,
  click,
  descriptionOf,
  focus,
  press,
  render,
  type,
  unmountAll,
} from "../../ui/testing/render.tsx"
import { UiRoot } from "../../ui/UiRoot.tsx"
import { ExampleButton, InputForm } from "./InputForm.tsx"
import type { InputSchema } from "./schema/input-schema.ts"
import { troublesOf, useInputForm } from "./use-input-form.ts"

afterEach(unmountAll)

let value: Json = null
type FormOf = { schema: JsonObject; given?: Json; findings?: readonly Finding[]; isTried?: boolean }

function Form({ input, given, findings = [], isTried = false }: Omit<FormOf, "schema"> & { input: InputSchema }) {
  const form = useInputForm(input, given)
  value = form.value
  return (
    <>
      <ExampleButton form={form} />
      <InputForm form={form} troubles={troublesOf(form, findings, isTried)} />
    </>
  )
}

const show = ({ schema, ...rest }: FormOf) => {
  const input = { schema, roots: { schema, shared: {} } }
  return render(
    <UiRoot>
      <Form input={input} {...rest} />
    </UiRoot>,
  )
}
const pressIn = (name: string | RegExp) => click(byRole("button", name))
const fill = (name: string | RegExp, text: string) => type(byRole("textbox", name), text)

const order: JsonObject = {
  type: "object",
  properties: {
    customer: {
      type: "object",
      properties: { name: { type: "string", description: "Who orders." }, tier: { type: "string", default: "basic" } },
      required: ["name"],
    },
    lines: {
      type: "array",
      items: { type: "object", properties: { sku: { type: "string" }, count: { type: "integer", default: 1 } } },
    },
    labels: { type: "object", additionalProperties: { type: "string" } },
    note: { type: "string" },
  },
  required: ["customer"],
}

test("defaults are filled in, and what is written becomes the value", async () => {
  await show({ schema: order })
  expect(value).toEqual({ customer: { tier: "basic" } })
  await fill(/^name/, "Ada")
  await fill(/^note/, "ring twice")
  expect(value).toEqual({ customer: { tier: "basic", name: "Ada" }, note: "ring twice" })
  await fill(/^note/, "")
  expect(value).toEqual({ customer: { tier: "basic", name: "Ada" } })
})

test("a text with a default can be empty: left out, the default would come back", async () => {
  await show({ schema: order })
  await fill(/^tier/, "")
  expect(value).toEqual({ customer: { tier: "" } })
  await pressIn("Default: basic")
  expect(value).toEqual({ customer: { tier: "basic" } })
})

describe("a list", () => {
  const lines = () => (value as { lines?: Json }).lines

  test("gets items, which are filled in, moved and taken away", async () => {
    await show({ schema: order })
    await pressIn("Add an item")
    await pressIn("Add an item")
    expect(lines()).toEqual([{ count: 1 }, { count: 1 }])
    await type(allByRole("textbox", /^sku/)[1]!, "bolt")
    await pressIn("Move item 2 up")
    expect(lines()).toEqual([{ count: 1, sku: "bolt" }, { count: 1 }])
    await pressIn("Remove item 2")
    expect(lines()).toEqual([{ count: 1, sku: "bolt" }])
    expect(document.activeElement?.textContent).toBe("Add an item")
    await pressIn("Leave out")
    expect(lines()).toBe(undefined)
  })

  test("what is half typed in an item moves along with it", async () => {
    await show({ schema: order, given: { lines: [{}, {}] } })
    await type(allByRole("textbox", /^count/)[0]!, "1.50")
    await pressIn("Move item 1 down")
    expect(allByRole("textbox", /^count/).map((node) => (node as HTMLInputElement).value)).toEqual(["1", "1.50"])
  })
})

test("a map gets entries with names of their own, and no name twice", async () => {
  await show({ schema: order })
  await pressIn("Add labels")
  await pressIn("Add an entry")
  await pressIn("Add an entry")
  await fill("Name of the entry name", "team")
  await press(byRole("textbox", "Name of the entry name"), "Enter")
  await fill(/^team/, "web")
  expect((value as JsonObject).labels).toEqual({ team: "web", "name 2": "" })
  await fill("Name of the entry name 2", "team")
  expect(document.body.textContent).toContain("There is an entry of this name already")
  await pressIn("Remove name 2")
  expect((value as JsonObject).labels).toEqual({ team: "web" })
})

test("a number is a number, and what is none is sent as it was typed", async () => {
  await show({ schema: { properties: { ms: { type: "number" } } } })
  await fill("ms", "1.50")
  expect(value).toEqual({ ms: 1.5 })
  expect((byRole("textbox", "ms") as HTMLInputElement).value).toBe("1.50")
  await fill("ms", "soon")
  expect(value).toEqual({ ms: "soon" })
})

test("what is wrong is said at its field, and what is missing only when it was tried", async () => {
  const findings: readonly Finding[] = [
    { code: "missing_field", pointer: "/customer/name", message: "`name` is missing", expected: "name" },
    { code: "type", pointer: "/note", message: "must be text, is 3" },
  ]
  await show({ schema: order, given: { note: "x" }, findings })
  expect(descriptionOf(byRole("textbox", "note"))).toBe("Must be text, is 3.")
  expect(descriptionOf(byRole("textbox", /^name/))).toBe("Who orders")
  await show({ schema: order, given: { note: "x" }, findings, isTried: true })
  expect(descriptionOf(byRole("textbox", /^name/))).toBe("Who orders It is missing.")
})

test("a field that is left by a press says what is wrong once the press has ended, so that the click hits what it aimed at", async () => {
  const findings: readonly Finding[] = [{ code: "missing_field", pointer: "/customer/name", message: "is missing" }]
  await show({ schema: order, findings })
  const name = byRole("textbox", /^name/)
  const pointer = (kind: string) =>
    act(async () => {
      name.dispatchEvent(new PointerEvent(kind, { bubbles: true }))
      await new Promise((done) => setTimeout(done, 5))
    })
  await focus(name)
  await pointer("pointerdown")
  await focus(byRole("textbox", "note"))
  expect(descriptionOf(name)).toBe("Who orders")
  await pointer("pointerup")
  expect(descriptionOf(name)).toBe("Who orders It is missing.")
})

test("an example of the schema's author fills in what is empty", async () => {
  await show({
    schema: { properties: { host: { type: "string", examples: ["shop.example"] }, port: { type: "integer" } } },
  })
  await fill("port", "8080")
  await pressIn("Fill in the example")
  expect(value).toEqual({ port: 8080, host: "shop.example" })
})

test("null is chosen, and left again", async () => {
  await show({ schema: { properties: { until: { type: ["string", "null"] } } } })
  await pressIn("Set to null")
  expect(value).toEqual({ until: null })
  await pressIn("Give a value")
  expect(value).toEqual({ until: "" })
})
