import { DEFINITION_PROBLEMS } from "@waybill/engine/core/definition/index"
import { LANGUAGE_SCHEMA } from "@waybill/engine/core/definition/language/index"
import { describe, expect, test } from "vitest"
import { readProjectFile } from "../../scripts/checks/files.ts"

const page = readProjectFile("docs/reference/language.md")

describe("the page of the language", () => {
  test("explains every field of the language", () => {
    const code = [...page.matchAll(/```yaml\n([\s\S]*?)```|`([^`\n]+)`/g)]
      .map((match) => match[1] ?? match[2])
      .join("\n")
    const words = new Set(code.match(/\$?[A-Za-z]+/g))
    expect([...fieldsOf(LANGUAGE_SCHEMA)].filter((field) => !words.has(field))).toEqual([])
  })

  test("has a section for every type of state", () => {
    const types = Object.keys(LANGUAGE_SCHEMA.$defs as object).filter((name) => name.startsWith("state."))
    const titles = types.map((name) => `### ${name.slice("state.".length).replace("operation.", "operation: ")}`)
    expect(titles.filter((title) => !page.includes(`${title}\n`))).toEqual([])
  })

  test("lists every problem with its meaning", () => {
    const rows = Object.entries(DEFINITION_PROBLEMS).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`)
    expect(page.slice(page.indexOf("| code | meaning |")).trim().split("\n").slice(2)).toEqual(rows)
  })
})

function* fieldsOf(schema: unknown): Generator<string> {
  if (typeof schema !== "object" || schema === null) return
  for (const [key, value] of Object.entries(schema)) {
    if (key === "properties") yield* Object.keys(value as object)
    yield* fieldsOf(value)
  }
}
