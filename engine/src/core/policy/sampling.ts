/**
 * Sampling of workflows that run very often (V6; 003, "Sampling"): of their completed runs one in so many is kept, and how
 * many were not is counted. Which one is a matter of its id alone, so the choice is the same whoever makes it and whenever.
 * What says more than that it went well is never sampled away: the store leaves out what failed, what a person had to do
 * with, and what has relatives.
 */
import { isJsonObject, type Json, type JsonObject } from "../json.ts"

export interface Sampling {
  /** Hours from a run's end; 0: as soon as it was counted. */
  readonly afterHours: number
  /** The first that fits is the one. */
  readonly rules: readonly SamplingRule[]
}

export interface SamplingRule {
  /** A workflow's id; a star at its end stands for any text. */
  readonly workflow: string
  /** At least 2. */
  readonly keepOneIn: number
}

const rulesMax = 100
const keepOneInMax = 1_000_000
const afterHoursMax = 8_760

type Problem = { readonly pointer: string; readonly message: string }

/** What is wrong with it, each with its place; null is right: nothing is sampled. */
export function samplingProblems(written: Json): readonly Problem[] {
  if (written === null) return []
  if (!isJsonObject(written)) return [{ pointer: "/sampling", message: "an object of afterHours and rules, or null" }]
  const { afterHours, rules } = written
  const problems = unknownNames(written, ["afterHours", "rules"], "/sampling")
  if (!isWhole(afterHours, 0, afterHoursMax))
    problems.push({ pointer: "/sampling/afterHours", message: `whole hours from 0 to ${afterHoursMax}` })
  if (!Array.isArray(rules) || rules.length === 0 || rules.length > rulesMax)
    return [...problems, { pointer: "/sampling/rules", message: `a list of 1 to ${rulesMax} rules` }]
  return [...problems, ...rules.flatMap((rule, index) => ruleProblems(rule as Json, `/sampling/rules/${index}`))]
}

function ruleProblems(rule: Json, pointer: string): readonly Problem[] {
  if (!isJsonObject(rule)) return [{ pointer, message: "an object of workflow and keepOneIn" }]
  const problems = unknownNames(rule, ["workflow", "keepOneIn"], pointer)
  const { workflow, keepOneIn } = rule
  if (typeof workflow !== "string" || workflow === "" || !/^[^*]{0,256}\*?$/.test(workflow))
    problems.push({ pointer: `${pointer}/workflow`, message: "a workflow's id, or the beginning of one and a star" })
  if (!isWhole(keepOneIn, 2, keepOneInMax))
    problems.push({ pointer: `${pointer}/keepOneIn`, message: `a whole number from 2 to ${keepOneInMax}` })
  return problems
}

function unknownNames(object: JsonObject, known: readonly string[], pointer: string): Problem[] {
  const unknown = Object.keys(object).filter((name) => !known.includes(name))
  return unknown.map((name) => ({
    pointer: `${pointer}/${name}`,
    message: `there is no ${name}; known: ${known.join(", ")}`,
  }))
}

function isWhole(value: Json | undefined, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most
}

/** True when a run that ended well is not one of those that are kept. */
export function isSampledAway(
  { rules }: Sampling,
  run: { readonly runId: string; readonly workflowId: string },
): boolean {
  const rule = rules.find(({ workflow }) => fits(workflow, run.workflowId))
  return rule !== undefined && fnv1a(run.runId) % rule.keepOneIn !== 0
}

function fits(pattern: string, workflowId: string): boolean {
  return pattern.endsWith("*") ? workflowId.startsWith(pattern.slice(0, -1)) : workflowId === pattern
}

/** Spreads ids evenly that begin alike (Fowler, Noll, Vo: FNV-1a, 32 bit). */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
