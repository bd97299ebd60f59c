import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { createProgram, everyCommand, runCli } from "./program.ts"
import { fakeTerminal } from "./testing/fake-terminal.ts"
import { type RecordingServer, ran, recordingServer } from "./testing/recording-server.ts"

let server: RecordingServer
beforeAll(async () => {
  server = await recordingServer()
})
afterAll(() => server.close())
beforeEach(() => server.engine.reset())

describe("wrong use ends with 2 and says what was meant", () => {
  test.each([
    [["vaildate", "x"], "Did you mean validate?"],
    [["runs", "lst"], "Did you mean list?"],
    [["run", "greet", "--inptu", "{}"], "Did you mean --input?"],
    [["run"], "missing required argument 'workflow'"],
    [["runs", "list", "--limit", "none"], "Write a whole number from 1."],
    [["runs", "rerun", "run_1"], "--reason"],
    [["expr", "1", "--at", "3"], "--at needs --run"],
    [["completion", "tcsh"], "Write one of bash, zsh, fish."],
    [["runs", "list", "--url", "ftp://x"], "--url is not an address"],
    [["runs"], "Usage: waybill runs"],
  ])("%s", async (args, words) => {
    const { code, out, err } = await server.waybill(args)
    expect(code).toBe(2)
    expect(out).toBe("")
    expect(err).toContain(words)
    expect(server.engine.asked).toEqual([])
  })
})

test("help that was asked for is done, on standard output", async () => {
  for (const args of [["--help"], ["help", "runs"], ["runs", "cancel", "--help"], ["--version"]]) {
    const { code, out, err } = await server.waybill(args)
    expect({ code, err }).toEqual({ code: 0, err: "" })
    expect(out).not.toBe("")
  }
})

test("every command says what it does, and so does every option and argument", () => {
  const terminal = fakeTerminal()
  for (const command of everyCommand(createProgram({ terminal, code: 0, session: null }))) {
    expect(command.description(), command.name()).not.toBe("")
    for (const option of command.options) expect(option.description, `${command.name()} ${option.flags}`).not.toBe("")
    for (const argument of command.registeredArguments) expect(argument.description, command.name()).not.toBe("")
  }
})

test("what later issues bring is not offered", async () => {
  for (const name of ["keys", "bundle", "import", "logs"]) expect((await server.waybill([name])).code).toBe(2)
})

describe("a server that is not there ends with 3", () => {
  test("with the address, where it comes from, and what to do", async () => {
    const { code, out, err } = await ran(["runs", "list"], fakeTerminal({ env: { WAYBILL_URL: "http://127.0.0.1:9" } }))
    expect(code).toBe(3)
    expect(out).toBe("")
    expect(err).toContain("server_unreachable")
    expect(err).toContain("http://127.0.0.1:9 (WAYBILL_URL)")
    expect(err).toContain("waybill serve")
  })

  test("also when something else answers for it", async () => {
    const proxy = createServer((_request, response) => response.writeHead(502).end("<h1>Bad Gateway</h1>"))
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve))
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const { code, err } = await ran(["runs", "list", "--url", url], fakeTerminal())
    proxy.close()
    expect(code).toBe(3)
    expect(err).toContain("http_502")
  })
})

describe("what the server refuses ends with 1", () => {
  test("with code, what, where and a hint in the words of the command line", async () => {
    const { code, err } = await server.waybill(["runs", "show", "run_none"])
    expect(code).toBe(1)
    expect(err).toMatch(
      /^error run_not_found\n {2}what {3}there is no run run_none\n {2}where {2}\/api\/v1\/workflow-runs\/run_none at http:/,
    )
    expect(err).toMatch(/request \S+\n {2}hint {3}`waybill runs list` shows the runs there are\.\n$/)
  })

  test("under --json as one line on standard error, and nothing on standard output", async () => {
    server.engine.rejection = { code: "run_finished", message: "the run has ended", data: { status: "FAILED" } }
    server.engine.commit("run_1", "run.created", {})
    const { code, out, err } = await server.waybill(["--json", "runs", "cancel", "run_1"])
    expect(code).toBe(1)
    expect(out).toBe("")
    expect(err.trim().split("\n")).toHaveLength(1)
    expect(JSON.parse(err)).toMatchObject({
      error: { code: "run_finished", detail: "the run has ended", data: { status: "FAILED" }, exitCode: 1 },
    })
  })
})

describe("options that every command has", () => {
  test("stand before the command or behind it", async () => {
    server.engine.commit("run_1", "run.created", {})
    const before = await server.waybill(["--json", "runs", "list"])
    const behind = await server.waybill(["runs", "list", "--json"])
    expect(JSON.parse(before.out)).toEqual(JSON.parse(behind.out))
    const elsewhere = { env: { WAYBILL_URL: "http://127.0.0.1:9" } }
    expect((await server.waybill(["runs", "list", "--url", server.url], elsewhere)).code).toBe(0)
    expect((await server.waybill(["--url", server.url, "runs", "list"], elsewhere)).code).toBe(0)
  })

  test("colours are for terminals, unless switched off", async () => {
    server.engine.commit("run_1", "run.created", {})
    const isColoured = async (args: string[], options = {}) =>
      (await server.waybill(["runs", "list", ...args], options)).out.includes("\u001b[")
    expect(await isColoured([])).toBe(false)
    expect(await isColoured([], { isTty: true })).toBe(true)
    expect(await isColoured(["--no-color"], { isTty: true })).toBe(false)
    expect(await isColoured([], { isTty: true, env: { NO_COLOR: "1" } })).toBe(false)
    expect(await isColoured(["--json"], { isTty: true })).toBe(false)
  })
})

test("the key goes with every request, and nowhere else", async () => {
  let seen: string | undefined
  const peer = createServer((request, response) => {
    seen = request.headers.authorization
    response.writeHead(401, { "content-type": "application/problem+json" })
    response.end(JSON.stringify({ code: "unauthenticated", detail: "nobody is known by this key", status: 401 }))
  })
  await new Promise<void>((resolve) => peer.listen(0, "127.0.0.1", resolve))
  const url = `http://127.0.0.1:${(peer.address() as AddressInfo).port}`
  const terminal = fakeTerminal({ env: { WAYBILL_URL: url, WAYBILL_API_KEY: "the-secret" } })
  expect(await runCli(["runs", "list"], terminal)).toBe(1)
  peer.close()
  expect(seen).toBe("Bearer the-secret")
  expect(terminal.err()).toContain("WAYBILL_API_KEY")
  expect(terminal.out() + terminal.err()).not.toContain("the-secret")
})
