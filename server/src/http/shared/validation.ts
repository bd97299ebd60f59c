/**
 * Requests against their schemas: bodies strictly, parameters with text turned into numbers and booleans.
 * Compiled once, when first asked for. All findings at once, unknown names with the nearest known one.
 */
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js"
import type { FastifyInstance, FastifySchemaValidationError } from "fastify"
import { schemaFindings } from "../../schema-findings.ts"
import type { LateSchemas } from "./late-schemas.ts"
import { ProblemError } from "./problem.ts"

const FINDINGS_MAX = 20

/** Marks a body's schema as documentation: a reader with positions checks it (definitions). */
export const CHECKED_ELSEWHERE = "x-checked-by-reader"

export function validateRequests(app: FastifyInstance, late: LateSchemas): void {
  const common = {
    allErrors: true,
    verbose: true,
    strict: false,
    ownProperties: true,
    formats: { "date-time": true },
    // Our own schemas: the tests hold the document that is made of them against its metaschema, no start has to.
    meta: false,
    validateSchema: false,
  } as const
  const bodies = new Ajv2020(common)
  const parameters = new Ajv2020({ ...common, coerceTypes: true, useDefaults: true })
  app.setValidatorCompiler<object>(({ schema, httpPart }) => {
    if (Object.hasOwn(schema, CHECKED_ELSEWHERE)) return () => true
    const get = late.later<ValidateFunction>(() => (httpPart === "body" ? bodies : parameters).compile(schema))
    const check = (values: unknown) => get()(values)
    return Object.defineProperty(check, "errors", { get: () => get().errors }) as ValidateFunction
  })
  // A body of which nothing is required need not be sent; of one that has to be, all that is missing is said.
  app.addHook("preValidation", (request, _reply, done) => {
    if (request.body === undefined && isOurs(request.routeOptions.schema?.body)) request.body = {}
    done()
  })
  app.setSchemaErrorFormatter((errors, part) => invalidRequest(errors, part))
}

/** A definition comes in one of several types, and there is no such thing as an empty one. */
function isOurs(body: unknown): boolean {
  return (
    typeof body === "object" &&
    body !== null &&
    !Object.hasOwn(body, CHECKED_ELSEWHERE) &&
    !Object.hasOwn(body, "content")
  )
}

function invalidRequest(errors: FastifySchemaValidationError[], part: string): ProblemError {
  const noun = part === "querystring" ? "parameter" : "field"
  const findings = schemaFindings(errors as unknown as ErrorObject[], noun, FINDINGS_MAX)
  const first = findings[0]
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : ""
  return new ProblemError("invalid_request", `${part}${first?.pointer ?? ""}: ${first?.message ?? "invalid"}${more}`, {
    errors: findings,
  })
}
