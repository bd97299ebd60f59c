/** The inbox and the decision: on runs that really wait, decided by the keyboard and by the mouse. */
import type { Page } from "playwright-core"
import { describe, expect, test } from "vitest"
import { paths } from "../../web/src/paths.ts"
import { axe } from "./axe.ts"
import { faultsAt } from "./faults-at.ts"
import { browserSuite, choose } from "./suite.ts"

const { server, open } = browserSuite()

async function asked(workflowId: string, input = {}) {
  const { runId } = await server().run(workflowId, input)
  const { items } = await server().api.runs.approvals(runId)
  return items[0]!
}

const row = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text })
const decision = (page: Page) => page.getByRole("region", { name: "The decision" })
/** Until the run stands there; the engine goes on after the answer. */
const untilRun = (runId: string, status: string) =>
  expect.poll(async () => (await server().api.runs.get(runId)).status, { timeout: 10_000 }).toBe(status)

describe("deciding", () => {
  test("approving by the keyboard: the row, the question beside it, what it does, and what the run does then", async () => {
    const { approvalId, runId } = await asked("asks", { team: "keyboard" })
    const page = await open(paths.approvals())
    await row(page, "keyboard: release 1.4.2?").waitFor()
    await page.getByRole("grid", { name: "Approvals" }).focus()
    for (let step = 0; step < 50; step++) {
      const active = await page.getByRole("grid").getAttribute("aria-activedescendant")
      if (active?.endsWith(approvalId)) break
      await page.keyboard.press("j")
    }
    await page.keyboard.press("Shift+A")
    const sheet = page.getByRole("dialog", { name: "keyboard: release 1.4.2?" })
    await sheet.getByText("The run goes on at ship.").waitFor()
    expect(await sheet.getByRole("radio", { name: "Approve" }).isChecked()).toBe(true)
    expect(new URL(page.url()).searchParams.get("open")).toBe(approvalId)
    expect(await axe(page)).toEqual([])
    await page.keyboard.press("ControlOrMeta+Enter")
    await sheet.getByText("Approved by user:local").waitFor()
    await sheet.getByText("Completed").waitFor()
    await untilRun(runId, "COMPLETED")
    await row(page, "keyboard: release 1.4.2?").waitFor({ state: "detached" })
    await page.keyboard.press("Escape")
    await sheet.waitFor({ state: "hidden" })
    expect(new URL(page.url()).search).toBe("")
  })

  test("rejecting is refused without a reason, and the reason is kept with the decision", async () => {
    const { approvalId, runId } = await asked("asks", { team: "reject" })
    const page = await open(paths.approval(approvalId))
    await page.getByText("the run ends as timed out.").waitFor()
    await page.getByText("The run is cancelled.").waitFor()
    await page.getByRole("radio", { name: "Reject" }).check()
    await page.getByRole("button", { name: "Reject" }).click()
    await page.getByText("Say why: a comment is needed to reject.").waitFor()
    expect(await axe(page)).toEqual([])
    expect((await server().api.approvals.get(approvalId)).state).toBe("pending")
    await page.getByRole("textbox", { name: /^Comment/ }).fill("The notes are missing.")
    await page.keyboard.press("ControlOrMeta+Enter")
    await decision(page).getByText("Rejected by user:local").waitFor()
    await decision(page).getByText("The notes are missing.").waitFor()
    await untilRun(runId, "CANCELLED")
    expect((await server().api.approvals.get(approvalId)).comment).toBe("The notes are missing.")
  })

  test("what was filled in reaches the run; what breaks the form's rules is told by the server and can be mended", async () => {
    const { approvalId, runId } = await asked("chooses")
    const page = await open(paths.approval(approvalId), { expect: /status of 422/ })
    await page.getByText("Nia Okafor", { exact: true }).waitFor()
    await page.getByRole("radio", { name: "Approve" }).check()
    const amount = page.getByRole("region", { name: "To fill in" }).getByLabel(/^Amount/)
    expect(await amount.inputValue()).toBe("129.5")
    await amount.fill("900")
    await page.getByRole("button", { name: "Approve" }).click()
    await page.getByText(/It was not decided/).waitFor()
    await amount.fill("90")
    await page.getByRole("button", { name: "Approve" }).click()
    await decision(page).getByText("Approved by user:local").waitFor()
    await untilRun(runId, "COMPLETED")
    const run = await server().api.runs.get(runId)
    expect(run.context).toMatchObject({ steps: { pay: { said: { amount: 90, by: "card" } } } })
  })

  test("sent back, the run asks again: a new question that says it is the second", async () => {
    const { approvalId, runId } = await asked("chooses")
    const page = await open(paths.approval(approvalId))
    await page.getByText("The run goes back to draft and asks again afterwards.").waitFor()
    await page.getByRole("radio", { name: "Send back" }).check()
    await page.getByRole("textbox", { name: /^Comment/ }).fill("Half of it.")
    await page.keyboard.press("ControlOrMeta+Enter")
    await decision(page).getByText("Sent back by user:local").waitFor()
    await expect
      .poll(async () => (await server().api.runs.approvals(runId)).items.find(({ round }) => round === 2)?.state)
      .toBe("pending")
    const { items } = await server().api.runs.approvals(runId)
    await page.goto(paths.approval(items.find(({ round }) => round === 2)!.approvalId))
    await page.getByText("for the 2nd time").waitFor()
  })
})

describe("beside the run", () => {
  test("the run's own page decides: by its main action, by its keys, without being left", async () => {
    const { approvalId, runId, message } = await asked("asks", { team: "run page" })
    const page = await open(paths.run(runId))
    await page.getByRole("region", { name: "Why" }).getByRole("button", { name: "Decide" }).click()
    const sheet = page.getByRole("dialog", { name: message })
    await sheet.getByText("The run goes on at ship.").waitFor()
    expect(new URL(page.url()).searchParams.get("approval")).toBe(approvalId)
    await page.keyboard.press("Escape")
    await sheet.waitFor({ state: "hidden" })
    await page.keyboard.press("Shift+R")
    await sheet.getByRole("radio", { name: "Reject", checked: true }).waitFor()
    await page.keyboard.press("Shift+A")
    await sheet.getByRole("radio", { name: "Approve", checked: true }).waitFor()
    await page.keyboard.press("ControlOrMeta+Enter")
    await sheet.getByText("Approved by user:local").waitFor()
    await untilRun(runId, "COMPLETED")
    await page.getByRole("main").getByText("Completed").first().waitFor()
    expect(new URL(page.url()).pathname).toBe(paths.run(runId))
  })
})

describe("somebody else was faster", () => {
  test("while it is open here: the panel shows who, when and why by itself", async () => {
    const { approvalId, runId } = await asked("asks", { team: "race" })
    const page = await open(paths.approval(approvalId))
    await page.getByRole("radio", { name: "Approve" }).check()
    await server().api.approvals.decide(runId, approvalId, { outcome: "reject", comment: "not on a Friday" })
    await decision(page).getByText("Rejected by user:local").waitFor()
    await decision(page).getByText("not on a Friday").waitFor()
    expect(await page.getByRole("radio", { name: "Approve" }).count()).toBe(0)
  })

  test("between the look and the press: the first decision is shown as news, not as an error", async () => {
    const { approvalId, runId } = await asked("asks", { team: "late" })
    const page = await open(paths.approval(approvalId), { expect: /status of 409/ })
    await page.getByRole("radio", { name: "Approve" }).check()
    // The page hears of nothing until it asks itself: as on a connection that has just broken.
    let isHeld = true
    await page.route("**/workflow-approvals/**", async (route) => {
      while (isHeld) await new Promise((resolve) => setTimeout(resolve, 50))
      await route.continue()
    })
    await server().api.approvals.decide(runId, approvalId, { outcome: "reject", comment: "first" })
    const refusal = page.waitForResponse((response) => response.url().endsWith("/decide") && response.status() === 409)
    await page.keyboard.press("ControlOrMeta+Enter")
    await refusal
    isHeld = false
    await decision(page).getByText("Somebody was faster: yours was not taken.").waitFor()
    await decision(page).getByText("Rejected by user:local").waitFor()
    expect(await page.getByRole("alert").count()).toBe(0)
  })
})

describe("the inbox", () => {
  test("is kept live, says what is decided when asked, and offers the next decision", async () => {
    const page = await open(paths.approvals({ workflowId: "asks" }))
    const first = await asked("asks", { team: "first" })
    await row(page, "first: release 1.4.2?").waitFor()
    await asked("asks", { team: "second" })
    await row(page, "second: release 1.4.2?").click()
    await page.getByRole("dialog", { name: "second: release 1.4.2?" }).getByRole("radio", { name: "Approve" }).check()
    await page.keyboard.press("ControlOrMeta+Enter")
    await page.getByRole("link", { name: "Decide next" }).click()
    await page.getByRole("radio", { name: "Approve" }).waitFor()
    await server().api.approvals.decide(first.runId, first.approvalId, { outcome: "reject", comment: "no" })
    await page.keyboard.press("Escape")
    await choose(page.getByRole("radio", { name: "Decided" }))
    await row(page, "first: release 1.4.2?").getByText("Rejected").waitFor()
    expect(new URL(page.url()).searchParams.get("state")).toBe("decided")
    await page.getByRole("radio", { name: "Asks me by name" }).click()
    await page.getByText("No approval matches").waitFor()
  })

  test("axe finds nothing in either theme, open or decided, and at 320 pixels nothing is wider than the window", async () => {
    const { approvalId } = await asked("chooses")
    const addresses = [
      paths.approvals({ open: approvalId, say: "approve" }),
      paths.approvals({ state: "decided" }),
      paths.approval(approvalId),
    ]
    expect(await faultsAt(await open("/"), addresses)).toEqual([])
  }, 120_000)
})
