/** What people add beside a run, from its page and from the list: kept at once, taken back at once, seen live. */
import { readFile } from "node:fs/promises"
import type { Page } from "playwright-core"
import { expect, test } from "vitest"
import { paths } from "../../web/src/paths.ts"
import { axe } from "./axe.ts"
import { browserSuite } from "./suite.ts"

const { server, open } = browserSuite()

const beside = (page: Page) => page.getByRole("region", { name: "Beside the run" })
const asked = (page: Page, name: string) => page.getByRole("dialog", { name })
const stands = async (runId: string) => {
  const { tags, owner, resolution, annotationCount } = await server().api.runs.get(runId)
  return { tags, owner, state: resolution?.state, annotationCount }
}

test("a failed run gets a note, a tag, an owner and a resolution by keys, and each is taken back", async () => {
  const { runId } = await server().run("breaks", { invoice: "INV-31" })
  const page = await open(paths.run(runId, { tab: "annotations" }))
  await beside(page).getByText("Not resolved").waitFor()
  await page.getByText("Nobody has said anything").waitFor()

  await page.keyboard.press("n")
  await asked(page, "Write a note").getByRole("textbox", { name: /^Note/ }).fill("The ledger was down.")
  expect(await axe(page)).toEqual([])
  await page.getByRole("button", { name: "Write the note" }).click()
  await page.getByRole("list", { name: "What was said" }).getByText("The ledger was down.").waitFor()

  await page.keyboard.press("t")
  await asked(page, "Add tags").getByRole("textbox", { name: "Tags" }).fill("vip, q4")
  await page.getByRole("button", { name: "Add 2 tags" }).click()
  await beside(page).getByText("q4").waitFor()
  await beside(page).getByRole("button", { name: "Remove vip" }).click()
  await beside(page).getByText("vip").waitFor({ state: "detached" })

  await page.keyboard.press("a")
  await asked(page, "Give the run an owner").getByRole("textbox", { name: "Owner" }).fill("user:ann")
  await page.getByRole("button", { name: "Assign to user:ann" }).click()
  await beside(page).getByText("user:ann").waitFor()

  await page.keyboard.press("e")
  const resolve = asked(page, "What became of this run?")
  await resolve.getByRole("radio", { name: "Won’t fix" }).check()
  await resolve.getByRole("textbox", { name: /^Reason/ }).fill("a test invoice")
  await resolve.getByRole("button", { name: "Keep the resolution" }).click()
  await beside(page).getByText("Won’t fix").waitFor()
  expect(await stands(runId)).toEqual({ tags: ["q4"], owner: "user:ann", state: "wont_fix", annotationCount: 1 })
  expect(await axe(page)).toEqual([])

  // Each notice has its way back; the newest one's is the resolution's.
  await page.getByRole("button", { name: "Undo", exact: true }).last().click()
  await beside(page).getByText("Not resolved").waitFor()
  await page.getByRole("button", { name: "Take it back" }).click()
  await page.getByText("taken back", { exact: true }).waitFor()
  expect(await stands(runId)).toMatchObject({ state: "open", annotationCount: 0 })
})

test("what somebody else says is seen at once, in the run and in the list, and many are tagged from there", async () => {
  const { runId } = await server().run("breaks", { invoice: "INV-32" })
  const other = await server().run("breaks", { invoice: "INV-33" })
  const page = await open(paths.run(runId))
  await beside(page).getByText("Not resolved").waitFor()
  await server().api.runs.resolve(runId, { state: "acknowledged" })
  await beside(page).getByText("Acknowledged").waitFor()

  const list = await open(
    paths.runs({ q: `id:${runId},${other.runId}`, cols: ["status", "workflow", "tags", "actor"] }),
  )
  await list.getByText("Acknowledged").waitFor()
  await server().api.runs.assign(runId, "user:bob")
  await list.getByText("bob", { exact: true }).waitFor()

  await list.keyboard.press("a")
  await list.getByRole("button", { name: "Tag, assign or resolve" }).click()
  await list.getByRole("menuitem", { name: "Add tags" }).click()
  const dialog = asked(list, "Tag 2 runs?")
  await dialog.getByRole("textbox", { name: "Tags" }).fill("seen")
  await dialog.getByRole("textbox", { name: /^Reason/ }).fill("looked at together")
  expect(await axe(list)).toEqual([])
  await dialog.getByRole("button", { name: "Tag 2 runs" }).click()
  await list.getByText("Tagged 2 runs").waitFor()
  await list.getByRole("button", { name: "Only runs with the tag seen" }).nth(1).waitFor()
  expect(await stands(other.runId)).toMatchObject({ tags: expect.arrayContaining(["seen"]), state: "open" })
})

test("a file is attached to a run that has ended, listed with what is known of it, and fetched as it is kept", async () => {
  const { runId } = await server().run("breaks", { invoice: "INV-34" })
  const page = await open(paths.run(runId, { tab: "attachments" }))
  await page.getByText("No file belongs to this run").waitFor()
  expect(await axe(page)).toEqual([])

  const chosen = page.waitForEvent("filechooser")
  await page.getByRole("button", { name: "Attach a file" }).click()
  const content = "order 7 was billed twice, password=hunter2-hunter2\n"
  await (await chosen).setFiles({ name: "billing <b>.txt", mimeType: "text/plain", buffer: Buffer.from(content) })

  const files = page.getByRole("list", { name: "Files" })
  await files.getByRole("link", { name: "Download billing <b>.txt" }).waitFor()
  const { items } = await server().api.runs.attachments(runId)
  expect(items).toMatchObject([{ name: "billing <b>.txt", contentType: "text/plain", redacted: true }])
  await files.getByText("redacted", { exact: true }).waitFor()
  expect(await axe(page)).toEqual([])

  const fetched = page.waitForEvent("download")
  await files.getByRole("link", { name: "Download billing <b>.txt" }).click()
  const kept = await readFile(await (await fetched).path(), "utf8")
  expect(kept).toContain("order 7 was billed twice")
  expect(kept).not.toContain("hunter2")
})
