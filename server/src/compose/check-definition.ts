/**
 * The checker as the command line uses it without a server: the same reading as sync and the API, with real schema
 * compilation. It runs nothing: agents are known by their files' names alone, never loaded.
 */
import { createJsonSchemas } from "@waybill/engine/adapters/schemas/index"
import { type ParsedDefinition, parseDefinition } from "@waybill/engine/core/definition/index"

export interface CheckRequest {
  readonly text: string
  /** Shown in problems; its ending says whether it is JSON or YAML. */
  readonly file: string
  /** Names of the environment's agents; null: they are not checked. */
  readonly agents: readonly string[] | null
}

const schemas = createJsonSchemas()

export function checkDefinition({ text, file, agents }: CheckRequest): ParsedDefinition {
  return parseDefinition(text, {
    file,
    compileSchema: schemas.compile,
    agents: agents === null ? null : { names: agents, find: (name) => findAgent(agents, name) },
    // A file may give its agent another name; only the server, which loads it, knows for sure.
    unknownAgent: "warning",
  })
}

/** An agent of another environment, `name@environment`, is not at hand and taken as there. */
function findAgent(agents: readonly string[], name: string) {
  return agents.includes(name) || name.includes("@") ? { name } : null
}
