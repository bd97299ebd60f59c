/** Validators for users' JSON Schemas. */
export { createJsonSchemas, type JsonSchemas } from "./json-schemas.ts"
