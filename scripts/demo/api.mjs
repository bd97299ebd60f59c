// @ts-check
/** Waybill over HTTP with nothing but `fetch`: what this file does, any program can. */
import { setTimeout as delay } from "node:timers/promises"

const ANSWER_WITHIN_MS = 30_000
const RECONNECT_MS = 250

/** An answer that is not 2xx. */
export class ApiError extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message)
    this.status = status
  }
}

/** @typedef {{ seq: number, type: string, at: string | number, stepId: string | null, payload: Record<string, any> | null }} RunEvent `payload` is null when erased */

/** @param {string} url @param {string | undefined} key */
export function openApi(url, key) {
  /** @type {Record<string, string>} */
  const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` }

  /** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  async function call(method, path, body) {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { ...authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    const text = await answer.text()
    if (!answer.ok) throw new ApiError(answer.status, `${method} ${path} answered ${answer.status}: ${problemIn(text)}`)
    return text === "" ? undefined : JSON.parse(text)
  }

  return {
    /** @param {string} path */
    get: (path) => call("GET", path),
    /** @param {string} path @param {unknown} [body] */
    post: (path, body) => call("POST", path, body),
    /**
     * Every event of a run from its first to its last, once each; the connection may break in between.
     * @param {string} runId @param {AbortSignal} signal @returns {AsyncGenerator<RunEvent>}
     */
    async *events(runId, signal) {
      for (let after = 0; ; await delay(RECONNECT_MS, undefined, { signal })) {
        /** @type {Record<string, string>} */
        const from = after === 0 ? {} : { "last-event-id": String(after) }
        const headers = { ...authorization, ...from, accept: "text/event-stream" }
        const answer = await fetch(`${url}/api/v1/workflow-runs/${runId}/stream`, { headers, signal }).catch(
          unlessAborted(signal),
        )
        if (answer === undefined) continue
        if (answer.status === 204) return
        if (!answer.ok || answer.body === null)
          throw new ApiError(answer.status, `the stream of ${runId} answered ${answer.status}`)
        for await (const event of framesOf(answer.body, signal)) {
          // A frame without `seq` is no event: the stream says something about itself.
          if (!(event.seq > after)) continue
          after = event.seq
          yield event
        }
      }
    },
  }
}

/** A connection that broke is tried again; one that we closed is not. @param {AbortSignal} signal */
function unlessAborted(signal) {
  return (/** @type {unknown} */ error) => {
    if (signal.aborted) throw error
    return undefined
  }
}

/** @param {ReadableStream<Uint8Array>} body @param {AbortSignal} signal @returns {AsyncGenerator<RunEvent>} */
async function* framesOf(body, signal) {
  const frames = createFrameReader()
  const decoder = new TextDecoder()
  try {
    for await (const chunk of body) yield* frames(decoder.decode(chunk, { stream: true }))
  } catch (error) {
    if (signal.aborted) throw error
  }
}

/** Reads Server-Sent Events in whatever pieces they come; comments and frames without data are left out. */
export function createFrameReader() {
  let rest = ""
  /** @param {string} text @returns {RunEvent[]} */
  return (text) => {
    const frames = (rest + text).split(/\r?\n\r?\n/)
    rest = frames.pop() ?? ""
    return frames.flatMap((frame) => {
      const data = frame
        .split(/\r?\n/)
        .filter((line) => line.startsWith("data:"))
        .map((line) => line.slice(5).trimStart())
      return data.length === 0 ? [] : [JSON.parse(data.join("\n"))]
    })
  }
}

/** @param {string} text a problem document, or anything else */
function problemIn(text) {
  try {
    const { code, title, detail, errors = [] } = JSON.parse(text)
    const more = errors.map(
      (/** @type {{ message?: string }} */ error) => `\n  ${error.message ?? JSON.stringify(error)}`,
    )
    return `${[code, detail ?? title].filter(Boolean).join(", ")}${more.join("")}`
  } catch {
    return text.slice(0, 300)
  }
}
