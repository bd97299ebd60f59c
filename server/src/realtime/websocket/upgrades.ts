/**
 * Which requests are asked to become something else. Node gives every one of them away as soon as somebody listens: also
 * those that only offer another protocol, as Java's and curl's clients do with HTTP/2 (`Upgrade: h2c`). Those go back to
 * the server as they came, without the offer, and are answered like any other.
 */
import { EventEmitter } from "node:events"
import type { IncomingMessage, Server } from "node:http"
import type { Socket } from "node:net"
import type { FastifyInstance } from "fastify"

/** Emits `upgrade` for WebSockets alone. */
export function webSocketUpgrades(app: FastifyInstance): EventEmitter {
  const upgrades = new EventEmitter()
  const server = app.server as Server
  server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (isWebSocket(request)) upgrades.emit("upgrade", request, socket, head)
    else handBack(server, request, socket, head)
  })
  // One that is refused before it is upgraded belongs to nobody any more.
  app.addHook("onResponse", (request, _reply, done) => {
    if (isWebSocket(request.raw)) request.raw.socket.destroySoon()
    done()
  })
  return upgrades
}

function isWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === "websocket"
}

const offers: ReadonlySet<string> = new Set(["upgrade", "connection", "http2-settings"])

function handBack(server: Server, request: IncomingMessage, socket: Socket, head: Buffer): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`]
  const { rawHeaders } = request
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (!offers.has(rawHeaders[at]!.toLowerCase())) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`)
  // Node reads headers as Latin-1.
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), head]))
  server.emit("connection", socket)
}
