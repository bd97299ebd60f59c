/**
 * From a definition's text to the model, with everything that is wrong with it at once (dsl.md §1). The same reading
 * serves the command line, sync, the API and the editor. It runs nothing and asks nobody: agents and the compiler of
 * schemas are handed in.
 */
import type { Json } from "../json.ts"
import { isJsonObject } from "../json.ts"
import type { SchemaCompiler } from "../schema/types.ts"
import type { AgentCatalogue } from "./check/agents.ts"
import { checkDefinition } from "./check/index.ts"
import { checkSecrets } from "./check/secrets.ts"
import type { Definition } from "./model.ts"
import type { Problem } from "./problem.ts"
import { Reading } from "./read/reading.ts"
import { Report } from "./read/report.ts"
import { readState } from "./read/state.ts"
import { readDefinition } from "./read/top-level.ts"
import {
  readJsonSource,
  readParsedSource,
  readYamlSource,
  type SourceProblem,
  type SourceReading,
} from "./source/index.ts"

export interface ParseOptions {
  /** Shown in problems. */
  readonly file?: string
  /** Without it: JSON when the file's name or the text says so, else YAML. */
  readonly format?: "yaml" | "json"
  /** Without it schemas are read but not compiled. */
  readonly compileSchema?: SchemaCompiler
  /** The agents of the environment; without it names of agents are not checked. */
  readonly agents?: AgentCatalogue | null
  /** How bad an unknown agent is; an error unless said otherwise. */
  readonly unknownAgent?: "error" | "warning"
}

export interface ParsedDefinition {
  /** Null when there is at least one error. */
  readonly definition: Definition | null
  /** In the order of the text. */
  readonly problems: readonly Problem[]
  /** The definition as JSON, as it was written; null when the text itself cannot be read. */
  readonly document: Json
}

export function parseDefinition(text: string, options: ParseOptions = {}): ParsedDefinition {
  return parseSource(read(text, options.format ?? formatOf(options.file)), options)
}

/** The same for a definition that is JSON already; its problems have pointers but no lines. */
export function parseDefinitionDocument(document: Json, options: ParseOptions = {}): ParsedDefinition {
  return parseSource(readParsedSource(document), options)
}

function formatOf(file: string | undefined): "yaml" | "json" | null {
  if (file && /\.json$/i.test(file)) return "json"
  return file && /\.ya?ml$/i.test(file) ? "yaml" : null
}

/** Two bytes a character, read as if it were UTF-8: every other character is NUL. */
function isUtf16(text: string): boolean {
  return /^(?:\uFEFF|\uFFFD\uFFFD)?(?:[^\0]\0[^\0]\0|\0[^\0]\0[^\0])/.test(text)
}

const notUtf8: SourceProblem = {
  code: "invalid_text",
  message: "the text is UTF-16, and UTF-8 is read",
  pointer: "",
  position: { line: 1, column: 1 },
  hint: "Save the file as UTF-8.",
}

/** Text that begins with a brace is JSON; if it is not, it may be a flow mapping of YAML. */
function read(text: string, format: "yaml" | "json" | null): SourceReading {
  if (isUtf16(text)) return { document: null, problems: [notUtf8] }
  if (format === "yaml" || (format === null && !/^\uFEFF?\s*\{/.test(text))) return readYamlSource(text)
  const json = readJsonSource(text)
  if (format === "json" || json.problems[0]?.code !== "json_syntax") return json
  const yaml = readYamlSource(text)
  return yaml.problems.length === 0 ? yaml : json
}

function parseSource({ document, problems }: SourceReading, options: ParseOptions): ParsedDefinition {
  const report = new Report(options.file ?? null, (place) => document?.locate(place) ?? null)
  for (const problem of problems) report.source(problem)
  if (!document) return { definition: null, problems: report.problems, document: null }
  const { value } = document
  if (!isJsonObject(value) && problems.length > 0)
    return { definition: null, problems: report.problems, document: null }
  if (!isJsonObject(value)) {
    report.error("wrong_type", { pointer: "" }, "a workflow is an object with fields such as `id` and `states`", {
      expected: "object",
      actual: value,
    })
    return { definition: null, problems: report.problems, document: value }
  }
  const reading = new Reading(report, value, readState)
  const definition = readDefinition(reading, { value, pointer: "" })
  checkDefinition(reading, definition, options)
  checkSecrets(reading, value)
  return { definition: report.hasErrors ? null : definition, problems: report.problems, document: value }
}
