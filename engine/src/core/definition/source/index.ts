/** The way from a definition's text to JSON with positions. Reads, bounds and refuses; knows nothing of the language. */
export { readJsonSource, readParsedSource } from "./json-source.ts"
export {
  type Place,
  type Position,
  SOURCE_LIMITS,
  type SourceDocument,
  type SourceProblem,
  type SourceReading,
} from "./source.ts"
export { readYamlSource } from "./yaml-source.ts"
