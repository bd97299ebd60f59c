/** A run from a form: what is filled in is exactly what the engine gets, and what is wrong is said where it is. */
import { describe, expect, test } from "vitest"
import { paths } from "../../web/src/paths.ts"
import { axe } from "./axe.ts"
import { browserSuite, type OpenOptions, settled } from "./suite.ts"

const { server, open } = browserSuite()

/** Behind the form the page is hidden from whoever looks for its heading: it is opened first. */
async function openForm(options: OpenOptions = {}) {
  const page = await open(paths.workflow("orders"), options)
  await page.goto(paths.workflow("orders", { start: "1" }))
  const sheet = page.getByRole("dialog", { name: "Run Order intake" })
  await sheet.getByRole("textbox", { name: "reference" }).waitFor()
  return { page, sheet }
}

const runIdIn = (url: string) => new URL(url).pathname.split("/").at(-1) ?? ""

test("a run is started from the form, with nested input, and the engine gets exactly that", async () => {
  const { page, sheet } = await openForm()
  await sheet.getByRole("textbox", { name: "reference" }).fill("SO-7")
  await sheet.getByRole("textbox", { name: "name" }).fill("Grace Hopper")
  await sheet.getByRole("radio", { name: "gold" }).check()

  const lines = sheet.getByRole("group", { name: /^lines/ })
  await lines.getByRole("button", { name: "Add an item" }).click()
  await lines.getByRole("textbox", { name: "sku" }).fill("NUT-3")
  await lines.getByRole("button", { name: "Add an item" }).click()
  await lines.getByRole("textbox", { name: "sku" }).nth(1).fill("BOLT-8")
  await lines.getByRole("textbox", { name: "count" }).nth(1).fill("12")
  await lines.getByRole("button", { name: "Move item 2 up" }).click()

  await sheet.getByRole("radio", { name: "Invoice" }).check()
  await sheet.getByRole("textbox", { name: "days" }).fill("14")
  await sheet.getByLabel("due").fill("2026-12-24")
  await sheet.getByRole("textbox", { name: "discount" }).fill("0.10")
  await sheet.getByRole("combobox", { name: "warehouse" }).selectOption("tromso")
  await sheet.getByRole("button", { name: "Add labels" }).click()
  await sheet.getByRole("button", { name: "Add an entry" }).click()
  await sheet.getByRole("textbox", { name: "Name of the entry name" }).fill("team")
  await sheet.getByRole("textbox", { name: "Name of the entry name" }).press("Enter")
  await sheet.getByRole("textbox", { name: "team", exact: true }).fill("web")
  await sheet.getByRole("textbox", { name: "note" }).fill("ring twice\nthen leave")
  await sheet.getByRole("textbox", { name: "Business event" }).fill("ev-77")
  await sheet.getByRole("textbox", { name: "Tags" }).fill("urgent, web")
  await sheet.getByText("The input fits").waitFor()
  await sheet.getByRole("button", { name: "Start", exact: false }).last().click()

  await page.waitForURL("**/runs/run_*")
  const run = await server().api.runs.get(runIdIn(page.url()))
  expect(run.input).toEqual({
    reference: "SO-7",
    customer: { name: "Grace Hopper", tier: "gold" },
    lines: [
      { sku: "BOLT-8", count: 12, gift: false },
      { sku: "NUT-3", count: 1, gift: false },
    ],
    payment: { by: "invoice", days: 14 },
    due: "2026-12-24",
    discount: 0.1,
    warehouse: "tromso",
    labels: { team: "web" },
    note: "ring twice\nthen leave",
  })
  expect(run).toMatchObject({ workflowId: "orders", businessEventId: "ev-77" })
  expect([...run.tags].sort()).toEqual(["shop", "urgent", "web"])
})

test("the server's own words stand at the field they are about, and lead to it", async () => {
  const { sheet } = await openForm()
  const reference = sheet.getByRole("textbox", { name: "reference" })
  await reference.fill("so7")
  await sheet.getByText(/Must match the pattern .* is the text "so7"/).waitFor()
  expect(await sheet.getByText("It is missing.").count()).toBe(0)

  await sheet.getByRole("button", { name: /^Start/ }).click()
  await sheet.getByText("It is missing.").first().waitFor()
  await expect.poll(() => reference.evaluate((node) => node === document.activeElement)).toBe(true)
  expect((await server().api.runs.list({ workflowId: "orders", q: "so7" })).items).toEqual([])

  await reference.fill("SO-8")
  await sheet.getByRole("textbox", { name: "discount" }).fill("0.9")
  await sheet.getByText("Must be at most 0.5, is 0.9.").waitFor()
  await sheet.getByRole("button", { name: "3 things to fill in or mend" }).click()
  const name = sheet.getByRole("textbox", { name: "name" })
  await expect.poll(() => name.evaluate((node) => node === document.activeElement)).toBe(true)
})

describe("the same value as JSON", () => {
  test("what is written in one stands in the other, and what is no JSON yet cannot be started", async () => {
    const { page, sheet } = await openForm({ width: 1440, height: 900 })
    await sheet.getByRole("textbox", { name: "reference" }).fill("SO-9")
    const json = sheet.getByRole("textbox", { name: "Input as JSON" })
    await expect.poll(() => json.textContent()).toContain('"SO-9"')

    await json.click()
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.insertText('{"reference": "SO-10", "customer": {"name": "Joan"}, "lines": [{"sku": "X"}]')
    await sheet.getByText(/This is no JSON yet/).waitFor()
    expect(await sheet.getByRole("button", { name: /^Start/ }).getAttribute("aria-disabled")).toBe("true")
    await page.keyboard.press("ControlOrMeta+End")
    await page.keyboard.insertText("}")
    await expect.poll(() => sheet.getByRole("textbox", { name: "reference" }).inputValue()).toBe("SO-10")
    expect(await sheet.getByRole("textbox", { name: "sku" }).inputValue()).toBe("X")

    await sheet.getByText("The input fits").waitFor()
    await page.keyboard.press("ControlOrMeta+Enter")
    await page.waitForURL("**/runs/run_*")
    const run = await server().api.runs.get(runIdIn(page.url()))
    expect(run.input).toMatchObject({ reference: "SO-10", customer: { name: "Joan", tier: "basic" } })
  })
})

test("a form that was closed is still there, and begins anew when it is told to", async () => {
  const page = await open(paths.workflows())
  await page.getByRole("button", { name: "Run Order intake" }).click()
  await page.getByRole("textbox", { name: "reference" }).fill("SO-11")
  await page.keyboard.press("Escape")
  await page.getByRole("dialog").waitFor({ state: "hidden" })
  await page.getByRole("button", { name: "Run Order intake" }).click()
  expect(await page.getByRole("textbox", { name: "reference" }).inputValue()).toBe("SO-11")
  await page.getByRole("button", { name: "Begin anew" }).click()
  expect(await page.getByRole("textbox", { name: "reference" }).inputValue()).toBe("")
})

test("started from the palette, on an older version, paused", async () => {
  const before = await server().api.workflows.get("quick")
  await server().api.workflows.update("quick", before.text.replace('"1.0"', '"1.1"'), "yaml")
  const page = await open("/")
  await page.keyboard.press("ControlOrMeta+k")
  await page.getByRole("combobox").fill("start quick")
  await page.getByRole("option", { name: "Start Quick order" }).click()
  const sheet = page.getByRole("dialog", { name: "Run Quick order" })
  await sheet.getByRole("combobox", { name: "Version" }).selectOption("1")
  await sheet.getByRole("switch", { name: "Start paused" }).click()
  await sheet.getByRole("button", { name: "Create, paused" }).click()
  await page.waitForURL("**/runs/run_*")
  await expect
    .poll(async () => await server().api.runs.get(runIdIn(page.url())))
    .toMatchObject({ status: "PAUSED", versionNumber: 1, input: { customer: 42, note: "" } })
})

test("axe finds nothing in the form, filled in and full of mistakes, in either theme, wide and narrow", async () => {
  const findings: string[] = []
  for (const { theme, width } of [
    { theme: "light", width: 1440 },
    { theme: "dark", width: 320 },
  ] as const) {
    const { page, sheet } = await openForm({ theme, width, height: 900 })
    await settled(page)
    await sheet.getByRole("button", { name: "Fill in the example" }).click()
    const lines = sheet.getByRole("group", { name: /^lines/ })
    await lines.getByRole("button", { name: "Add an item" }).click()
    await sheet.getByRole("radio", { name: "Card" }).check()
    await sheet.getByRole("button", { name: "Add labels" }).click()
    await sheet.getByRole("button", { name: "Add an entry" }).click()
    await sheet.getByRole("textbox", { name: "discount" }).fill("much")
    await sheet.getByRole("button", { name: /^Start/ }).click()
    await sheet.getByText("It is missing.").first().waitFor()
    findings.push(...(await axe(page)).map((finding) => `${theme} ${width}: ${finding}`))
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
  }
  expect(findings).toEqual([])
}, 120_000)
