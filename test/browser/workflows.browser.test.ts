/** The pages of workflows on a folder of their own: what is written there is changed, broken and rolled back. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { paths } from "../../web/src/paths.ts"
import { FIRST_FILE } from "../../web/src/workflows/acts/how-to.ts"
import { axe } from "./axe.ts"
import { faultsAt } from "./faults-at.ts"
import { browserSuite, choose } from "./suite.ts"

const folder = mkdtempSync(join(tmpdir(), "waybill-workflows-"))
cpSync(fileURLToPath(new URL("./environment", import.meta.url)), folder, { recursive: true })
mkdirSync(join(folder, "bare", "workflows"), { recursive: true })
const file = (id: string) => join(folder, "default", "workflows", `${id}.workflow.yaml`)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const { server, open } = browserSuite({ env: { WAYBILL_ENVIRONMENTS_DIR: folder } })

/** `quick` with three versions, runs of two workflows. */
beforeAll(async () => {
  const { api } = server()
  const { text } = await api.workflows.get("quick")
  const next = (version: string, what: string) =>
    api.workflows.update("quick", text.replace('"1.0"', `"${version}"`).replace("Who orders.", what), "yaml", {
      note: `says ${what}`,
    })
  await next("1.1", "Who has ordered.")
  await next("1.2", "Whoever orders.")
  await Promise.all([server().run("quick"), server().run("quick"), server().run("breaks")])
})

describe("the list", () => {
  test("is searched and filtered in its address, and says how each workflow does", async () => {
    const page = await open(paths.workflows())
    const row = page.getByRole("row", { name: /Quick order/ })
    await row.getByRole("meter", { name: "Success in 30 days" }).waitFor()
    expect(await row.getByRole("meter").getAttribute("aria-valuetext")).toBe("100 %")
    await row.getByRole("link", { name: "2 runs of Quick order" }).waitFor()
    await row.getByText("Changed over the API").waitFor()

    await page.keyboard.press("/")
    await page.keyboard.type("gate")
    await page.waitForURL("**/workflows?q=gate")
    await page.getByText("1 workflow", { exact: true }).waitFor()
    await choose(page.getByRole("radio", { name: "Disabled" }))
    await page.getByText("No workflow matches").waitFor()
    await page.getByRole("button", { name: "Any status" }).click()
    await page.getByRole("link", { name: "Release gate", exact: true }).waitFor()
    await page.getByRole("combobox", { name: "How it stands to its file" }).selectOption("diverged")
    await page.getByRole("button", { name: "Any name" }).click()
    await page.getByRole("link", { name: "Quick order", exact: true }).waitFor()
    expect(new URL(page.url()).search).toBe("?sync=diverged")
  })

  test("by keys from name to name; a workflow is disabled with its effects in words, and that is undone", async () => {
    const page = await open(paths.workflows())
    await page.getByRole("link", { name: "Payment watch", exact: true }).focus()
    await page.keyboard.press("k")
    await page.keyboard.press("j")
    await page.keyboard.press("d")
    const dialog = page.getByRole("dialog", { name: "Disable Payment watch?" })
    await dialog.getByText(/New runs are refused/).waitFor()
    await dialog.getByText("No run of it is under way.").waitFor()
    expect(await axe(page)).toEqual([])
    await dialog.getByRole("button", { name: "Disable" }).click()
    await page.getByText("Payment watch is disabled").waitFor()
    expect((await server().api.workflows.get("hears")).status).toBe("disabled")

    const run = page.getByRole("button", { name: "Run Payment watch" })
    await expect.poll(() => run.getAttribute("aria-disabled")).toBe("true")
    expect(
      await run.evaluate((node) => document.getElementById(node.getAttribute("aria-describedby")!)?.textContent),
    ).toBe("It is disabled: enable it first")
    await page.getByRole("button", { name: "Undo" }).click()
    await expect.poll(async () => (await server().api.workflows.get("hears")).status).toBe("active")
  })

  test("where there is nothing yet it says how to make the first one, with a definition that is right", async () => {
    const page = await open(`${paths.workflows()}?env=bare`)
    await page.getByText("There are no workflows in bare yet").waitFor()
    await page.getByText("waybill sync bare").waitFor()
    await page.getByText("There is nothing in an environment named “bare”").waitFor()
    expect(await axe(page)).toEqual([])
    expect(await server().api.workflows.validate(FIRST_FILE, "yaml")).toMatchObject({ valid: true, problems: [] })
  })
})

test("what is wrong with a file stands at its line, with words and a hint, while the last good version serves", async () => {
  const good = readFileSync(file("breaks"), "utf8")
  writeFileSync(file("breaks"), good.replace("retry:", "retri:"))
  try {
    const page = await open(paths.workflow("breaks"))
    await page.getByText("Its file has a problem").waitFor()
    await page.getByRole("link", { name: "Look at the file" }).click()
    await page.waitForURL("**/workflows/breaks?tab=definition&text=file")
    await page.getByText("1 error").waitFor()
    const line = good.split("\n").findIndex((text) => text.includes("retry:")) + 1
    const listed = page.getByRole("list", { name: "Problems" })
    await listed.getByText("Did you mean").waitFor()
    await listed.getByRole("button", { name: `line ${line}` }).click()
    const text = page.getByRole("textbox", { name: "File of Nightly invoice" })
    await text
      .getByRole("note")
      .getByText(/has no field/)
      .waitFor()
    // The words stand right below the line that they are about.
    const above = await text
      .getByRole("note")
      .evaluate((note) => note.parentElement?.previousElementSibling?.textContent)
    expect(above).toContain("retri:")
    expect(await axe(page)).toEqual([])

    await choose(page.getByRole("radio", { name: /^What serves/ }))
    await page.getByText("No problems").waitFor()
    await expect.poll(() => page.getByRole("textbox", { name: /^Definition of/ }).textContent()).toContain("retry:")
  } finally {
    writeFileSync(file("breaks"), good)
  }
})

describe("versions", () => {
  test("who made which, when, from where and why; two are compared in what changed and in the text", async () => {
    const page = await open(paths.workflow("quick", { tab: "versions" }))
    await page.getByText("says Whoever orders.").waitFor()
    await page.getByText(/by system, from its file/).waitFor()
    await page.getByRole("checkbox", { name: "Compare version 1.2, number 3" }).check()
    await page.getByRole("checkbox", { name: "Compare version 1.0, number 1" }).check()
    await page.getByRole("link", { name: "Compare #1 with #3" }).click()
    await page.waitForURL("**/workflows/quick/versions/1...3")
    const changes = page.getByRole("list", { name: "Changes by place" })
    await changes.getByText("inputSchema.properties.customer.description").waitFor()
    const text = page.getByRole("figure", { name: "Version 1.2 (#3) against 1.0 (#1)" })
    await text.getByText('version: "1.2"').waitFor()
    await page.getByRole("combobox", { name: "Before" }).selectOption("2")
    await page.waitForURL("**/workflows/quick/versions/2...3")
    await changes.getByText('"Who has ordered."').waitFor()
  })

  test("a rollback makes a new version with the old content, says so before, and is undone by another", async () => {
    const { api } = server()
    const newest = async () => api.workflows.get("quick")
    const before = await newest()
    const first = await api.workflows.version("quick", 1)
    const page = await open(paths.workflow("quick", { tab: "versions" }))
    await page.getByRole("button", { name: "Roll back to #1" }).click()
    const dialog = page.getByRole("dialog", { name: "Roll Quick order back to 1.0 (#1)?" })
    await dialog.getByText(/Runs that have begun keep the version/).waitFor()
    await dialog.getByText(/Its file is not touched/).waitFor()
    expect(await axe(page)).toEqual([])
    await dialog.getByRole("button", { name: "Roll back to #1" }).click()

    const made = before.versionNumber + 1
    await page.getByText(`Quick order serves #${made}, with the content of #1`).waitFor()
    expect(await newest()).toMatchObject({ versionNumber: made, text: first.text })
    const row = page.getByRole("listitem").filter({ hasText: `#${made}` })
    await row.getByText("serves new runs").waitFor()

    await page.getByRole("button", { name: "Undo" }).click()
    await expect.poll(async () => (await newest()).versionNumber).toBe(made + 1)
    expect((await newest()).text).toBe(before.text)
  })

  test("a rollback to a version that is not there is not offered, and a word is no version", async () => {
    const page = await open(`${paths.workflow("quick")}?act=rollback&of=977`, { expect: /status of 404/ })
    const dialog = page.getByRole("dialog", { name: "Quick order has no version #977" })
    await dialog.getByRole("link", { name: "All versions" }).waitFor()
    expect(await dialog.getByRole("button", { name: /Roll back/ }).count()).toBe(0)
    await page.goto("/workflows/quick/v/abc")
    await page.getByText("“abc” is no version").waitFor()
  })
})

test("a run that begins is seen among its workflow's runs at once, and counted while somebody points at them", async () => {
  const page = await open(paths.workflow("calls", { tab: "runs" }))
  await page.getByText("It has not run yet").waitFor()
  await server().start("calls")
  const rows = page.getByRole("table", { name: "Runs" }).getByRole("row")
  await rows.nth(1).waitFor()
  await rows.nth(1).hover()
  await server().start("calls")
  await page.getByRole("button", { name: "1 new" }).waitFor()
  expect(await rows.count()).toBe(2)
  await page.getByRole("button", { name: "1 new" }).click()
  await expect.poll(() => rows.count()).toBe(3)
})

test("the overview has figures, the picture of its states with counts, and the input in words", async () => {
  const page = await open(paths.workflow("quick"))
  const figures = page.getByRole("region", { name: "How it does" })
  await figures.getByText("2 completed").waitFor()
  await choose(figures.getByRole("radio", { name: "7 days" }))
  await page.waitForURL("**/workflows/quick?days=7")
  await page.getByRole("region", { name: "States of Quick order" }).getByText(/2×/).first().waitFor()
  const input = page.getByRole("region", { name: "Input", exact: true })
  await input.getByRole("row", { name: /customer.*whole number.*42/ }).waitFor()
})

test("axe finds nothing on any tab in either theme, and at 320 pixels nothing is wider than the window", async () => {
  const addresses = [
    paths.workflows(),
    paths.workflow("quick"),
    paths.workflow("quick", { tab: "runs" }),
    paths.workflow("orders", { tab: "definition" }),
    paths.workflow("quick", { tab: "versions" }),
    paths.workflowVersion("quick", 1),
    paths.workflowVersions("quick", 1, 3),
  ]
  expect(await faultsAt(await open("/"), addresses)).toEqual([])
}, 120_000)
