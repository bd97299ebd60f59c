/** Validators for users' JSON Schemas. */
export { type AjvSchemas, createAjvSchemas } from "./ajv.ts"
