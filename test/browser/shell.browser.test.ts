/** What holds on every page: no error, nothing for axe to find, the policy, the shell's ways to everywhere. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { beforeAll, describe, expect, test } from "vitest"
import { ROOT } from "../../scripts/setup/root.mjs"
import { pages } from "../../server/src/http/web/pages.ts"
import { paths } from "../../web/src/paths.ts"
import { axe } from "./axe.ts"
import { faultsAt } from "./faults-at.ts"
import { browserSuite, headed } from "./suite.ts"

const { server, open } = browserSuite()

/** The pages with something on them: a run of each kind, a pending approval. */
let addresses: readonly string[]
beforeAll(async () => {
  const [failed, waiting] = await Promise.all([server().run("breaks"), server().run("asks"), server().run("quick")])
  const { items } = await server().api.runs.approvals(waiting.runId)
  const known: Readonly<Record<string, string>> = {
    runId: failed.runId,
    workflowId: "breaks",
    version: "1",
    approvalId: items[0]!.approvalId,
  }
  const fill = (pattern: string) => pattern.replace(/:(\w+)/g, (_, name: string) => known[name] ?? "1...1")
  addresses = ["/", ...pages.map(fill), "/nowhere"]
})

/** Their own files look at these with all that can be on them. */
const lookedAtElsewhere = /^\/(runs\/|workflows|approvals)/
/** Places kept for later are one page with other words. */
const isLater = (address: string) => !/^\/($|runs|workflows|approvals|nowhere)/.test(address)

test("every page opens without an error, and axe finds nothing on it in either theme or at 320 pixels", async () => {
  const page = await open("/", { expect: /status of 404 .*\/nowhere/ })
  const later = addresses.filter(isLater)
  const looked = addresses.filter((address) => !isLater(address) && !lookedAtElsewhere.test(address))
  expect(await faultsAt(page, [...looked, later[0]!, paths.admin("audit")])).toEqual([])
  for (const address of addresses.filter((one) => !looked.includes(one))) {
    await page.goto(address)
    await headed(page)
  }
}, 120_000)

test("at 320 pixels the places are behind a button", async () => {
  const page = await open("/", { width: 320, height: 640 })
  const places = page.getByRole("navigation", { name: "Main" })
  expect(await places.getByRole("link", { name: "Workflows" }).isVisible()).toBe(false)
  await places.getByRole("button", { name: "Overview" }).click()
  expect(await axe(page)).toEqual([])
  await places.getByRole("link", { name: "Workflows" }).click()
  await page.getByRole("heading", { level: 1, name: "Workflows" }).waitFor()
  expect(await places.getByRole("link", { name: "Workflows" }).isVisible()).toBe(false)
})

test("the policy that was sent is the one that holds: code in the page, and a style without its nonce, are refused", async () => {
  const page = await open("/", { expect: /policy: |Content Security Policy/ })
  const ran = await page.evaluate(() => {
    const script = document.createElement("script")
    script.textContent = "globalThis.ranInline = true"
    document.head.append(script)
    const style = document.createElement("style")
    style.textContent = "body { display: none }"
    document.head.append(style)
    return "ranInline" in globalThis || getComputedStyle(document.body).display === "none"
  })
  expect(ran).toBe(false)
})

test("the first page takes at most 220 KB of packed code, and neither the editor nor the graph", () => {
  const folder = join(ROOT, "dist", "web")
  type Chunk = { readonly file: string; readonly imports?: readonly string[]; readonly isEntry?: boolean }
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Record<string, Chunk>
  const reached = new Map<string, Chunk>()
  const reach = (name: string) => {
    const chunk = manifest[name]!
    if (reached.has(name)) return
    reached.set(name, chunk)
    for (const next of chunk.imports ?? []) reach(next)
  }
  const entry = Object.keys(manifest).find((name) => manifest[name]!.isEntry)!
  reach(entry)
  reach(Object.keys(manifest).find((name) => name.endsWith("src/overview/page.tsx"))!)
  const code = [...reached.values()].map(({ file }) => readFileSync(join(folder, file)))
  const packed = code.reduce((sum, bytes) => sum + gzipSync(bytes).length, 0)
  expect(packed).toBeGreaterThan(30_000)
  expect(packed).toBeLessThanOrEqual(220 * 1024)
  for (const bytes of code) expect(bytes.toString("utf8")).not.toMatch(/cm-editor|react-flow__|dagre|React DevTools/)
})

describe("moving about", () => {
  test("by the keyboard alone: to the runs, what the keys do, and a run by its pasted id", async () => {
    const { runId } = await server().run("quick")
    const page = await open("/")
    await page.keyboard.press("g")
    await page.keyboard.press("r")
    const heading = page.getByRole("heading", { level: 1, name: "Runs" })
    await heading.waitFor()
    expect(await heading.evaluate((node) => node === document.activeElement)).toBe(true)
    expect(await page.title()).toBe("Runs · Waybill")

    await page.keyboard.press("?")
    const sheet = page.getByRole("dialog", { name: "Keys" })
    await sheet.getByText("Go to Approvals").waitFor()
    expect(await axe(page)).toEqual([])
    await page.keyboard.press("Escape")
    await sheet.waitFor({ state: "hidden" })

    await page.keyboard.press("ControlOrMeta+k")
    const field = page.getByRole("dialog", { name: "Find anything" }).getByRole("combobox")
    await field.waitFor()
    // By the keyboard alone: the field has the focus as soon as it is there.
    await page.keyboard.type(`please look at ${runId}, thanks`)
    await page.getByRole("option", { name: `Open ${runId}` }).waitFor()
    expect(await axe(page)).toEqual([])
    await page.keyboard.press("Enter")
    await page.waitForURL(`**${paths.run(runId)}`)
    await page.goBack()
    await heading.waitFor()
    await page.keyboard.press("ControlOrMeta+k")
    await field.waitFor()
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await sheet.waitFor()
  })

  test("a letter typed into a field is a letter, and keys that were switched off are silent", async () => {
    const page = await open("/")
    await page.keyboard.press("?")
    await page.getByRole("checkbox", { name: /Single keys act/ }).uncheck()
    await page.keyboard.press("Escape")
    await page.keyboard.press("g")
    await page.keyboard.press("r")
    await page.reload()
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor()
    await page.keyboard.press("g")
    await page.keyboard.press("w")
    expect(new URL(page.url()).pathname).toBe("/")
    await page.keyboard.press("ControlOrMeta+k")
    await page.getByRole("combobox").pressSequentially("gr?")
    expect(await page.getByRole("combobox").inputValue()).toBe("gr?")
  })

  test("the skip link leads past the navigation, and the theme that was chosen is there before the page is", async () => {
    const page = await open("/", { theme: "light", expect: /ERR_FAILED.*\/assets\/index-/ })
    await page.keyboard.press("Tab")
    expect(await page.getByRole("link", { name: "Skip to the page" }).isVisible()).toBe(true)
    await page.keyboard.press("Enter")
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main")
    await page.getByRole("button", { name: /^Theme: system/ }).click()
    await page.getByRole("button", { name: /^Theme: light/ }).click()
    await page.getByRole("button", { name: /^Theme: dark/ }).waitFor()
    await page.route("**/assets/index-*.js", (route) => route.abort())
    await page.reload()
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark")
  })
})

test("the environment is chosen in the header and goes along; a run shows its own, whatever the address says", async () => {
  const { runId } = await server().run("gate", {}, { environment: "prod" })
  const page = await open(paths.run(runId))
  const menu = page.getByRole("banner").getByRole("button", { name: /^env:/ })
  await page.getByRole("button", { name: "env: prod" }).waitFor()
  await page.getByRole("link", { name: /^Approvals ?1 / }).click()
  // The run's own page asks the same question.
  await page.waitForURL("**/approvals?env=prod")
  await page.getByText("Ship to production?").first().waitFor()
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Runs", exact: true }).click()
  await page.waitForURL("**/runs?env=prod")
  await page.goBack()
  await page.getByText("Ship to production?").first().waitFor()
  await menu.click()
  await page.getByRole("menuitemcheckbox", { name: "default" }).click()
  await page.getByText("Ship to production?").waitFor({ state: "detached" })
  await page.getByRole("button", { name: "env: default" }).waitFor()
  await page.goBack()
  await page.waitForURL("**/approvals?env=prod")
  await page.getByText("Ship to production?").first().waitFor()
})

describe("live", () => {
  test("one connection a page: the counter, the list and the open run move by it, and by no other", async () => {
    const page = await open("/runs")
    const streams: string[] = []
    page.on("request", (request) => {
      if (request.url().includes("/stream")) streams.push(request.url())
    })
    await page.reload()
    await page.getByText("Live", { exact: true }).waitFor()
    const counter = page.getByRole("link", { name: /^Approvals ?\d+ / })
    const before = Number(/\d+/.exec((await counter.textContent()) ?? "")?.[0])
    const { runId } = await server().run("asks")
    await page.getByRole("link", { name: new RegExp(`^Approvals ?${before + 1} `) }).waitFor()
    await page.getByRole("button", { name: /^1 new/ }).click()
    await page
      .locator(`a[href="${paths.run(runId)}"]`)
      .first()
      .click()
    await page.waitForURL(`**${paths.run(runId)}`)
    await page
      .getByText(/WAITING_APPROVAL|Waiting for approval/i)
      .first()
      .waitFor()
    await server().api.runs.cancel(runId, { reason: "seen enough" })
    await page
      .getByText(/CANCELLED|Cancelled/i)
      .first()
      .waitFor()
    expect(streams).toHaveLength(1)
  })
})
