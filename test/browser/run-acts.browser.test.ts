/** What people do to a run from its page, without leaving it; each answer is the server's. */
import type { Page } from "playwright-core"
import { describe, expect, test } from "vitest"
import { paths } from "../../web/src/paths.ts"
import { axe } from "./axe.ts"
import { browserSuite } from "./suite.ts"

const { server, open } = browserSuite()

const standing = (page: Page, status: string) =>
  page.getByRole("heading", { level: 1, name: new RegExp(status) }).waitFor()
const sheet = (page: Page) => page.getByRole("dialog", { name: "Re-run" })

describe("running it again", () => {
  test("from the step that failed, without leaving the view: what is taken over, what acts again, why, and the new run", async () => {
    const { runId } = await server().run("breaks", { invoice: "INV-11" })
    const page = await open(paths.run(runId))
    await page.getByRole("button", { name: "Run it again from book" }).click()
    await sheet(page)
      .getByRole("radio", { name: /at the step that failed/ })
      .waitFor()
    expect(
      await sheet(page)
        .getByRole("radio", { name: /at the step that failed/ })
        .isChecked(),
    ).toBe(true)
    const plan = sheet(page).getByRole("region", { name: "What will happen" })
    await plan.getByText("1 step acts again.").waitFor()
    expect(await plan.getByRole("listitem").allTextContents()).toEqual([
      "load",
      "which",
      expect.stringContaining("book"),
    ])
    await sheet(page).getByRole("button", { name: "Start the re-run" }).click()
    await sheet(page).getByText("Say why; it is kept with the run.").waitFor()
    expect(await axe(page)).toEqual([])
    await sheet(page)
      .getByRole("textbox", { name: /^Reason/ })
      .fill("the ledger is back")
    await sheet(page).getByRole("button", { name: "Start the re-run" }).click()
    await page.waitForURL((url) => url.pathname.startsWith("/runs/run_") && !url.pathname.includes(runId))
    const newId = new URL(page.url()).pathname.split("/").at(-1)!
    const made = await server().api.runs.get(newId)
    expect(made).toMatchObject({ rerunOf: runId, trigger: { kind: "rerun", reason: "the ledger is back" } })
    await page
      .getByRole("link", { name: runId.slice(-8) })
      .first()
      .waitFor()
    await page.goBack()
    await standing(page, "Nightly invoice")
    expect(new URL(page.url()).pathname).toBe(paths.run(runId))
  })

  test("with an edited input: the difference is shown, what is no JSON is not sent, and the run has the new input", async () => {
    const { runId } = await server().run("breaks", { invoice: "INV-12" })
    const page = await open(paths.run(runId, { act: "rerun" }))
    await sheet(page).getByRole("button", { name: "Edit the input" }).click()
    const editor = sheet(page).getByRole("textbox", { name: "Input of the re-run" })
    await sheet(page).locator(".cm-editor").waitFor()
    await editor.click()
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.insertText('{"invoice": "INV-12", "mended": ')
    await sheet(page)
      .getByText(/This is not JSON/)
      .first()
      .waitFor()
    await page.keyboard.insertText("true}")
    const differences = sheet(page).getByRole("list", { name: "What differs from the first run's input" })
    await differences.getByText("mended").waitFor()
    expect(await axe(page)).toEqual([])
    await sheet(page)
      .getByRole("textbox", { name: /^Reason/ })
      .fill("mended by hand")
    await sheet(page).getByRole("button", { name: "Start the re-run" }).click()
    await standing(page, "Completed")
    const newId = new URL(page.url()).pathname.split("/").at(-1)!
    expect((await server().api.runs.get(newId)).input).toEqual({ invoice: "INV-12", mended: true })
  })

  test("where the server refuses, the panel stays, with its words", async () => {
    const { runId } = await server().run("breaks")
    const page = await open(paths.run(runId, { act: "rerun", from: "done" }), { expect: /status of 409/ })
    await sheet(page)
      .getByRole("alert")
      .getByText(/never came to done/)
      .waitFor()
    expect(await axe(page)).toEqual([])
  })
})

describe("acting on a run that is open", () => {
  test("cancelling says its effects, shows where the run stands, and the page shows what came of it", async () => {
    const { runId } = await server().run("asks")
    const page = await open(paths.run(runId))
    await standing(page, "Waiting for approval")
    await page.keyboard.press("c")
    const dialog = page.getByRole("dialog", { name: "Cancel this run?" })
    await dialog.getByText(/asked to stop/).waitFor()
    await dialog.getByText("Waiting for approval").waitFor()
    expect(await axe(page)).toEqual([])
    await dialog.getByRole("textbox", { name: "Reason" }).fill("wrong branch")
    await dialog.getByRole("button", { name: "Cancel the run" }).click()
    await standing(page, "Cancelled")
    await page
      .getByRole("region", { name: "Why" })
      .getByText(/wrong branch/)
      .waitFor()
    await page.getByRole("button", { name: "Cancel", exact: true }).hover()
    await page.getByRole("tooltip", { name: "The run has ended: CANCELLED." }).waitFor()
  })

  test("somebody was faster: the refusal stays in the dialog, which says how the run stands now", async () => {
    const { runId } = await server().run("asks")
    const page = await open(paths.run(runId, { act: "cancel" }), { expect: /status of 409/ })
    const dialog = page.getByRole("dialog", { name: "Cancel this run?" })
    await dialog.getByText("Waiting for approval").waitFor()
    await server().api.runs.cancel(runId, { reason: "first" })
    await dialog.getByText("Cancelled", { exact: true }).waitFor()
    await dialog.getByRole("button", { name: "Cancel the run" }).click()
    await dialog
      .getByRole("alert")
      .getByText(/has ended/)
      .first()
      .waitFor()
    await page.keyboard.press("Escape")
    await dialog.waitFor({ state: "detached" })
    expect(new URL(page.url()).search).toBe("")
  })

  test("pausing and resuming by one key, with the way back in the notice", async () => {
    const { runId } = await server().run("hears")
    const page = await open(paths.run(runId))
    await standing(page, "Waiting for signal")
    await page.keyboard.press("p")
    await page.getByRole("dialog", { name: "Pause this run?" }).getByRole("button", { name: "Pause the run" }).click()
    await standing(page, "Paused")
    await page.getByRole("button", { name: "Undo" }).click()
    await standing(page, "Waiting for signal")
    await page.keyboard.press("p")
    await page.getByRole("dialog", { name: "Pause this run?" }).getByRole("button", { name: "Pause the run" }).click()
    await standing(page, "Paused")
    await page.getByRole("region", { name: "Why" }).getByRole("button", { name: "Resume it" }).click()
    await page.getByRole("dialog", { name: "Resume this run?" }).getByRole("button", { name: "Resume the run" }).click()
    await standing(page, "Waiting for signal")
  })

  test("a signal: its name is known, data that does not fit is refused in the server's words, and what fits moves the run", async () => {
    const { runId } = await server().run("hears")
    const page = await open(paths.run(runId), { expect: /status of 422/ })
    await page.getByRole("button", { name: "Send the signal “payment.received”" }).click()
    const dialog = page.getByRole("dialog", { name: "Send a signal" })
    expect(await dialog.getByRole("combobox", { name: /^Name/ }).inputValue()).toBe("payment.received")
    const data = dialog.getByRole("textbox", { name: "Data" })
    await data.fill("{amount}")
    await dialog.getByText(/This is not JSON/).waitFor()
    await data.fill("{}")
    await dialog.getByRole("button", { name: "Send the signal" }).click()
    await dialog
      .getByRole("alert")
      .getByText(/amount/)
      .first()
      .waitFor()
    expect(await axe(page)).toEqual([])
    await data.fill('{"amount": 12.5}')
    await dialog.getByRole("button", { name: "Send the signal" }).click()
    await standing(page, "Completed")
    expect((await server().api.runs.get(runId)).context).toMatchObject({ steps: { payment: { amount: 12.5 } } })
  })

  test("an approval is decided from the run, which goes on under the eyes of whoever decided", async () => {
    const { runId } = await server().run("asks", { team: "core" })
    const page = await open(paths.run(runId, { tab: "approvals" }))
    await page.getByText("core: release 1.4.2?").first().waitFor()
    await page.getByRole("tabpanel").getByRole("button", { name: "Decide" }).click()
    const dialog = page.getByRole("dialog", { name: "core: release 1.4.2?" })
    await dialog.getByRole("radio", { name: "Approve" }).check()
    await page.keyboard.press("ControlOrMeta+Enter")
    await standing(page, "Completed")
    await dialog.getByRole("button", { name: "Close" }).click()
    await page.getByRole("tabpanel").getByText("Approved").waitFor()
    await page
      .getByRole("tabpanel")
      .getByText(/by user:local/)
      .waitFor()
  })
})
