/**
 * What an agent threw, as the engine's error object: the class alone steers retry (settled 7, dsl §5).
 * In this order: the taxonomy's own shape (`{ class, code?, retryAfterSeconds? }`, which the SDK's AgentError has), an
 * HTTP status, a deadline, the network, and everything else is a bug with its stack. Nothing is recognised by
 * `instanceof`: agents bring their own copies of libraries. Reading a thrown value may itself throw; that is a bug too.
 */
import type { FailureClass, FailureKind } from "@waybill/engine/core/definition/model"
import { cutShort } from "@waybill/engine/core/policy/redaction/cut-short"
import { holdsSecret } from "@waybill/engine/core/policy/redaction/holds-secret"
import type { AgentFailure } from "@waybill/engine/ports/agent-host"

const detailCharsMax = 8 << 10
const stackCharsMax = 16 << 10
const causesMax = 5
const retryAfterSecondsMax = 30 * 86_400

const titles: Record<FailureClass, string> = {
  transient: "A passing failure",
  validation_failed: "Something did not fit its schema",
  external_api: "Another service failed",
  policy_denied: "Not allowed",
  bug: "The agent threw an error",
}

const networkCodes = new Set([
  ...["ECONNRESET", "ECONNREFUSED", "ECONNABORTED", "EPIPE", "EAI_AGAIN", "ENOTFOUND", "ENETUNREACH", "ENETDOWN"],
  ...["EHOSTUNREACH", "EHOSTDOWN", "EADDRNOTAVAIL", "ETIMEDOUT", "ESOCKETTIMEDOUT"],
  ...["UND_ERR_SOCKET", "UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "UND_ERR_CLOSED"],
])

type Bag = Readonly<Record<string, unknown>>

/** `now` in milliseconds since the epoch, for `Retry-After` dates. */
export function toFailure(thrown: unknown, now: number): AgentFailure {
  try {
    return classify(thrown, now)
  } catch {
    return failure("bug", "unreadable_error", "An error was thrown that cannot be read: its properties throw, too.")
  }
}

/** A failure that the host itself found. */
export function failure(
  cls: FailureClass,
  code: string,
  detail: string,
  more: Partial<Pick<AgentFailure, "title" | "pointer" | "stack" | "kind" | "retryAfterSeconds" | "causes">> = {},
): AgentFailure {
  return { class: cls, kind: null, code, title: titles[cls], detail, ...more }
}

function classify(thrown: unknown, now: number): AgentFailure {
  const bag = asBag(thrown)
  if (bag === null) return failure("bug", "thrown_value", `The agent threw ${describe(thrown)}, which is not an Error.`)
  return fromTaxonomy(bag) ?? fromStatus(bag, now) ?? fromDeadline(bag) ?? fromNetwork(bag) ?? asBug(bag)
}

function fromTaxonomy(error: Bag): AgentFailure | null {
  const cls = error.class
  if (cls === "timeout") return build(error, "transient", codeOf(error.code) ?? "timeout", "timeout")
  if (!isFailureClass(cls)) return null
  const retryAfterSeconds = seconds(error.retryAfterSeconds)
  return { ...build(error, cls, codeOf(error.code) ?? cls), ...(retryAfterSeconds !== null && { retryAfterSeconds }) }
}

function fromStatus(error: Bag, now: number): AgentFailure | null {
  const response = asBag(error.response)
  const status = [error.status, error.statusCode, response?.status, response?.statusCode].find(isHttpStatus)
  if (status === undefined) return null
  const retryAfterSeconds = retryAfter(error.headers, now) ?? retryAfter(response?.headers, now)
  return {
    ...build(error, "external_api", `http_${status}`),
    ...(retryAfterSeconds !== null && { retryAfterSeconds }),
  }
}

/** What `AbortSignal.timeout` throws. The task's own deadline never gets here: the engine's side answers that one. */
function fromDeadline(error: Bag): AgentFailure | null {
  return chain(error).some((link) => link.name === "TimeoutError")
    ? { ...build(error, "transient", "timeout", "timeout"), title: "A deadline passed" }
    : null
}

function fromNetwork(error: Bag): AgentFailure | null {
  const links = chain(error)
  const code = links.map((link) => link.code).find((code) => typeof code === "string" && networkCodes.has(code))
  if (typeof code === "string") return { ...build(error, "transient", code.toLowerCase()), title: "The network failed" }
  if (error.name === "TypeError" && error.message === "fetch failed") {
    return { ...build(error, "transient", "fetch_failed"), title: "The network failed" }
  }
  return links.some((link) => link.name === "AbortError") ? build(error, "transient", "aborted") : null
}

function asBug(error: Bag): AgentFailure {
  return build(error, "bug", codeOf(error.code) ?? codeOf(error.name) ?? "error")
}

function build(error: Bag, cls: FailureClass, code: string, kind: FailureKind | null = null): AgentFailure {
  const stack = typeof error.stack === "string" ? ownFrames(error.stack) : null
  const causes = chain(error)
    .slice(1)
    .map((link) => clean(messageOf(link), 500))
  return {
    class: cls,
    kind,
    code,
    title: typeof error.title === "string" ? clean(error.title, 200) : titles[cls],
    detail: clean(messageOf(error), detailCharsMax),
    ...(stack !== null && { stack: clean(stack, stackCharsMax) }),
    ...(causes.length > 0 && { causes }),
  }
}

/** The error and its causes, outermost first; of an AggregateError the first (happy eyeballs fails with one per address). */
function chain(error: Bag): Bag[] {
  const links = [error]
  for (let link = error; links.length <= causesMax; ) {
    const errors: unknown = link.errors
    const next = asBag(link.cause) ?? (Array.isArray(errors) ? asBag(errors[0]) : null)
    if (next === null || links.includes(next)) break
    links.push(next)
    link = next
  }
  return links
}

function messageOf(error: Bag): string {
  if (typeof error.message === "string" && error.message !== "") return error.message
  if (typeof error.detail === "string") return error.detail
  return typeof error.name === "string" ? error.name : describe(error)
}

/** Without the host's own frames: they tell the agent's author nothing. */
function ownFrames(stack: string): string {
  const lines = stack.split("\n")
  const isOurs = (line: string) => /^\s+at .*(?:[/\\]agent-host[^/\\]*\.m?js|node:internal\/)/.test(line)
  return lines.filter((line) => !isOurs(line)).join("\n")
}

function retryAfter(headers: unknown, now: number): number | null {
  const bag = asBag(headers)
  if (bag === null) return null
  const get: unknown = bag.get
  const value: unknown =
    typeof get === "function" ? get.call(headers, "retry-after") : (bag["retry-after"] ?? bag["Retry-After"])
  if (typeof value !== "string" && typeof value !== "number") return null
  const plain = seconds(Number(value))
  if (plain !== null) return plain
  const at = Date.parse(String(value))
  return Number.isNaN(at) ? null : seconds(Math.max(0, Math.ceil((at - now) / 1000)))
}

function seconds(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0
    ? Math.min(value, retryAfterSecondsMax)
    : null
}

function isHttpStatus(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 400 && value <= 599
}

function isFailureClass(value: unknown): value is FailureClass {
  return typeof value === "string" && Object.hasOwn(titles, value)
}

/** `ERR_X` and `TypeError` become `err_x` and `type_error`; what is no identifier is no code. */
/** Codes are written alike, which hides a secret from whoever looks for one behind this: such a code is none. */
function codeOf(value: unknown): string | null {
  if (typeof value !== "string" || value.includes("@") || holdsSecret(value)) return null
  const code = value
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase()
  return /^[a-z0-9][a-z0-9_]{0,79}$/.test(code) ? code : null
}

function asBag(value: unknown): Bag | null {
  return (typeof value === "object" && value !== null) || typeof value === "function" ? (value as Bag) : null
}

function describe(value: unknown): string {
  if (typeof value === "string") return `the text ${JSON.stringify(clean(value, 1_000))}`
  try {
    return clean(JSON.stringify(value) ?? String(value), 1_000)
  } catch {
    return `a ${typeof value}`
  }
}

/** Text that may be stored: no NUL, no half surrogates (rule 23), bounded. */
export function clean(text: string, charsMax: number): string {
  return cutShort(text, charsMax)
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .replaceAll("\u0000", "\ufffd")
}
