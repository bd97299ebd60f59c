/**
 * How a body becomes a value: UTF-8, at most 4 MiB, through the one lossless reader (rule 23). Nothing else parses.
 * Definitions stay text, because their own reader knows lines and columns.
 */
import { isUtf8 } from "node:buffer"
import { type JsonProblem, readJson } from "@waybill/engine"
import type { FastifyInstance, FastifyRequest } from "fastify"
import { ProblemError } from "./problem.ts"

export const BODY_BYTES_MAX = 4 * 1024 * 1024

type Done = (error: Error | null, body?: unknown) => void

/** A definition as it came; its reader answers with all problems at once. */
export interface DefinitionText {
  readonly format: "json" | "yaml"
  readonly text: string
}

export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body: Buffer, done: Done) => {
    const text = textOf(request, body)
    if (text instanceof Error) return done(text)
    if (text === null) return done(null, undefined)
    const read = readJson(text)
    return read.ok ? done(null, read.value) : done(malformed(read.problem))
  })
}

/** For the routes of one scope whose body is a workflow definition. */
export function readDefinitions(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  const parser = (format: DefinitionText["format"]) => (request: FastifyRequest, body: Buffer, done: Done) => {
    const text = textOf(request, body)
    if (text instanceof Error) return done(text)
    return done(null, text === null ? undefined : ({ format, text } satisfies DefinitionText))
  }
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, parser("json"))
  app.addContentTypeParser("application/yaml", { parseAs: "buffer" }, parser("yaml"))
}

/** Null = there is no body. */
function textOf(request: FastifyRequest, body: Buffer): string | null | ProblemError {
  const encoding = request.headers["content-encoding"]
  if (encoding !== undefined && encoding !== "identity") {
    return new ProblemError("unsupported_media_type", `bodies are read plain, not in ${JSON.stringify(encoding)}`)
  }
  if (body.length === 0) return null
  if (!isUtf8(body)) return new ProblemError("malformed_json", "the body is not UTF-8")
  const text = body.toString("utf8")
  request.bodyText = text
  return text
}

function malformed(problem: JsonProblem): ProblemError {
  const place = problem.line === undefined ? "" : ` (line ${problem.line}, column ${problem.column})`
  return new ProblemError("malformed_json", `${problem.message}${place}`, {
    errors: [
      {
        code: problem.code,
        message: problem.message,
        pointer: problem.pointer,
        ...(problem.line !== undefined && { line: problem.line, column: problem.column ?? null }),
        ...(problem.hint !== undefined && { hint: problem.hint }),
      },
    ],
  })
}
