/**
 * One message to one address, over HTTP: no redirect is followed, the address is judged where it is connected to, every
 * wait has an end and no more of an answer is read than is kept. It never throws: what went wrong is in the outcome.
 */
import { lookup as resolveName } from "node:dns"
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, type RequestOptions, request } from "node:http"
import { Agent as HttpsAgent, request as secureRequest } from "node:https"
import { isIP, type LookupFunction } from "node:net"
import { cutShort } from "@waybill/engine"
import type { AddressRules } from "./address-rules.ts"

export interface OutgoingMessage {
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

export interface SendOutcome {
  /** Of the answer; null: there was none. */
  readonly status: number | null
  /** Null: a 2xx. */
  readonly error: string | null
  /** The beginning of the answer's body. */
  readonly answer: string
  /** What the receiver asks for, milliseconds from now. */
  readonly retryAfterMs: number | null
  /** It will never be taken: trying again is of no use. */
  readonly isFinal?: boolean
}

export interface SendLimits {
  /** Until there is a connection. */
  readonly connectMs: number
  /** Until the answer has been read. */
  readonly answerMs: number
  /** Of the answer, handed on: more than is kept of it, so that what stands over the cut is known for what it is. */
  readonly answerBytes: number
  /** Of the answer, read; the connection is closed when there is more. */
  readonly readBytes: number
}

export type SendMessage = (message: OutgoingMessage) => Promise<SendOutcome>

class RefusedAddress extends Error {}

export interface Sending {
  readonly send: SendMessage
  /** Gives up what is under way. */
  close(): void
}

export function openSending(rules: AddressRules, limits: SendLimits): Sending {
  const keep = { keepAlive: true, maxFreeSockets: 4, scheduling: "lifo", timeout: 30_000 } as const
  const agents = { http: new HttpAgent(keep), https: new HttpsAgent(keep) }
  const send: SendMessage = (message) =>
    new Promise((resolve) => exchange({ message, rules, limits, agents }, Date.now, resolve))
  const close = () => {
    agents.http.destroy()
    agents.https.destroy()
  }
  return { send, close }
}

interface Exchange {
  readonly message: OutgoingMessage
  readonly rules: AddressRules
  readonly limits: SendLimits
  readonly agents: { readonly http: HttpAgent; readonly https: HttpsAgent }
}

function exchange({ message, rules, limits, agents }: Exchange, now: () => number, done: (one: SendOutcome) => void) {
  const url = new URL(message.url)
  const isPlain = url.protocol === "http:"
  const mayReach = isPlain ? rules.isAllowed : rules.mayReach
  const host = url.hostname.replace(/^\[|\]$/g, "")
  const over = (outcome: Partial<SendOutcome>) => {
    clearTimeout(connecting)
    clearTimeout(answering)
    done({ status: null, error: null, answer: "", retryAfterMs: null, ...outcome })
  }
  const options: RequestOptions = {
    method: "POST",
    headers: { ...message.headers, "content-length": Buffer.byteLength(message.body) },
    lookup: judgedLookup(mayReach),
    agent: isPlain ? agents.http : agents.https,
  }
  let call: ClientRequest | null = null
  const giveUp = (why: string) => call?.destroy(new Error(why))
  const connecting = setTimeout(() => giveUp(`no connection within ${limits.connectMs} ms`), limits.connectMs)
  const answering = setTimeout(() => giveUp(`no answer within ${limits.answerMs} ms`), limits.answerMs)
  // Names are judged by the lookup; an address that is written out is never looked up.
  if (isIP(host) !== 0 && !mayReach(host)) return over({ error: refusal(host) })
  try {
    call = isPlain ? request(url, options) : secureRequest(url, options)
  } catch (error) {
    return over({ error: textOf(error) })
  }
  call.on("error", (error) => over({ error: textOf(error) }))
  call.on("socket", (socket) => {
    const connected = () => clearTimeout(connecting)
    if (!socket.connecting) connected()
    else socket.once(isPlain ? "connect" : "secureConnect", connected)
  })
  call.on("response", (response) => {
    clearTimeout(connecting)
    readBeginning(response, limits, (answer, broken) => {
      over({ ...verdict(response, now()), answer, ...(broken !== null && { error: broken }) })
    })
  })
  call.end(message.body)
}

/** A 2xx is a success; everything else is tried again, a redirect too: it would lead to an address nobody judged. */
function verdict({ statusCode, headers }: IncomingMessage, now: number): Partial<SendOutcome> {
  const status = statusCode ?? 0
  if (status >= 200 && status < 300) return { status }
  const isRedirect = status >= 300 && status < 400
  return {
    status,
    error: isRedirect ? `it answered ${status}; redirects are not followed` : `it answered ${status}`,
    retryAfterMs: status === 429 || status === 503 ? retryAfter(headers["retry-after"], now) : null,
  }
}

function retryAfter(text: string | undefined, now: number): number | null {
  if (text === undefined) return null
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}

/** `broken`: the answer ended before its time, or its headers promise more than comes. */
function readBeginning(
  response: IncomingMessage,
  { answerBytes, readBytes }: SendLimits,
  done: (answer: string, broken: string | null) => void,
): void {
  const parts: Buffer[] = []
  let read = 0
  const text = () => {
    const beginning = Buffer.concat(parts).subarray(0, answerBytes).toString("utf8").replaceAll("\0", "")
    // There was more: so it is cut once again, where no half of anything is left.
    return read > answerBytes ? cutShort(beginning, beginning.length - 1) : beginning
  }
  response.on("data", (part: Buffer) => {
    if (read < answerBytes) parts.push(part.subarray(0, answerBytes))
    read += part.length
    if (read <= readBytes) return
    // What it had to say, it has said: the rest is not waited for.
    response.removeAllListeners("error").on("error", () => {})
    response.destroy()
    done(text(), null)
  })
  response.on("end", () => done(text(), null))
  response.on("error", (error) => done(text(), textOf(error)))
}

/** @param resolve where names are looked up: the system, outside of tests */
export function judgedLookup(mayReach: (address: string) => boolean, resolve = resolveName): LookupFunction {
  return (name, options, done) => {
    resolve(name, { ...options, all: true }, (error, addresses) => {
      const refused = addresses?.find(({ address }) => !mayReach(address))
      const [first] = addresses ?? []
      if (error !== null) return done(error, "", 0)
      // One is enough: which of them is connected to is not ours to choose.
      if (refused !== undefined) return done(new RefusedAddress(refusal(refused.address)), "", 0)
      if (first === undefined) return done(new Error(`${name} has no address`), "", 0)
      if (options.all === true) return (done as unknown as (e: null, all: typeof addresses) => void)(null, addresses)
      return done(null, first.address, first.family)
    })
  }
}

function refusal(address: string): string {
  return `${address} is no address that webhooks may reach`
}

function textOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException
  // Node wraps several attempts to connect into one error without a text.
  return message !== "" && message !== undefined ? message.slice(0, 300) : (code ?? "the connection failed")
}
