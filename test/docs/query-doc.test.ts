/** The page of the query language: its table is the language's own, and every query it shows is understood. */
import { readFileSync } from "node:fs"
import { parseRunQuery } from "@waybill/engine"
import { describe, expect, test } from "vitest"
import { queryFile, queryPage } from "../../scripts/docs/query-fields.ts"
import { fencedBlocks } from "./fenced-blocks.ts"

const text = readFileSync(queryFile, "utf8")
const queries = fencedBlocks("docs/reference/query.md", text)
  .filter(({ language }) => language === "query")
  .flatMap((block) => block.text.trimEnd().split("\n"))

describe("the page of the query language", () => {
  test("lists every field", () => {
    expect(text).toBe(queryPage())
  })

  test.each(queries)("shows a query that is understood: %s", (query) => {
    expect(parseRunQuery(query).problems).toEqual([])
  })
})
