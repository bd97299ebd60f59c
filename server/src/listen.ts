/** The socket: opening it with an error a person understands, and closing it without waiting for ever. */
import type { AddressInfo } from "node:net"
import type { Config } from "./config.ts"
import type { App } from "./http/shared/app.ts"

/** Why the server cannot listen; the process exits 1. */
export class ListenError extends Error {
  readonly hint: string
  constructor(message: string, hint: string, options: ErrorOptions) {
    super(message, options)
    this.name = "ListenError"
    this.hint = hint
  }
}

/** Requests that are still being answered get this long when the server closes. */
const CLOSE_MS = 5_000

export async function listen(app: App, { host, port }: Pick<Config, "host" | "port">): Promise<string> {
  try {
    await app.listen({ host, port, listenTextResolver: (address) => `Waybill listens on ${address}` })
  } catch (error) {
    throw listenError(error, host, port)
  }
  const address = app.server.address() as AddressInfo
  return `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`
}

function listenError(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && "code" in error ? error.code : null
  const options = { cause: error }
  switch (code) {
    case "EADDRINUSE":
      return new ListenError(
        `another program listens on ${host}:${port}`,
        "Stop it, or set WAYBILL_PORT to another port; 0 takes any free one.",
        options,
      )
    case "EACCES":
      return new ListenError(`this user may not listen on port ${port}`, "Set WAYBILL_PORT to 1024 or higher.", options)
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new ListenError(
        `${host} is no address of this machine`,
        "Set WAYBILL_HOST to 127.0.0.1, or to an address of this machine.",
        options,
      )
    default:
      return error
  }
}

export async function closeApp(app: App): Promise<void> {
  const late = setTimeout(() => app.server.closeAllConnections(), CLOSE_MS)
  try {
    await app.close()
  } finally {
    clearTimeout(late)
  }
}
