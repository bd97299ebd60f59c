import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { operatingFile, operatingPage } from "../../scripts/docs/settings.ts"
import { Settings, variables } from "../../server/src/config/settings.ts"
import { loadConfig } from "../../server/src/config.ts"
import { fencedBlocks } from "./fenced-blocks.ts"

const page = readFileSync(operatingFile, "utf8")

test("the guide lists every setting with its variable and its default", () => {
  expect(page).toBe(operatingPage())
})

test("the configuration it shows is one, once hashes are filled in", () => {
  const shown = fencedBlocks("operating", page).find(({ language }) => language === "json")?.text ?? ""
  const overrides = JSON.parse(shown.replaceAll("…", "a".repeat(64)))
  expect(loadConfig({ env: {}, directory: "/nowhere", overrides })).toMatchObject({
    auth: "keys",
    keys: [{ name: "ci" }, { name: "ada" }],
  })
})

test("every setting says what it is for, and every variable sets one", () => {
  for (const [name, schema] of Object.entries(Settings.properties)) {
    const { description, enum: values } = schema as { description?: string; enum?: unknown }
    expect([name, description ?? values]).not.toEqual([name, undefined])
  }
  for (const { setting } of Object.values(variables)) expect(Object.keys(Settings.properties)).toContain(setting)
})
