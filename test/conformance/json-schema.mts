/**
 * The official tests of JSON Schema 2020-12 (json-schema-org/JSON-Schema-Test-Suite) against our validator, the optional
 * ones included but those of formats, which are a library's. A case that is not answered as expected fails the run, unless
 * the profile says why it is meant to be answered otherwise. The files are read from where the caller fetched them.
 */
import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { createJsonSchemas } from "../../engine/src/adapters/schemas/json-schemas.ts"
import type { Json, JsonObject } from "../../engine/src/core/json.ts"
import profile from "./json-schema-profile.json" with { type: "json" }
import type { Suite, SuiteReport, SuiteRow } from "./suite.mts"

interface Group {
  readonly description: string
  readonly schema: JsonObject | boolean
  readonly tests: readonly { readonly description: string; readonly data: Json; readonly valid: boolean }[]
}

export const jsonSchemaSuite: Suite = {
  name: "json-schema",
  title: "JSON Schema 2020-12 (the official test suite)",
  howToGet: "git clone https://github.com/json-schema-org/JSON-Schema-Test-Suite DIR/JSON-Schema-Test-Suite",
  find: (from) =>
    [from, join(from, "JSON-Schema-Test-Suite")]
      .map((clone) => join(clone, "tests", "draft2020-12"))
      .find((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory()),
  run: runJsonSchema,
}

function runJsonSchema(folder: string): SuiteReport {
  const rows: SuiteRow[] = []
  const failures: string[] = []
  const used = new Map<(typeof profile.exclusions)[number], number>()
  for (const file of filesOf(folder)) {
    const row = { file, passed: 0, total: 0, excluded: 0 }
    for (const group of JSON.parse(readFileSync(join(folder, file), "utf8")) as Group[]) {
      const answer = answersOf(group.schema)
      for (const { description, data, valid } of group.tests) {
        row.total++
        const exclusion = profile.exclusions.find(
          (one) => one.file === file && (one.group ?? group.description) === group.description,
        )
        if (answer(data) === valid) row.passed++
        else if (exclusion === undefined) failures.push(`${file}: ${group.description}: ${description}`)
        else {
          row.excluded++
          used.set(exclusion, (used.get(exclusion) ?? 0) + 1)
        }
      }
    }
    rows.push(row)
  }
  for (const one of profile.exclusions)
    if (!used.has(one)) failures.push(`${one.file} ${one.group ?? ""}: excluded by the profile, but every case holds`)
  const exclusions = [...used].map(([{ file, group, reason }, count]) => {
    return `${file}${group === undefined ? "" : `, "${group}"`}: ${count} cases, ${reason}`
  })
  return { rows, failures, exclusions, notes: ["Not run: `optional/format`; the checks of formats are a library's."] }
}

function filesOf(folder: string): string[] {
  const json = (below: string) =>
    readdirSync(join(folder, below))
      .filter((name) => name.endsWith(".json"))
      .sort()
      .map((name) => join(below, name))
  return [...json(""), ...json("optional")]
}

/** Null: the schema is refused. */
function answersOf(schema: JsonObject | boolean): (value: Json) => boolean | null {
  if (typeof schema === "boolean") return answersOf({ allOf: [schema] })
  const compiled = createJsonSchemas().compile(schema)
  return compiled.ok ? (value) => compiled.validate(value) === null : () => null
}
