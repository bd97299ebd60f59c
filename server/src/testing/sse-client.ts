/** A small reader of `text/event-stream` over a real socket, that can stop reading. */

import type { IncomingMessage } from "node:http"
import { request } from "node:http"

export interface Message {
  readonly id: number | null
  readonly event: string | null
  readonly data: unknown
}

export interface SseClient {
  readonly status: number
  readonly headers: IncomingMessage["headers"]
  readonly messages: Message[]
  /** How many comments came. */
  comments(): number
  /** Resolves when `count` messages are there, or the stream has ended. */
  until(count: number): Promise<void>
  /** Resolves when the server has ended the stream. */
  ended(): Promise<void>
  untilComment(): Promise<void>
  pause(): void
  resume(): void
  close(): void
}

export function openStream(port: number, path: string, headers: Record<string, string> = {}): Promise<SseClient> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, path, headers, host: "127.0.0.1" }, (response) =>
      resolve(client(response, () => sent.destroy())),
    )
    sent.on("error", reject)
    sent.end()
  })
}

function client(response: IncomingMessage, destroy: () => void): SseClient {
  const messages: Message[] = []
  const waiting = new Set<() => void>()
  let comments = 0
  let isOver = false
  let rest = ""
  const tell = () => {
    for (const wake of waiting) wake()
  }
  const take = (block: string) => {
    const fields = new Map<string, string>()
    for (const line of block.split("\n")) {
      if (line.startsWith(":")) comments++
      else fields.set(line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trimStart())
    }
    const data = fields.get("data")
    if (data === undefined) return
    const id = fields.get("id")
    messages.push({
      id: id === undefined ? null : Number(id),
      event: fields.get("event") ?? null,
      data: JSON.parse(data),
    })
  }
  response.setEncoding("utf8")
  response.on("data", (text: string) => {
    rest += text
    for (let end = rest.indexOf("\n\n"); end !== -1; end = rest.indexOf("\n\n")) {
      take(rest.slice(0, end))
      rest = rest.slice(end + 2)
    }
    tell()
  })
  const over = () => {
    isOver = true
    tell()
  }
  response.on("end", over)
  response.on("close", over)
  response.on("error", over)
  const when = (isTrue: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!isTrue()) return
        waiting.delete(check)
        resolve()
      }
      waiting.add(check)
      check()
    })
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    messages,
    comments: () => comments,
    until: (count) => when(() => messages.length >= count || isOver),
    ended: () => when(() => isOver),
    untilComment: () => when(() => comments > 0 || isOver),
    pause: () => response.pause(),
    resume: () => response.resume(),
    close: destroy,
  }
}
