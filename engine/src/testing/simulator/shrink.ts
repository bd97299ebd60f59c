/** Makes a failing seed small: faults and states are taken away one by one as long as something is still wrong. */
import { parseDefinitionDocument } from "../../core/definition/index.ts"
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts"
import { type Fault, type Faults, noFaults, without } from "./faults.ts"
import type { RandomDefinitions } from "./random-definition.ts"
import { type SimulationResult, simulate } from "./simulation.ts"

/** How many smaller worlds are tried. */
const triesMax = 300

export async function shrink(failed: SimulationResult): Promise<SimulationResult> {
  let smallest = failed
  let tries = 0
  const attempt = async (faults: Faults, definitions: RandomDefinitions): Promise<boolean> => {
    if (++tries > triesMax) return false
    const result = await simulate({ seed: failed.seed, faults, definitions })
    if (result.problems.length === 0) return false
    smallest = result
    return true
  }
  for (const fault of Object.keys(noFaults) as Fault[])
    await attempt(without(smallest.faults, fault), smallest.definitions)
  for (let smaller = true; smaller && tries <= triesMax; ) {
    smaller = false
    for (const definitions of withoutOneState(smallest.definitions)) {
      smaller = await attempt(smallest.faults, definitions)
      if (smaller) break
    }
  }
  return smallest
}

/** Every definition that is left when one state goes, and is still valid. */
function* withoutOneState(definitions: RandomDefinitions): Generator<RandomDefinitions> {
  const { documents, input } = definitions
  for (const [at, document] of documents.entries()) {
    for (const smaller of blocksWithout(document)) {
      if (!isJsonObject(smaller) || parseDefinitionDocument(smaller).definition === null) continue
      yield { documents: documents.map((other, index) => (index === at ? smaller : other)), input }
    }
  }
}

/** Every copy of a value with one state of one block inside it removed. */
function* blocksWithout(value: Json): Generator<Json> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      for (const smaller of blocksWithout(item)) yield value.map((other, at) => (at === index ? smaller : other))
    return
  }
  if (!isJsonObject(value)) return
  if (Array.isArray(value.states) && value.states.length > 1)
    for (const state of value.states as readonly JsonObject[]) yield { ...value, states: remove(value.states, state) }
  for (const [key, child] of Object.entries(value))
    for (const smaller of blocksWithout(child)) yield { ...value, [key]: smaller }
}

/** Whoever led to the state leads to where it led. */
function remove(states: readonly Json[], gone: JsonObject): Json[] {
  const to = gone.next ?? gone.defaultNext
  return states.filter((state) => state !== gone).map((state) => reroute(state, gone.name as string, to))
}

function reroute(value: Json, name: string, to: Json | undefined): Json {
  if (Array.isArray(value)) return value.map((item) => reroute(item, name, to))
  if (!isJsonObject(value)) return value
  const result: Record<string, Json> = {}
  for (const [key, child] of Object.entries(value)) {
    if ((key !== "next" && key !== "defaultNext") || child !== name)
      result[key] = key === "states" ? child : reroute(child, name, to)
    else if (to !== undefined) result[key] = to
  }
  return result
}
