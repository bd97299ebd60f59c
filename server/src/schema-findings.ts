/** What a schema found wrong, in words: unknown names with the nearest known one. Requests and configuration share it. */
import type { Finding } from "@waybill/contract"
import type { ErrorObject } from "ajv/dist/2020.js"
import { nearest } from "./nearest.ts"

/** `noun`: what an unknown name is called where the text came from: field, parameter, setting. Needs ajv's `verbose`. */
export function schemaFinding(error: ErrorObject, noun: string): Finding {
  const pointer = error.instancePath
  switch (error.keyword) {
    case "additionalProperties": {
      const name = String(error.params.additionalProperty)
      const known = Object.keys((error.parentSchema?.properties ?? {}) as object)
      const guess = nearest(name, known)
      return {
        code: "unknown_field",
        message: `the ${noun} ${JSON.stringify(name)} is not known here`,
        pointer: `${pointer}/${escaped(name)}`,
        hint: guess === null ? `Known: ${known.join(", ")}.` : `Did you mean ${JSON.stringify(guess)}?`,
      }
    }
    case "required":
      return {
        code: "missing_field",
        message: error.message ?? "missing",
        pointer: `${pointer}/${escaped(String(error.params.missingProperty))}`,
      }
    case "enum": {
      const allowed = error.params.allowedValues as unknown[]
      return { code: "invalid_value", message: `must be one of ${allowed.join(", ")}`, pointer }
    }
    case "type":
      return { code: "wrong_type", message: error.message ?? "wrong type", pointer }
    default:
      return { code: "invalid_value", message: error.message ?? "invalid", pointer }
  }
}

function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1")
}
