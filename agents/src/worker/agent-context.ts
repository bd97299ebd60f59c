/**
 * What an agent gets beside its input (dsl §5). Everything here talks to the outbox and is deaf once the task has ended:
 * a promise that outlives its task can say nothing more.
 */
import type { Json, JsonObject } from "@waybill/engine/core/json"
import { checkJson } from "@waybill/engine/core/json-reader"
import type { AgentLogLevel, AgentTask } from "@waybill/engine/ports/agent-host"
import { type Attach, type AttachmentLimits, createAttach } from "./attachments.ts"
import { clean } from "./failure.ts"
import type { Outbox } from "./outbox.ts"
import { usedOf } from "./used.ts"

export interface Log {
  (message: unknown, fields?: unknown): void
  debug(message: unknown, fields?: unknown): void
  info(message: unknown, fields?: unknown): void
  warn(message: unknown, fields?: unknown): void
  error(message: unknown, fields?: unknown): void
}

export interface AgentContext {
  readonly task: string | null
  readonly runId: string
  readonly stepId: string
  readonly attempt: number
  readonly idempotencyKey: string
  readonly effectKey: string
  readonly traceparent: string | undefined
  readonly signal: AbortSignal
  heartbeat(details?: unknown): void
  readonly log: Log
  usage(report: unknown): void
  /** Never throws, and never waits. */
  readonly attach: Attach
}

const messageCharsMax = 16 << 10
const extraCharsMax = 64 << 10

export function createContext(
  task: AgentTask,
  signal: AbortSignal,
  outbox: Outbox,
  isOpen: () => boolean,
  limits: AttachmentLimits,
): AgentContext {
  const { key } = task
  const say = (level: AgentLogLevel) => (message: unknown, fields?: unknown) => {
    if (!isOpen()) return
    const text = clean(typeof message === "string" ? message : textOf(message), messageCharsMax)
    outbox.log({ kind: "log", key, level, message: text, ...(fields !== undefined && { fields: fieldsOf(fields) }) })
  }
  let attaching: Attach | null = null
  return {
    task: task.task,
    runId: task.runId,
    stepId: task.stepId,
    attempt: task.attempt,
    idempotencyKey: task.idempotencyKey,
    effectKey: task.effectKey,
    traceparent: task.traceparent,
    signal,
    heartbeat(details) {
      if (isOpen()) outbox.send({ kind: "heartbeat", key, ...(details !== undefined && { details: plain(details) }) })
    },
    get log() {
      const log = Object.assign(say("info"), {
        debug: say("debug"),
        info: say("info"),
        warn: say("warn"),
        error: say("error"),
      })
      Object.defineProperty(this, "log", { value: log, enumerable: true })
      return log
    },
    attach(name, data, options) {
      if (!isOpen()) return
      attaching ??= createAttach(task, outbox, limits, say("warn"))
      attaching(name, data, options)
    },
    usage(report) {
      if (!isOpen()) return
      const used = usedOf(report)
      if (Object.keys(used).length > 0) outbox.send({ kind: "usage", key, ...used })
    },
  }
}

function plain(value: unknown): Json {
  try {
    return checkJson(value, { lengthMax: extraCharsMax }) === null
      ? (value as Json)
      : clean(textOf(value), messageCharsMax)
  } catch {
    return "(unreadable)"
  }
}

function fieldsOf(value: unknown): JsonObject {
  const fields = plain(value)
  return typeof fields === "object" && fields !== null && !Array.isArray(fields)
    ? (fields as JsonObject)
    : { value: fields }
}

function textOf(value: unknown): string {
  try {
    if (value instanceof Error) return value.stack ?? value.message
    return JSON.stringify(value) ?? String(value)
  } catch {
    return `(a ${typeof value} that cannot be shown)`
  }
}
