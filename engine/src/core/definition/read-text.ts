/**
 * A text as an environment would read it: parsed, checked against the agents it knows, and hashed. Plain data in and plain
 * data out, so that it can be done on another thread (rule 30).
 */
import type { SchemaCompiler } from "../schema/types.ts"
import type { AgentCatalogue } from "./check/agents.ts"
import { definitionHash } from "./definition-hash.ts"
import { type ParsedDefinition, parseDefinition } from "./parse.ts"

/** The agents that a text may name: `name` for those of its environment, `name@environment` for others. */
export interface KnownAgents {
  readonly environment: string
  readonly agents: readonly { readonly name: string; readonly environment: string }[]
}

export interface DefinitionText {
  readonly text: string
  readonly format: "yaml" | "json"
  /** Shown in problems. */
  readonly file: string | null
  /** Null: names of agents are not checked. */
  readonly agents: KnownAgents | null
}

export interface DefinitionRead extends ParsedDefinition {
  /** Of the content; null when the text cannot be read. */
  readonly hash: string | null
}

export interface ReadingTools {
  readonly compileSchema: SchemaCompiler
  readonly sha256: (text: string) => Uint8Array
}

export function readDefinitionText(asked: DefinitionText, { compileSchema, sha256 }: ReadingTools): DefinitionRead {
  const { text, format, file, agents } = asked
  const parsed = parseDefinition(text, {
    format,
    ...(file === null ? {} : { file }),
    compileSchema,
    agents: agents === null ? null : catalogueOf(agents),
    unknownAgent: "error",
  })
  return { ...parsed, hash: parsed.document === null ? null : definitionHash(parsed.document, sha256) }
}

function catalogueOf({ environment, agents }: KnownAgents): AgentCatalogue {
  return {
    find(name) {
      const [plain, other] = splitAgentName(name)
      return agents.find((agent) => agent.name === plain && agent.environment === (other ?? environment)) ?? null
    },
    names: agents.filter((agent) => agent.environment === environment).map((agent) => agent.name),
  }
}

/** `name@environment` → its two parts. */
function splitAgentName(name: string): [string, string | null] {
  const at = name.lastIndexOf("@")
  return at <= 0 ? [name, null] : [name.slice(0, at), name.slice(at + 1)]
}
