/** A server that answers to keys only: how somebody gets in, and what a viewer may not do. */
import { createHash } from "node:crypto"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { axe } from "./axe.ts"
import { browserSuite } from "./suite.ts"

const folder = mkdtempSync(join(tmpdir(), "waybill-keys-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const keys = { ada: "ada-0123456789-0123456789-0123456789", vera: "vera-0123456789-0123456789-0123456789" } as const
const keyOf = (user: keyof typeof keys, role: string) => ({
  name: user,
  user: `user:${user}`,
  role,
  sha256: createHash("sha256").update(keys[user]).digest("hex"),
})
const config = join(folder, "waybill.config.json")
writeFileSync(config, JSON.stringify({ auth: "keys", keys: [keyOf("ada", "admin"), keyOf("vera", "viewer")] }))

const { server, open } = browserSuite({ env: { WAYBILL_CONFIG: config }, apiKey: keys.ada })

test("a key is asked for, a wrong one is told, and with a viewer's the page says why nothing can be done", async () => {
  const { runId } = await server().run("breaks")
  const page = await open(`/runs/${runId}`, { expect: /status of 401/ })
  const field = page.getByLabel("Key", { exact: true })
  await field.fill("no-such-key")
  await page.keyboard.press("Enter")
  await page.getByText("The server does not know the key that was entered.").waitFor()
  expect(await axe(page)).toEqual([])
  await field.fill(keys.vera)
  await page.keyboard.press("Enter")
  await page.getByRole("heading", { level: 1, name: /Nightly invoice/ }).waitFor()
  for (const name of ["Re-run", /^Run it again/]) {
    const act = page.getByRole("button", { name }).first()
    expect(await act.getAttribute("aria-disabled")).toBe("true")
    await act.hover()
    await page.getByRole("tooltip").getByText("This needs the role operator").waitFor()
  }
})

test("where people are known a page leads to the sign-in and back, in both themes on a phone, and signing out leads out", async () => {
  const password = "correct horse battery staple"
  await server().api.members.add({ email: "cleo@example.com", name: "Cleo", role: "operator", password })
  await server().api.workspaces.create({ slug: "shop", admin: "cleo@example.com" })
  for (const theme of ["light", "dark"] as const) {
    const page = await open("/workflows?env=default", { theme, width: 320, expect: /status of 401/ })
    expect(new URL(page.url()).pathname).toBe("/login")
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
    const fill = async (given: string) => {
      await page.getByLabel("E-mail").fill("cleo@example.com")
      await page.getByLabel("Password").fill(given)
      await page.keyboard.press("Enter")
    }
    await fill("not the password at all")
    await page.getByRole("alert").getByText("do not fit together").waitFor()
    expect(await axe(page)).toEqual([])
    await fill(password)
    await page.getByRole("heading", { level: 1, name: "Workflows" }).waitFor()
    expect(page.url()).toContain("/workflows?env=default")
    await page
      .getByRole("link", { name: /Nightly invoice/ })
      .first()
      .waitFor()
    await page.getByRole("button", { name: "Workspace: default" }).click()
    await page.getByRole("menuitemcheckbox", { name: "shop" }).click()
    await page.getByRole("button", { name: "Workspace: shop" }).waitFor()
    await page.goto("/workflows")
    await page
      .getByText(/There are no workflows/)
      .first()
      .waitFor()
    expect(await page.evaluate(() => document.querySelector("header")!.scrollWidth)).toBeLessThanOrEqual(320)
    await page.getByRole("button", { name: "Cleo: sign out" }).click()
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor()
    await page.goto("/runs")
    expect(new URL(page.url()).pathname).toBe("/login")
  }
})
