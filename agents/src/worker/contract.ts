/**
 * What a module offers, read by its shape: nobody has to import anything of ours to write an agent (dsl §5). It gives
 * the contract whose hash a run pins (rule 21), or the reason why the module is no agent.
 */
import { createHash } from "node:crypto"
import { isJsonObject, type Json, type JsonObject } from "@waybill/engine/core/json"
import { checkJson } from "@waybill/engine/core/json-reader"

export interface LoadedAgent {
  readonly name: string
  readonly description: string | null
  readonly inputSchema: JsonObject | null
  readonly outputSchema: JsonObject | null
  readonly contractHash: string
  readonly run: (input: Json, context: unknown) => unknown
}

export class ShapeError extends Error {
  readonly code: "agent_shape" | "agent_schema"

  constructor(code: "agent_shape" | "agent_schema", message: string) {
    super(message)
    this.code = code
  }
}

const schemaCharsMax = 256 << 10
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

/** `fileName` without its folder: `triage.agent.ts` gives the name `triage` unless the agent says another. */
export function readAgent(module: unknown, fileName: string): LoadedAgent {
  const definition = agentObject(module)
  const run = definition.run
  if (typeof run !== "function") {
    throw new ShapeError("agent_shape", "The default export has no function `run(input, ctx)`.")
  }
  const name = definition.name ?? fileName.replace(/\.agent\.[a-z]+$/, "")
  if (typeof name !== "string" || !namePattern.test(name)) {
    throw new ShapeError("agent_shape", `An agent's name is letters, digits, ".", "_" and "-": ${String(name)} is not.`)
  }
  const description = definition.description ?? null
  if (description !== null && typeof description !== "string") {
    throw new ShapeError("agent_shape", "An agent's `description` is text.")
  }
  const inputSchema = readSchema(definition.inputSchema, "inputSchema")
  const outputSchema = readSchema(definition.outputSchema, "outputSchema")
  const contractHash = sha256(canonical({ name, inputSchema, outputSchema }))
  return {
    name,
    description,
    inputSchema,
    outputSchema,
    contractHash,
    run: (input, context) => run.call(definition, input, context),
  }
}

/** `export default {…}`, `module.exports = {…}`, or a default inside a default, as mixed module systems make it. */
function agentObject(module: unknown): Record<string, unknown> {
  for (let value = module, depth = 0; isRecord(value) && depth < 3; depth++) {
    if (typeof value.run === "function" || !isRecord(value.default)) return value
    value = value.default
  }
  throw new ShapeError("agent_shape", "The file has no default export `{ run(input, ctx) { … } }`.")
}

function readSchema(value: unknown, property: string): JsonObject | null {
  if (value === undefined || value === null) return null
  let plain: unknown
  try {
    // Schema builders hang symbols and hidden fields on their schemas; the JSON of it is what is meant.
    plain = JSON.parse(JSON.stringify(value))
  } catch {
    throw new ShapeError("agent_schema", `\`${property}\` is not JSON.`)
  }
  if (!isJsonObject(plain)) throw new ShapeError("agent_schema", `\`${property}\` is not a JSON Schema object.`)
  const problem = checkJson(plain, { lengthMax: schemaCharsMax })
  if (problem === null) return plain
  throw new ShapeError("agent_schema", `\`${property}\` is refused at "${problem.pointer}": ${problem.message}.`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null
}

/** JSON with sorted keys: two files that say the same in another order have one contract. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (!isJsonObject(value)) return JSON.stringify(value)
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`)
  return `{${members.join(",")}}`
}

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex")
}
