/**
 * A way to the server that breaks when it is told to: every connection that goes through it is cut, half-sent answers
 * included. It changes and reads nothing. The seed makes a failing order of cuts come again.
 */
import { type AddressInfo, connect, createServer, type Socket } from "node:net"

export interface CuttingProxy {
  readonly url: string
  /** How many connections were cut so far. */
  cuts(): number
  cut(): void
  close(): Promise<void>
}

export async function cuttingProxy(target: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target)
  const open = new Set<Socket>()
  let cut = 0
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const socket of [near, far]) {
      open.add(socket)
      socket.on("close", () => open.delete(socket))
      // What breaks on one side ends the other; the page sees it as its connection's end.
      socket.on("error", () => {})
    }
    near.on("close", () => far.destroy())
    far.on("close", () => near.destroy())
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const cutAll = () => {
    for (const socket of open) {
      socket.destroy()
      cut++
    }
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts: () => cut,
    cut: cutAll,
    close() {
      cutAll()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
