/**
 * A local receiver of webhooks, in the place of a chat service. Takes `POST /webhooks/:name {channel, text, …}`, keeps
 * each message as a line of `messages.jsonl` (on disk before the answer), shows it, and lists them at `GET /messages`.
 * A message whose `idempotency-key` was seen before is answered like the first time and not kept again.
 */
import { mkdirSync } from "node:fs"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { endWithParent, report } from "../service/child.mjs"
import { HttpError, readJson, serve } from "../service/http.mjs"
import { openMessages } from "./messages.mjs"

const { values: options } = parseArgs({
  options: { directory: { type: "string" }, port: { type: "string", default: "0" } },
})
if (!options.directory) throw new Error("usage: receiver.mjs --directory DIR [--port N]")

const directory = resolve(options.directory)
mkdirSync(directory, { recursive: true })
const messages = openMessages(join(directory, "messages.jsonl"))

async function receive(request, hook) {
  const body = await readJson(request)
  if (typeof body.channel !== "string" || typeof body.text !== "string") {
    throw new HttpError(422, "a message has a channel and a text, both text")
  }
  const { message, isNew } = messages.add({ hook, key: request.headers["idempotency-key"] ?? null, ...body })
  if (isNew) report({ log: `${message.channel}  ${message.text}` })
  return { status: isNew ? 201 : 200, body: { id: message.id, duplicate: !isNew } }
}

const server = await serve(Number(options.port), async (request, url) => {
  const [, first, hook] = url.pathname.split("/").map(decodeURIComponent)
  if (request.method === "POST" && first === "webhooks" && hook) return receive(request, hook)
  if (request.method === "GET" && first === "messages") return { body: { messages: messages.all() } }
  if (request.method === "GET" && first === "healthz") return { body: { status: "ok" } }
  throw new HttpError(404, `no ${request.method} ${url.pathname} here`)
})

endWithParent(() => server.close())
report({ ready: { url: server.url } })
