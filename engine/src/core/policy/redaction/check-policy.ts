/** A policy as somebody wrote it: all that is wrong with it, each with its place and what would be right. */
import { isJsonObject, type Json } from "../../json.ts"
import { type DetectorName, detectorNames } from "./detectors.ts"
import { parseFieldPath } from "./field-path.ts"
import { isLabel } from "./marker.ts"
import {
  type FieldRule,
  type RedactionKind,
  type RedactionMethod,
  type RedactionPolicy,
  redactionKinds,
  redactionMethods,
} from "./policy.ts"

export interface PolicyProblem {
  /** JSON pointer. */
  readonly pointer: string
  readonly message: string
}

export type CheckedPolicy =
  | { readonly ok: true; readonly policy: RedactionPolicy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] }

const fieldsMax = 500

export function checkPolicy(written: Json): CheckedPolicy {
  const problems: PolicyProblem[] = []
  const say = (pointer: string, message: string) => void problems.push({ pointer, message })
  if (!isJsonObject(written)) return { ok: false, problems: [{ pointer: "", message: "a policy is an object" }] }
  unknownNames(written, ["detectors", "fields"], "", say)
  const policy = {
    detectors: detectorsOf(written.detectors ?? {}, say),
    fields: fieldsOf(written.fields ?? [], say),
  }
  return problems.length === 0 ? { ok: true, policy } : { ok: false, problems }
}

type Say = (pointer: string, message: string) => void

function detectorsOf(written: Json, say: Say): RedactionPolicy["detectors"] {
  if (!isJsonObject(written)) {
    say("/detectors", "an object of a detector's name and its method")
    return {}
  }
  unknownNames(written, detectorNames, "/detectors", say)
  for (const [name, method] of Object.entries(written)) oneOf(method, redactionMethods, `/detectors/${name}`, say)
  return written as { readonly [name in DetectorName]?: RedactionMethod }
}

function fieldsOf(written: Json, say: Say): readonly FieldRule[] {
  if (!Array.isArray(written)) {
    say("/fields", "a list of rules")
    return []
  }
  if (written.length > fieldsMax) say("/fields", `at most ${fieldsMax} rules`)
  written.slice(0, fieldsMax).forEach((rule, index) => {
    checkRule(rule as Json, `/fields/${index}`, say)
  })
  return written as readonly FieldRule[]
}

function checkRule(rule: Json, pointer: string, say: Say): void {
  if (!isJsonObject(rule)) return say(pointer, "a rule is an object with `path` and `method`")
  unknownNames(rule, ["path", "method", "in", "label"], pointer, say)
  oneOf(rule.method, redactionMethods, `${pointer}/method`, say)
  if (typeof rule.path !== "string") say(`${pointer}/path`, "a path like `customer.email` or `**.password`")
  else {
    const path = parseFieldPath(rule.path)
    if ("message" in path) say(`${pointer}/path`, `at character ${path.at + 1}: ${path.message}`)
    else if (path.every((name) => name === "**")) say(`${pointer}/path`, "`**` alone would be everything: name a field")
  }
  if (rule.in !== undefined) {
    if (!Array.isArray(rule.in)) say(`${pointer}/in`, `a list of ${redactionKinds.join(", ")}`)
    else
      rule.in.forEach((kind, index) => {
        oneOf(kind as RedactionKind, redactionKinds, `${pointer}/in/${index}`, say)
      })
  }
  if (rule.label !== undefined && !(typeof rule.label === "string" && isLabel(rule.label)))
    say(`${pointer}/label`, "1 to 32 of a–z, 0–9 and _")
}

function oneOf(value: Json | undefined, words: readonly string[], pointer: string, say: Say): void {
  if (typeof value !== "string" || !words.includes(value)) say(pointer, `one of ${words.join(", ")}`)
}

function unknownNames(object: { readonly [name: string]: Json }, known: readonly string[], pointer: string, say: Say) {
  for (const name of Object.keys(object))
    if (!known.includes(name))
      say(`${pointer}/${name}`, `there is no ${JSON.stringify(name)}; known: ${known.join(", ")}`)
}
