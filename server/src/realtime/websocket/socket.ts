/**
 * One open WebSocket. What its reader does not take is bounded: behind that it is closed, with a code, and what it missed
 * is in the store. It listens to nothing: 002's sockets only speak.
 */
import type { WebSocket } from "@fastify/websocket"

/** RFC 6455 §7.4.1. */
export const closeCodes = { goingAway: 1001, tryAgainLater: 1013 } as const

export interface SocketLimits {
  /** What may wait to be taken by one socket. */
  readonly bufferBytesMax: number
  /** By all of them together: of many, each may have its part of it waiting. */
  readonly buffersBytesMax: number
  /** After a close was sent, so long until the connection is cut. */
  readonly closeMs: number
}

export const defaultSocketLimits: SocketLimits = {
  bufferBytesMax: 1 << 20,
  buffersBytesMax: 64 << 20,
  closeMs: 3_000,
}

const OPEN = 1

export class Socket {
  readonly #socket: WebSocket
  readonly #limits: SocketLimits
  /** When the ping that is not answered yet was sent; null: it was. */
  #pingedAt: number | null = null
  #cut: NodeJS.Timeout | null = null

  constructor(socket: WebSocket, limits: SocketLimits, onClosed: () => void) {
    this.#socket = socket
    this.#limits = limits
    socket.on("pong", () => {
      this.#pingedAt = null
    })
    socket.on("close", () => {
      if (this.#cut !== null) clearTimeout(this.#cut)
      onClosed()
    })
  }

  /** JSON in UTF-8, encoded once for all who get it; `sockets`: how many there are. */
  send(text: Buffer, sockets: number): void {
    if (this.#socket.readyState !== OPEN) return
    const { bufferBytesMax, buffersBytesMax } = this.#limits
    if (this.#socket.bufferedAmount <= Math.min(bufferBytesMax, buffersBytesMax / sockets))
      this.#socket.send(text, { binary: false })
    else this.close(closeCodes.tryAgainLater, "messages are not taken as fast as they come")
  }

  /** A reader that did not answer the last ping within `stallMs` is gone. `now` on the monotonic clock. */
  beat(now: number, stallMs: number): void {
    if (this.#socket.readyState !== OPEN) return
    if (this.#pingedAt === null) {
      this.#pingedAt = now
      this.#socket.ping()
    } else if (now - this.#pingedAt >= stallMs) this.#socket.terminate()
  }

  close(code: number, reason: string): void {
    if (this.#cut !== null) return
    // A reader that stands still would never see the close, nor answer it.
    this.#cut = setTimeout(() => this.#socket.terminate(), this.#limits.closeMs)
    this.#socket.close(code, reason)
  }
}
