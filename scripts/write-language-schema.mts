/** Writes the published JSON Schema of the workflow language from its source. A test says when it is out of date. */
import { writeFileSync } from "node:fs"
import { LANGUAGE_SCHEMA } from "../engine/src/core/definition/language/index.ts"

const file = new URL("../docs/reference/waybill.schema.json", import.meta.url)
writeFileSync(file, `${JSON.stringify(LANGUAGE_SCHEMA, null, 2)}\n`)
console.log(`written: ${file.pathname}`)
