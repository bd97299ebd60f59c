/**
 * The few lines of HTTP that the example's processes share: a server on loopback, bounded JSON bodies, JSON answers.
 * Nothing here listens on another address than 127.0.0.1 or takes a body over 64 KiB.
 */
import { createServer } from "node:http"

const BODY_BYTES_MAX = 64 * 1024

/** A refusal that a handler throws and `serve` answers with its status. */
export class HttpError extends Error {
  constructor(status, message) {
    super(message)
    this.status = status
  }
}

/**
 * Serves `handle(request, url) → {status?, body}` on 127.0.0.1.
 * @param {number} port 0 for any free one
 * @returns {Promise<{ url: string, port: number, close(): Promise<void> }>}
 */
export async function serve(port, handle) {
  const server = createServer(async (request, response) => {
    try {
      const url = new URL(request.url ?? "/", "http://127.0.0.1")
      const { status = 200, body } = await handle(request, url)
      answer(response, status, body)
    } catch (error) {
      answer(response, error.status ?? 500, { error: error.message })
    }
  })
  server.requestTimeout = 10_000
  await new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, "127.0.0.1", resolve)
  })
  const address = server.address()
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(response, status, body) {
  if (response.destroyed) return
  const text = JSON.stringify(body)
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) })
  response.end(text)
}

/** Reads a JSON body. Only `application/json` is taken, so that no page in a browser can post here unasked. */
export async function readJson(request) {
  if (!(request.headers["content-type"] ?? "").startsWith("application/json")) {
    throw new HttpError(415, "send application/json")
  }
  const chunks = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > BODY_BYTES_MAX) throw new HttpError(413, `the body is over ${BODY_BYTES_MAX} bytes`)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"))
  } catch {
    throw new HttpError(400, "the body is not JSON")
  }
}
