/**
 * The server's real doors over an engine that writes down what it was asked, on a socket: what a command sends and what it
 * makes of the answer. Runs on the real engine are `cli-docs.test.ts` and `process.test.ts`.
 */
import type { AddressInfo } from "node:net"
import { type TestServer, testServer } from "../../../server/src/testing/test-server.ts"
import { runCli } from "../program.ts"
import { type FakeTerminal, type FakeTerminalOptions, fakeTerminal } from "./fake-terminal.ts"

export interface RecordingServer extends TestServer {
  readonly url: string
  /** Runs a command line against it. */
  waybill(args: readonly string[], options?: FakeTerminalOptions): Promise<Ran>
  close(): Promise<void>
}

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

export async function recordingServer(given: Parameters<typeof testServer>[0] = {}): Promise<RecordingServer> {
  const server = await testServer(given)
  await server.app.listen({ host: "127.0.0.1", port: 0 })
  const url = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`
  return {
    ...server,
    url,
    waybill: (args, options = {}) => ran(args, fakeTerminal({ ...options, env: { WAYBILL_URL: url, ...options.env } })),
    close: () => server.app.close(),
  }
}

export async function ran(args: readonly string[], terminal: FakeTerminal): Promise<Ran> {
  const code = await runCli(args, terminal)
  return { code, out: terminal.out(), err: terminal.err() }
}
