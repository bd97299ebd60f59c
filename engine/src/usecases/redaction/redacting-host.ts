/**
 * The agents, with the policies around them. On the way in a step's tokens are opened: an agent works on what they stand
 * for. On the way out everything it says is closed again: its result, its failure, its log, its heartbeats, and the last
 * words of a thread that died. What was opened for a delivery is known until it ends, so its echo is found whatever form
 * it has. The policy's own rules come behind that: here for what goes to a log, in the runtime for results and failures.
 * The engine behind this door never holds what was opened.
 */
import type { Json, JsonObject } from "../../core/json.ts"
import { marker } from "../../core/policy/redaction/marker.ts"
import { Opened, openTokens } from "../../core/policy/redaction/open-tokens.ts"
import type { RedactionKind } from "../../core/policy/redaction/policy.ts"
import type { AgentFailure, AgentHost, AgentMessage, AgentTask, AgentTaskKey } from "../../ports/agent-host.ts"
import { isAgentEnding } from "../../ports/agent-host.ts"
import type { Redaction, SealingKeys } from "../../ports/redaction.ts"
import { closedContent } from "../attachments/redacted-content.ts"

interface Delivery {
  readonly workspaceId: string
  readonly workflowId: string
  readonly environment: string
  readonly opened: Opened
}

/** Deliveries that have ended and had something opened, as long as there are not more. */
const endedMax = 256

/** Of output that no delivery can be named for, which may be anybody's on that thread. */
const unnamed = { workspaceId: "default", workflowId: "" }

export function redactingHost(host: AgentHost, redaction: Redaction, keys: SealingKeys): AgentHost {
  const under = new Map<AgentTaskKey, Delivery>()
  /** Something of them may still be said: a promise that nobody waited for, a line that comes late. */
  const ended: Delivery[] = []

  const forget = (key: AgentTaskKey) => {
    const delivery = under.get(key)
    under.delete(key)
    if (delivery === undefined || delivery.opened.isEmpty) return
    ended.push(delivery)
    if (ended.length > endedMax) ended.shift()
  }

  const taken = (task: AgentTask): AgentTask => {
    const { key, workspaceId, workflowId, environment } = task
    const opened = new Opened()
    const open = (sealed: string) => keys.open(workspaceId, sealed)
    const told = (raw: string | number, label: string) =>
      opened.add(raw, marker("tokenize", label, keys.sealsOf(workspaceId).seal(JSON.stringify(raw))))
    const input = openTokens(task.input, open, told)
    const words = task.task === null ? null : openTokens(task.task, open, told)
    under.set(key, { workspaceId, workflowId, environment, opened })
    const isSame = input === task.input && words === task.task
    return isSame ? task : { ...task, input, task: words === null ? null : asText(words) }
  }

  /** Every delivery on that environment's threads, in one. */
  const anybody = (environment: string): Delivery => {
    const opened = new Opened()
    const add = (one: Delivery) => {
      if (one.environment === environment && !one.opened.isEmpty) opened.addAll(one.opened)
    }
    for (const one of under.values()) add(one)
    for (const one of ended) add(one)
    return { ...unnamed, environment, opened }
  }

  const closer = ({ workspaceId, workflowId, environment, opened }: Delivery): Close => ({
    known: (value) => opened.close(value),
    isIn: (code) => opened.isIn(code),
    policy: (kind, value) => redaction.redact({ workspaceId, workflowId, environment, kind }, opened.close(value)),
  })

  const given = (message: AgentMessage): AgentMessage => {
    // Numbers and hashes only, and nothing ends by them.
    if (message.kind === "started" || (message.kind === "usage" && message.model === undefined)) return message
    const known = message.key === null ? undefined : under.get(message.key)
    if (isAgentEnding(message)) forget(message.key)
    if (message.kind === "attachment") return known === undefined ? message : closedAttachment(message, known.opened)
    const delivery = known ?? ("environment" in message ? anybody(message.environment) : null)
    return delivery === null ? message : closedMessage(message, closer(delivery))
  }

  return {
    dispatch: (tasks) => host.dispatch(tasks.map(taken)),
    cancel: (requests) => host.cancel(requests),
    onMessages: (listener) => host.onMessages((messages) => listener(messages.map(given))),
    onLoaded: (listener) => host.onLoaded(listener),
    load: (environment, directory) => host.load(environment, directory),
    look: (environment, directory) => host.look(environment, directory),
    agents: () => host.agents(),
    find: (environment, agent, contractHash) => host.find(environment, agent, contractHash),
    close: (graceMs) => host.close(graceMs),
  }
}

interface Close {
  /** Only what was opened for it. */
  known(value: Json): Json
  isIn(code: string): boolean
  policy(kind: RedactionKind, value: Json): Json
}

/** The same message where nothing was found. */
function closedMessage(message: Exclude<AgentMessage, { kind: "attachment" }>, close: Close): AgentMessage {
  switch (message.kind) {
    case "succeeded": {
      const output = close.known(message.output)
      return output === message.output ? message : { ...message, output, outputBytes: jsonBytes(output) }
    }
    case "failed":
      return { ...message, error: closedFailure(message.error, close) }
    case "heartbeat":
      return message.details === undefined ? message : { ...message, details: close.policy("log", message.details) }
    case "log": {
      const text = asText(close.policy("log", message.message))
      if (message.fields === undefined) return { ...message, message: text }
      return { ...message, message: text, fields: close.policy("log", message.fields) as JsonObject }
    }
    case "lost":
    case "missing":
      return { ...message, detail: asText(close.policy("error", message.detail)) }
    case "usage":
      return closedUsage(message, close)
    case "started":
    case "stopped":
      return message
  }
}

/** The policy's own rules come where it is stored, piece by piece: it may be large. */
function closedAttachment(message: Extract<AgentMessage, { kind: "attachment" }>, opened: Opened): AgentMessage {
  if (opened.isEmpty) return message
  const before = Uint8Array.from(atob(message.content), (character) => character.charCodeAt(0))
  const after = closedContent(before, message.contentType, (text) => asText(opened.close(text)))
  const name = asText(opened.close(message.name))
  return { ...message, name, content: after === before ? message.content : base64Of(after) }
}

function base64Of(bytes: Uint8Array): string {
  const pieces: string[] = []
  for (let at = 0; at < bytes.length; at += bytesAtOnce)
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + bytesAtOnce)))
  return btoa(pieces.join(""))
}

/** Arguments of a call are bounded. */
const bytesAtOnce = 8_192

/** The policy's own rules come in the runtime, as for results. */
function closedUsage(message: Extract<AgentMessage, { kind: "usage" }>, close: Close): AgentMessage {
  const { model, provider, parameters } = message
  return {
    ...message,
    ...(model !== undefined && { model: asText(close.known(model)) }),
    ...(provider !== undefined && { provider: asText(close.known(provider)) }),
    ...(parameters !== undefined && { parameters: close.known(parameters) as JsonObject }),
  }
}

/** What steers the retry stays: `class` and `kind` are ours. */
function closedFailure(error: AgentFailure, close: Close): AgentFailure {
  const { class: failureClass, kind, ...said } = error
  const words = close.isIn(said.code) ? { ...said, code: failureClass } : said
  const kept = close.known(words as unknown as Json) as unknown as typeof words
  return { ...kept, class: failureClass, kind }
}

function asText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value)
}

function jsonBytes(value: Json): number {
  return new TextEncoder().encode(JSON.stringify(value)).length
}
