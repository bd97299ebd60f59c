/**
 * Server-sent events over fetch, resumed by `Last-Event-ID`. `readEventStream` takes a broken connection up again where
 * it was, and the end of a run ends it (204 on the next try); `readConnection` is one connection, for those who decide
 * themselves when to come back.
 */
import { authHeaders, type ClientOptions, ProblemError, UnreachableError } from "./connection.ts"

export interface StreamMessage {
  readonly id: string
  readonly event: string
  readonly data: unknown
}

export interface StreamRequest extends ClientOptions {
  readonly path: string
  readonly after?: number
  readonly signal?: AbortSignal
  /** The server has given a sign of life: the answer's head, an event, or the comment it sends when nothing happens. */
  readonly onSign?: () => void
}

const retryMsFirst = 200
const retryMsMax = 5_000
/** So many connections in a row that brought nothing, and the stream gives up. */
const triesMax = 8

export async function* readEventStream(request: StreamRequest): AsyncGenerator<StreamMessage> {
  let last = request.after === undefined ? null : String(request.after)
  let tries = 0
  while (!request.signal?.aborted) {
    let broken: unknown = null
    try {
      const response = await open(request, last)
      if (response.status === 204 || response.body === null) return
      for await (const message of parse(response.body)) {
        tries = 0
        if (message.id !== "") last = message.id
        yield message
        if (isTerminal(message.event)) return
      }
      broken = new UnreachableError(request.url, new Error("the stream ended before the run"))
    } catch (error) {
      if (request.signal?.aborted) return
      if (error instanceof ProblemError) throw error
      broken = error
    }
    if (++tries >= triesMax) throw broken
    await pause(Math.min(retryMsMax, retryMsFirst * 2 ** (tries - 1)), request.signal)
  }
}

/** Ends when the server ends it or when it breaks, with the error of the break where there is one. */
export async function* readConnection(request: StreamRequest): AsyncGenerator<StreamMessage> {
  const response = await open(request, request.after === undefined ? null : String(request.after))
  if (response.status === 204 || response.body === null) return
  request.onSign?.()
  yield* parse(response.body, request.onSign)
}

function isTerminal(event: string): boolean {
  return event === "run.completed" || event === "run.failed" || event === "run.cancelled" || event === "run.timed_out"
}

async function open(request: StreamRequest, last: string | null): Promise<Response> {
  const base = request.url.replace(/\/+$/, "")
  const send = request.fetch ?? fetch
  const headers = {
    accept: "text/event-stream",
    ...authHeaders(request),
    ...(last === null ? {} : { "last-event-id": last }),
  }
  let response: Response
  try {
    response = await send(`${base}/api/v1${request.path}`, {
      headers,
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    })
  } catch (error) {
    throw new UnreachableError(base, error)
  }
  if (response.ok) return response
  const text = await response.text()
  let problem: ProblemError["problem"]
  try {
    problem = JSON.parse(text)
  } catch {
    throw new UnreachableError(base, new Error(`HTTP ${response.status}`))
  }
  throw new ProblemError(problem)
}

async function* parse(body: ReadableStream<Uint8Array>, onSign?: () => void): AsyncGenerator<StreamMessage> {
  const decoder = new TextDecoder()
  let buffer = ""
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      onSign?.()
      buffer += decoder.decode(value, { stream: true })
      for (let end = buffer.indexOf("\n\n"); end >= 0; end = buffer.indexOf("\n\n")) {
        const message = parseFrame(buffer.slice(0, end))
        buffer = buffer.slice(end + 2)
        if (message !== null) yield message
      }
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

function parseFrame(frame: string): StreamMessage | null {
  let id = ""
  let event = "message"
  const data: string[] = []
  for (const line of frame.split("\n")) {
    const colon = line.indexOf(":")
    if (colon === 0) continue
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "")
    if (field === "id") id = value
    else if (field === "event") event = value
    else if (field === "data") data.push(value)
  }
  return data.length === 0 ? null : { id, event, data: JSON.parse(data.join("\n")) }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener("abort", () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
