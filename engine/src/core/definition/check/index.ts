/**
 * What can be said about a definition only when all of it is read: routes, names, agents, schemas. It says what cannot
 * work as errors and what may not as warnings, never guesses, and changes nothing. Types do not flow here.
 */
import type { SchemaCompiler } from "../../schema/types.ts"
import type { Definition } from "../model.ts"
import type { Reading } from "../read/reading.ts"
import { type AgentCatalogue, checkAgents } from "./agents.ts"
import { checkReads } from "./reads.ts"
import { checkRoutes } from "./routes.ts"
import { checkSchemas } from "./schemas.ts"
import { checkSettings } from "./settings.ts"
import { checkShadowing } from "./shadowing.ts"

export interface CheckOptions {
  readonly compileSchema?: SchemaCompiler
  readonly agents?: AgentCatalogue | null
  readonly unknownAgent?: "error" | "warning"
}

export function checkDefinition(reading: Reading, definition: Definition, options: CheckOptions): void {
  checkRoutes(reading, definition)
  checkSettings(reading, definition)
  checkSchemas(reading, options.compileSchema)
  checkShadowing(reading, definition)
  checkReads(reading, definition)
  if (options.agents) checkAgents(reading, definition, options.agents, options.unknownAgent ?? "error")
}
