/**
 * How a request goes out and an answer comes in: one deadline a request, a refusal as `ProblemError`, a server that does
 * not answer as `UnreachableError`. It knows no route.
 */
import type { Problem } from "@waybill/contract"
import { authHeaders, type ClientOptions, ProblemError, UnreachableError } from "./connection.ts"

export type Query = { readonly [name: string]: string | number | boolean | readonly string[] | null | undefined }

/** The same key again is the same request. */
export interface Once {
  readonly idempotencyKey?: string
}

export type Format = "yaml" | "json"

const defaultTimeoutMs = 30_000
/** Checks of a whole database take as long as they take; an hour is the bound. */
export const longMs = 3_600_000

export type OnProgress = (at: { readonly runs: number; readonly events: number }) => void

interface Request {
  readonly query?: Query
  readonly body?: unknown
  readonly text?: string
  readonly format?: Format
  /** Sent as it is, as `contentType`. */
  readonly content?: string | Uint8Array<ArrayBuffer>
  readonly contentType?: string
  readonly idempotencyKey?: string
  readonly wait?: number
  readonly timeoutMs?: number
  /** Default `application/json`. */
  readonly accept?: string
  /** Before the path; default `/api/v1`. */
  readonly prefix?: string
  /** An answer with this status is an answer as well. */
  readonly alsoStatus?: number
}

export type Send = (method: string, path: string, request?: Request) => Promise<Response>
/** The answer as what it is. */
export type Call = <T>(method: string, path: string, request?: Request) => Promise<T>
/** The report behind lines on how far it is. */
export type Walk = <T>(path: string, body: unknown, onProgress?: OnProgress) => Promise<T>

/** An answer whose body nobody has read yet; a refusal is thrown. */
export function sender(options: ClientOptions): Send {
  const base = options.url.replace(/\/+$/, "")
  const ask = options.fetch ?? fetch
  return async (method, path, request = {}) => {
    const url = `${base}${request.prefix ?? "/api/v1"}${path}${queryText(request.query)}`
    const timeoutMs = (request.timeoutMs ?? options.timeoutMs ?? defaultTimeoutMs) + (request.wait ?? 0) * 1000
    let response: Response
    try {
      response = await ask(url, {
        method,
        headers: headers(options, request),
        body: bodyOf(request),
        signal: AbortSignal.timeout(timeoutMs),
      })
    } catch (error) {
      throw new UnreachableError(base, error)
    }
    if (response.ok || response.status === request.alsoStatus) return response
    throw new ProblemError(problemOf(response.status, await response.text(), path))
  }
}

export function caller(send: Send): Call {
  return async <T>(method: string, path: string, request: Request = {}): Promise<T> => {
    const text = await (await send(method, path, request)).text()
    return (text === "" ? undefined : JSON.parse(text)) as T
  }
}

/** Lines on how far it is, then the report: nothing in between waits long enough to give up. */
export function walker(send: Send): Walk {
  return async <T>(path: string, body: unknown, onProgress: OnProgress = () => {}): Promise<T> => {
    const response = await send("POST", path, { body, timeoutMs: longMs, accept: "application/x-ndjson" })
    for await (const line of linesOf(response)) {
      const said = JSON.parse(line) as { progress?: Parameters<OnProgress>[0]; report?: T; problem?: Problem }
      if (said.problem !== undefined) throw new ProblemError(said.problem)
      if (said.report !== undefined) return said.report
      if (said.progress !== undefined) onProgress(said.progress)
    }
    throw new UnreachableError(response.url, new Error("the answer ended before its report"))
  }
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  if (response.body === null) return
  let rest = ""
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + part).split("\n")
    rest = lines.pop() ?? ""
    yield* lines
  }
  if (rest !== "") yield rest
}

function headers(options: ClientOptions, request: Request): Record<string, string> {
  return {
    accept: request.accept ?? "application/json",
    ...authHeaders(options),
    ...typeOf(request),
    ...(request.idempotencyKey === undefined ? {} : { "idempotency-key": request.idempotencyKey }),
  }
}

function typeOf({ body, text, format, content, contentType }: Request): Record<string, string> {
  if (content !== undefined) return { "content-type": contentType ?? "application/octet-stream" }
  if (body === undefined && text === undefined) return {}
  return { "content-type": format === "yaml" ? "application/yaml" : "application/json" }
}

function bodyOf(request: Request): string | Uint8Array<ArrayBuffer> | undefined {
  if (request.content !== undefined) return request.content
  if (request.text !== undefined) return request.text
  return request.body === undefined ? undefined : JSON.stringify(request.body)
}

export function queryText(query: Query | undefined): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null) continue
    params.set(name, Array.isArray(value) ? value.join(",") : String(value))
  }
  const text = params.toString()
  return text === "" ? "" : `?${text}`
}

/** Something in front of Waybill may answer in its own words. */
function problemOf(status: number, text: string, path: string): Problem {
  try {
    const parsed = JSON.parse(text) as Partial<Problem>
    if (typeof parsed.code === "string" && typeof parsed.detail === "string") return parsed as Problem
  } catch {
    // Not JSON: below.
  }
  return {
    type: "about:blank",
    title: `HTTP ${status}`,
    status,
    code: `http_${status}`,
    detail: text.slice(0, 500) || `HTTP ${status}`,
    instance: path,
    requestId: "",
  }
}
