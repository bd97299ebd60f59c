/** Holds every answer of a test against the schema that the server's own OpenAPI document gives for it. */
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js"

interface Media {
  readonly schema?: object
}
interface Answer {
  readonly content?: Readonly<Record<string, Media>>
}
interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Answer>> }>>>
  >
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

/** What does not fit, in words; empty when all is well. `path`: without query. */
export type AnswerCheck = (method: string, path: string, status: number, body: unknown) => readonly string[]

/** `openApi`: the document as /openapi.json gives it. */
export function answerCheck(openApi: unknown): AnswerCheck {
  const document = openApi as Document
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    formats: { "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/ },
  })
  ajv.addSchema({ $id: "doc", components: document.components })
  const compiled = new Map<string, ValidateFunction>()
  return (method, path, status, body) => {
    const found = Object.keys(document.paths)
      .filter((template) => new RegExp(`^${template.replace(/\{[^}]+\}/g, "[^/]+")}$`).test(path))
      // A word in the template stands above a parameter.
      .sort((a, b) => a.split("{").length - b.split("{").length)[0]
    const answers = found === undefined ? undefined : document.paths[found]?.[method.toLowerCase()]?.responses
    const content = (answers?.[status] ?? answers?.default)?.content
    const schema = content?.["application/json"]?.schema ?? content?.["application/problem+json"]?.schema
    if (schema === undefined) return body === null ? [] : [`${method} ${path}: no schema for ${status}`]
    const key = `${method} ${found} ${status}`
    const validate = compiled.get(key) ?? ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"doc#/')))
    compiled.set(key, validate)
    return validate(body) ? [] : (validate.errors ?? []).map((error) => `${key}${error.instancePath}: ${error.message}`)
  }
}
