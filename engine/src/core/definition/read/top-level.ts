/** The fields of the workflow itself (004 §3.1, dsl.md §7). */
import { canonicalJson } from "../../canonical-json.ts"
import type { JsonObject } from "../../json.ts"
import type { Definition, State, Template } from "../model.ts"
import { walkStates } from "../walk.ts"
import { readStates } from "./block.ts"
import { FieldReader, type Node } from "./field-reader.ts"
import { asId } from "./names.ts"
import type { Reading } from "./reading.ts"
import { readRetryPolicy } from "./retry.ts"
import { readSchema, readSharedSchemas } from "./schema.ts"

/** Fields that later releases carry out (settled 17). */
const LATER = [
  "budget",
  "toolPolicy",
  "repair",
  "schedule",
  "triggers",
  "dataPolicy",
  "searchAttributes",
  "onFailure",
] as const
const DEFAULT_VERSION = "1.0"
const DEFAULT_TTL_MS = 24 * 60 * 60 * 1000
const TAGS_MAX = 50
/** The version of the language that this release reads. */
const LANGUAGE = /^1(\.0(\.\d+)?)?$/

export function readDefinition(reading: Reading, node: Node): Definition {
  const fields = new FieldReader(reading.report, node, "a workflow")
  readUse(reading, fields)
  fields.string("$schema")
  const dsl = readLanguage(reading, fields)
  const idNode = fields.required("id")
  const id = (idNode && asId(reading, fields, idNode)) ?? ""
  const versionNode = fields.take("version")
  const version =
    versionNode &&
    fields.asString(
      versionNode,
      typeof versionNode.value === "number"
        ? 'A version is a label: put it in quotes, such as version: "1.0".'
        : undefined,
    )
  const metadataNode = fields.take("metadata")
  const head = {
    dsl,
    id,
    version: version ?? DEFAULT_VERSION,
    name: fields.string("name") ?? id,
    description: fields.string("description"),
    inputSchema: readSchema(reading, fields, "inputSchema"),
    output: readOutput(reading, fields),
    timeoutMs: fields.milliseconds("timeoutSeconds"),
    tags: readTags(reading, fields),
    metadata: metadataNode && reading.asObject(fields, metadataNode),
    businessEventId: reading.textTemplate(fields, "businessEventId"),
    idempotency: readIdempotency(reading, fields),
    concurrency: readConcurrency(reading, fields),
    effectiveness: readEffectiveness(reading, fields),
  }
  const block = readStates(reading, fields, { isTop: true })
  fields.later(LATER)
  fields.close((name) =>
    name === "context" || name === "input" ? "A run's input is described by `inputSchema`." : undefined,
  )
  const states = [...walkStates(block)].map(({ state }) => state)
  return { ...head, block, agents: literalAgents(states), signalSchemas: signalSchemas(reading, states) }
}

/** The JSON pointer of the whole is the empty one; shared parts are read first, whatever the order in the text. */
function readUse(reading: Reading, fields: FieldReader): void {
  const inside = fields.object("use", "`use`")
  if (!inside) return
  readSharedSchemas(reading, inside.entries("schemas"), inside)
  for (const [name, node] of inside.entries("retries"))
    reading.retries.set(name, readRetryPolicy(reading, inside, node))
  inside.close()
}

function readLanguage(reading: Reading, fields: FieldReader): string | null {
  const dsl = fields.string("dsl")
  if (dsl === null || LANGUAGE.test(dsl)) return dsl
  reading.report.error("invalid_value", fields.place("dsl"), "this release reads version 1.0 of the language", {
    expected: "1.0",
    actual: dsl,
    hint: 'Write dsl: "1.0", or leave it out.',
  })
  return dsl
}

function readOutput(reading: Reading, fields: FieldReader): Definition["output"] {
  const inside = fields.object("output", "`output`")
  if (!inside) return null
  const output = { schema: readSchema(reading, inside, "schema"), as: reading.template(inside, "as") }
  inside.close()
  return output
}

function readTags(reading: Reading, fields: FieldReader): readonly string[] {
  const tags = fields.strings("tags") ?? []
  if (tags.length > TAGS_MAX)
    reading.report.error("invalid_value", fields.place("tags"), `a workflow has at most ${TAGS_MAX} tags`, {
      actual: tags.length,
    })
  return [...new Set(tags)]
}

function readIdempotency(reading: Reading, fields: FieldReader): Definition["idempotency"] {
  const inside = fields.object("idempotency", "`idempotency`")
  if (!inside) return null
  const key = requiredKey(reading, inside)
  const ttlMs = inside.milliseconds("ttlSeconds") ?? DEFAULT_TTL_MS
  const onConflict = inside.oneOf("onConflict", ["return", "reject"]) ?? "return"
  inside.close()
  return key && { key, ttlMs, onConflict }
}

function readConcurrency(reading: Reading, fields: FieldReader): Definition["concurrency"] {
  const inside = fields.object("concurrency", "`concurrency`")
  if (!inside) return null
  const key = requiredKey(reading, inside)
  if (!inside.has("limit")) inside.missing("limit", "How many runs may hold the same key at once.")
  const limit = inside.integer("limit", { min: 1, max: 100_000 }) ?? 1
  const onLimit = inside.oneOf("onLimit", ["queue", "cancelNew", "cancelRunning"]) ?? "queue"
  inside.close()
  return key && { key, limit, onLimit }
}

function requiredKey(reading: Reading, inside: FieldReader): Template | null {
  if (!inside.has("key")) inside.missing("key", "A template, for example {{ ctx.orderId }}.")
  return reading.textTemplate(inside, "key")
}

function readEffectiveness(reading: Reading, fields: FieldReader): Definition["effectiveness"] {
  const inside = fields.object("effectiveness", "`effectiveness`")
  if (!inside) return null
  const effectiveness = {
    firstPassSuccess: reading.condition(inside, "firstPassSuccess"),
    accuracy: reading.condition(inside, "accuracy"),
    throughputDelta: reading.condition(inside, "throughputDelta"),
  }
  inside.close()
  return effectiveness
}

function literalAgents(states: readonly State[]): readonly string[] {
  const names = new Set<string>()
  for (const state of states) {
    if (state.type !== "operation" || state.action !== "agent.run" || state.agent.kind !== "literal") continue
    if (typeof state.agent.value === "string" && state.agent.value !== "") names.add(state.agent.value)
  }
  return [...names]
}

/** A signal's schema holds at the door when the definition declares it once, or always alike (rule 22). */
function signalSchemas(reading: Reading, states: readonly State[]): Definition["signalSchemas"] {
  const schemas = new Map<string, JsonObject>()
  const conflicting = new Set<string>()
  for (const state of states) {
    if (
      state.type !== "listen" ||
      !state.schema ||
      state.signal.kind !== "literal" ||
      typeof state.signal.value !== "string"
    )
      continue
    const name = state.signal.value
    const first = schemas.get(name)
    if (!first) schemas.set(name, state.schema)
    else if (canonicalJson(first) !== canonicalJson(state.schema)) {
      conflicting.add(name)
      const hint =
        "The signal is then checked where it is received, not where it is sent; use one schema under `use.schemas`."
      reading.report.warning(
        "signal_schema_conflict",
        { pointer: `${reading.originOf(state)}/schema` },
        `the signal \`${name}\` is declared with different schemas`,
        { actual: name, hint },
      )
    }
  }
  for (const name of conflicting) schemas.delete(name)
  return schemas
}
