/**
 * JSON over HTTP for agents: every call ends with the step's signal or after its own deadline, takes at most 1 MiB, and
 * fails with the class that says whether trying again makes sense.
 */
import { AgentError } from "./agent.ts"

const DEADLINE_MS = 5_000
const ANSWER_BYTES_MAX = 1024 * 1024

export interface JsonRequest {
  readonly signal: AbortSignal
  readonly method?: "GET" | "POST"
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly deadlineMs?: number
}

export interface JsonAnswer {
  readonly status: number
  readonly body: unknown
}

/** Any answered status is an answer; only no answer, a cancel and an answer that is not JSON throw. */
export async function ask(url: string, request: JsonRequest): Promise<JsonAnswer> {
  const deadline = AbortSignal.timeout(request.deadlineMs ?? DEADLINE_MS)
  try {
    const response = await fetch(url, {
      method: request.method ?? "GET",
      headers: { accept: "application/json", "content-type": "application/json", ...request.headers },
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal: AbortSignal.any([request.signal, deadline]),
    })
    return { status: response.status, body: parse(url, await boundedText(url, response)) }
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason
    if (error instanceof AgentError) throw error
    const detail = deadline.aborted ? "gave no answer in time" : `cannot be reached (${reason(error)})`
    throw new AgentError("transient", "service_unreachable", `${url} ${detail}`, { cause: error })
  }
}

/** As `ask`, but an answer of 400 and over throws too. */
export async function askOk(url: string, request: JsonRequest): Promise<unknown> {
  const { status, body } = await ask(url, request)
  if (status < 400) return body
  const detail = isRecord(body) && typeof body.error === "string" ? `: ${body.error}` : ""
  throw new AgentError("external_api", `http_${status}`, `${url} answered ${status}${detail}`)
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

async function boundedText(url: string, response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ""
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > ANSWER_BYTES_MAX) {
      throw new AgentError("external_api", "answer_too_large", `${url} answered more than ${ANSWER_BYTES_MAX} bytes`)
    }
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function parse(url: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new AgentError("external_api", "answer_not_json", `${url} did not answer JSON`, { cause: error })
  }
}

/** `fetch` hides what happened (`ECONNREFUSED` …) in the cause. */
function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (isRecord(cause) && typeof cause.code === "string") return cause.code
  return cause instanceof Error ? cause.message : String(cause)
}
