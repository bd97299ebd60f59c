import type { lookup } from "node:dns"
import { createServer, type RequestListener, type Server } from "node:http"
import { type AddressInfo, createServer as createSocketServer } from "node:net"
import { afterEach, expect, test } from "vitest"
import { addressRules } from "./address-rules.ts"
import { judgedLookup, openSending, type Sending } from "./send-message.ts"

const limits = { connectMs: 500, answerMs: 700, answerBytes: 1_024, readBytes: 65_536 }
const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

function sending(allow: readonly string[]): Sending {
  const one = openSending(addressRules(allow), limits)
  open.push(one.close)
  return one
}

async function receiver(handler: RequestListener): Promise<{ url: string; server: Server; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    handler(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  open.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, asked }
}

const post = (one: Sending, url: string) =>
  one.send({ url, headers: { "content-type": "application/json" }, body: "{}" })

test("a 2xx is a success, and the answer's beginning is kept", async () => {
  const { url, asked } = await receiver((_request, response) => response.writeHead(202).end("thanks"))
  expect(await post(sending(["127.0.0.1/32"]), `${url}/hook`)).toEqual({
    status: 202,
    error: null,
    answer: "thanks",
    retryAfterMs: null,
  })
  expect(asked).toEqual(["POST /hook"])
})

test("an address nobody allowed is not even connected to: written out, as a name, or hidden in an IPv6 address", async () => {
  const { url, asked } = await receiver((_request, response) => response.end())
  const { port } = new URL(url)
  const closed = sending([])
  const hosts = ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0.0.0.0"]
  for (const host of hosts) {
    const outcome = await post(closed, `https://${host}:${port}/`)
    expect([host, outcome.status, outcome.error]).toEqual([
      host,
      null,
      expect.stringContaining("no address that webhooks"),
    ])
  }
  expect(asked).toEqual([])
})

test("a name whose address changes behind the check is judged where it is connected to", async () => {
  const { url, asked } = await receiver((_request, response) => response.end())
  // Allowed is another address: the name leads to this machine now, and that is what counts.
  const outcome = await post(sending(["10.0.0.0/8"]), url.replace("127.0.0.1", "localhost"))
  expect(outcome.error).toMatch(/no address that webhooks may reach/)
  expect(asked).toEqual([])
})

test.each([
  ["the last", ["8.8.8.8", "10.0.0.1"]],
  ["the first", ["10.0.0.1", "8.8.8.8"]],
  ["one in the middle", ["8.8.8.8", "fd00::1", "1.1.1.1"]],
])("of a name with several addresses none is connected to when %s may not be", async (_which, addresses) => {
  const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }))
  const names = ((_name: string, _options: object, done: (error: null, all: typeof found) => void) =>
    done(null, found)) as unknown as typeof lookup
  const rules = addressRules([])
  for (const all of [true, false]) {
    const outcome = new Promise((resolve) =>
      judgedLookup(rules.mayReach, names)("example.org", { all }, (error, address) => resolve(error ?? address)),
    )
    await expect(outcome).resolves.toMatchObject({
      message: expect.stringMatching(/^(10.0.0.1|fd00::1) is no address/),
    })
  }
})

test("plain http goes only where the operator allows it", async () => {
  const outcome = await post(sending([]), "http://8.8.8.8/hook")
  expect(outcome.error).toMatch(/no address that webhooks may reach/)
})

test("a redirect is a failure and is not followed", async () => {
  const { url, asked } = await receiver((_request, response) => response.writeHead(302, { location: "/other" }).end())
  const outcome = await post(sending(["127.0.0.1"]), `${url}/hook`)
  expect(outcome).toMatchObject({ status: 302, error: "it answered 302; redirects are not followed" })
  expect(asked).toEqual(["POST /hook"])
})

test("who never answers, never reads or never ends is left in time", async () => {
  const hanging = await receiver(() => {})
  const mute = createSocketServer((socket) => open.push(() => socket.destroy()))
  await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve))
  open.push(() => mute.close())
  const dripping = await receiver((_request, response) => {
    response.writeHead(200)
    const drip = setInterval(() => response.write("x"), 50)
    response.on("close", () => clearInterval(drip))
  })
  const one = sending(["127.0.0.1"])
  const began = performance.now()
  const outcomes = await Promise.all([
    post(one, hanging.url),
    one.send({
      url: `http://127.0.0.1:${(mute.address() as AddressInfo).port}/`,
      headers: {},
      body: "x".repeat(8_000_000),
    }),
    post(one, dripping.url),
    // A connection over TLS is one when hands have been shaken.
    post(one, `https://127.0.0.1:${(mute.address() as AddressInfo).port}/`),
  ])
  expect(performance.now() - began).toBeLessThan(3_000)
  expect(outcomes[3].error).toBe(`no connection within ${limits.connectMs} ms`)
  for (const outcome of outcomes) expect(outcome.error).not.toBeNull()
})

test("where an answer is cut no half of a secret is left, since nobody would know it for one", async () => {
  const account = ["DE89", "3704", "0044", "0532", "0130", "00"].join("")
  const { url } = await receiver((_request, response) =>
    response.writeHead(500).end(`${"no ".repeat(338)}${account} and more`),
  )
  const { answer } = await post(sending(["127.0.0.1/32"]), url)
  expect(answer).toBe(`${"no ".repeat(338)}…`)
})

test("of an answer without end no more is read than a bound, and a success stays one", async () => {
  let sent = 0
  const { url } = await receiver((_request, response) => {
    response.writeHead(200)
    const pour = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, "y "))) sent += 65_536
      if (!response.destroyed) response.once("drain", pour)
    }
    pour()
  })
  const outcome = await post(sending(["127.0.0.1"]), url)
  expect(outcome).toMatchObject({ status: 200, error: null })
  expect(outcome.answer).toMatch(/^(?:y ){510,511}…$/)
  expect(sent).toBeLessThan(50_000_000)
})

test("what a receiver asks for with Retry-After is read, in seconds or as a date", async () => {
  const { url } = await receiver(({ url: path }, response) => {
    const text = path === "/date" ? new Date(Date.now() + 60_000).toUTCString() : "120"
    response.writeHead(path === "/teapot" ? 418 : 429, { "retry-after": text }).end()
  })
  const one = sending(["127.0.0.1"])
  expect((await post(one, `${url}/seconds`)).retryAfterMs).toBe(120_000)
  expect((await post(one, `${url}/date`)).retryAfterMs).toBeGreaterThan(55_000)
  expect((await post(one, `${url}/teapot`)).retryAfterMs).toBeNull()
})
