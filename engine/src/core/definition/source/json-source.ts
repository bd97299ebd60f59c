/** A definition written in JSON, or one that already is JSON and has no text. */
import type { Json } from "../../json.ts"
import { lineAndColumn, parseJsonWithPositions } from "../../json-parser.ts"
import { checkJson } from "../../json-reader.ts"
import { SOURCE_LIMITS, type SourceReading } from "./source.ts"
import { rawOffset } from "./text-offset.ts"

export function readJsonSource(text: string): SourceReading {
  const read = parseJsonWithPositions(text, SOURCE_LIMITS)
  if (!read.ok) {
    const { code, message, pointer, hint, line, column } = read.problem
    const position = line !== undefined && column !== undefined ? { line, column } : null
    return {
      document: null,
      problems: [{ code: code === "not_json" ? "json_syntax" : code, message, pointer, hint, position }],
    }
  }
  const { value, positions } = read
  return {
    document: {
      value,
      locate({ pointer, part, offset }) {
        const found = positions.get(pointer)
        if (!found) return null
        if (part === "key" && found.key !== null) return lineAndColumn(text, found.key)
        const inside = offset === undefined ? 0 : rawOffset(text.slice(found.value, found.end), "double", offset)
        return lineAndColumn(text, found.value + inside)
      },
    },
    problems: [],
  }
}

export function readParsedSource(value: Json): SourceReading {
  const problem = checkJson(value, SOURCE_LIMITS)
  if (!problem) return { document: { value, locate: () => null }, problems: [] }
  const { code, message, pointer, hint } = problem
  return {
    document: null,
    problems: [{ code: code === "not_json" ? "json_syntax" : code, message, pointer, hint, position: null }],
  }
}
