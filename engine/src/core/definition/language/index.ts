/**
 * The published JSON Schema of the language: editors complete and explain by it (`# yaml-language-server: $schema=…`).
 * It says less than the checker — no routes, no expressions, no reads — and never refuses what the checker accepts,
 * except spellings of other languages, which are read but not recommended. Written to docs/reference by a script.
 */
import type { JsonObject } from "../../json.ts"
import { anything, choice, closed, list, ref, seconds, text, whole } from "./parts.ts"
import { SHARED } from "./shared.ts"
import { STATE, STATES } from "./states.ts"

const workflow = closed(
  "A Waybill workflow.",
  {
    $schema: text("The schema of this file, for editors."),
    dsl: text("The version of the language.", { pattern: "^1(\\.0(\\.[0-9]+)?)?$" }),
    id: text("The stable id: letters, digits, `.`, `_`, `-`.", { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$" }),
    version: text("Your label for this version; versions are counted besides.", { default: "1.0" }),
    name: text("The name shown to people."),
    description: text("What it is for."),
    inputSchema: ref("schema", "What a run is started with; its defaults are filled in."),
    output: closed("The run's output. Absent: the last state's result.", {
      schema: ref("schema", "What it must be."),
      as: anything("A template of it."),
    }),
    start: ref("target", "The first state; by default the first in the list."),
    states: ref("states"),
    timeoutSeconds: seconds("The time of the whole run."),
    tags: list("Tags of every run.", { type: "string" }, { maxItems: 50 }),
    metadata: { type: "object", description: "Anything; the engine does not look at it." },
    use: closed("Parts used by name.", { retries: ref("useRetries"), schemas: ref("useSchemas") }),
    businessEventId: ref("template", "The id of the business event a run belongs to."),
    idempotency: closed(
      "Starts with the same key are one run.",
      {
        key: ref("template", "The key."),
        ttlSeconds: seconds("How long the key is remembered. Default a day."),
        onConflict: choice("Answer with the first run, or refuse.", ["return", "reject"], "return"),
      },
      ["key"],
    ),
    concurrency: closed(
      "How many runs go on at once.",
      {
        key: ref("template", "Runs with the same key count together."),
        limit: whole("How many.", 1, 100_000),
        onLimit: choice("What happens to one more.", ["queue", "cancelNew", "cancelRunning"], "queue"),
      },
      ["key", "limit"],
    ),
    effectiveness: closed("What a run was worth: expressions over its output.", {
      firstPassSuccess: ref("expression", "True when it was right the first time."),
      accuracy: ref("expression", "From 0 to 1."),
      throughputDelta: ref("expression", "Against the baseline."),
    }),
  },
  ["id", "states"],
)

const stateSchemas = Object.fromEntries(Object.entries(STATES).map(([name, schema]) => [`state.${name}`, schema]))

export const LANGUAGE_SCHEMA: JsonObject = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Waybill workflow",
  ...workflow,
  $defs: { ...SHARED, state: STATE, ...stateSchemas },
}
