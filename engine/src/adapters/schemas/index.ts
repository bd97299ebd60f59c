/** Users' JSON Schemas and definitions: validators, and the thread that reads what is long. */
export { DefinitionThread } from "./definition-thread.ts"
export { createJsonSchemas, type JsonSchemas } from "./json-schemas.ts"
