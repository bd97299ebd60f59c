/** What a schema found wrong, in words: unknown names with the nearest known one. Requests and configuration share it. */
import type { Finding } from "@waybill/contract"
import type { ErrorObject } from "ajv/dist/2020.js"
import { nearest } from "./nearest.ts"

/**
 * One finding a value: a choice of constants says what may be chosen, not for each that it is not this one.
 * @param noun what an unknown name is called where the text came from: field, parameter, setting. Needs ajv's `verbose`
 * @param most of a body may be as many wrong as it has fields, and what each was meant to be takes a look at all names
 */
export function schemaFindings(errors: readonly ErrorObject[], noun: string, most: number): readonly Finding[] {
  const choices = new Set(errors.filter((error) => choiceOf(error) !== null).map((error) => error.instancePath))
  return errors
    .filter((error) => error.keyword !== "const" || !choices.has(error.instancePath))
    .slice(0, most)
    .map((error) => schemaFinding(error, noun))
}

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
    case "enum":
      return notOneOf(error.params.allowedValues as unknown[], error.data, pointer)
    case "type": {
      const isTwice = noun === "parameter" && Array.isArray(error.data)
      return {
        code: "wrong_type",
        message: isTwice ? "is given more than once" : (error.message ?? "wrong type"),
        pointer,
      }
    }
    default: {
      const choice = choiceOf(error)
      if (choice !== null) return notOneOf(choice, error.data, pointer)
      return { code: "invalid_value", message: error.message ?? "invalid", pointer }
    }
  }
}

function notOneOf(allowed: readonly unknown[], value: unknown, pointer: string): Finding {
  const guess = typeof value === "string" ? nearest(value, allowed.map(String)) : null
  const hint = guess === null ? {} : { hint: `Did you mean ${JSON.stringify(guess)}?` }
  return { code: "invalid_value", message: `must be one of ${allowed.join(", ")}`, pointer, ...hint }
}

/** The constants of a choice between nothing else; null: it is none. */
function choiceOf({ keyword, schema }: ErrorObject): readonly unknown[] | null {
  if (keyword !== "anyOf" || !Array.isArray(schema)) return null
  const branches = schema as readonly { readonly const?: unknown }[]
  return branches.every((branch) => branch.const !== undefined) ? branches.map((branch) => branch.const) : null
}

function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1")
}
