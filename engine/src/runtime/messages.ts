/**
 * Between runs goes a message, never a shared decision (rule 11): start a child, cancel it, tell the parent its end.
 * A message is stored with the decision that caused it and leaves the store with the one that took it, or when it asks
 * nothing any more. To one run they go one after the other, in the order in which they were stored.
 */
import type { Json } from "../core/json.ts"
import type { Command, Rejection } from "../core/run/commands.ts"
import type { RunError, Stored } from "../core/run/events.ts"
import type { Log } from "../ports/log.ts"
import type { MessageRow, RunStore } from "../ports/store.ts"
import type { BlobCache } from "./blob-cache.ts"
import { type Envelope, envelope, type Outcome } from "./envelope.ts"
import { Fifo } from "./fifo.ts"
import { type Message, sourceOf } from "./message.ts"

export interface ChildRequest {
  readonly parentRunId: string
  readonly parentStepId: string
  readonly childRunId: string
  readonly workflowId: string
  readonly version: string | null
  readonly input: Json
}

/** A child's `start-run`, or why there can be none. */
export type ChildPrepared =
  | { readonly ok: true; readonly start: Pick<Envelope, "actor" | "command" | "definition" | "definitionKey"> }
  | { readonly ok: false; readonly rejection: Rejection }

export interface MessagePorts {
  readonly store: RunStore
  readonly blobCache: BlobCache
  readonly log: Log
  submit(envelope: Envelope): void
  prepareChild(request: ChildRequest): Promise<ChildPrepared>
  fatal(message: string): void
}

const pageSize = 1_000

/** What is refused now and may be taken later: the message stays stored, and is sent again. */
const later: ReadonlySet<string> = new Set([
  "run_quarantined",
  "internal_error",
  "store_unavailable",
  "mailbox_full",
  "draining",
])

export class Messages {
  readonly #ports: MessagePorts
  readonly #toRun = new Map<string, Fifo<MessageRow>>()
  readonly #underWay = new Set<string>()
  /** Runs that could not take a message: what comes after it must not overtake it, and waits for `resend`, too. */
  readonly #held = new Set<string>()

  constructor(ports: MessagePorts) {
    this.#ports = ports
  }

  get underWay(): number {
    return this.#underWay.size
  }

  /** After the commit that stored it. */
  deliver(row: MessageRow): void {
    if (this.#underWay.has(row.messageId) || this.#held.has(row.toRunId)) return
    this.#underWay.add(row.messageId)
    const waiting = this.#toRun.get(row.toRunId)
    if (waiting !== undefined) return waiting.push(row)
    this.#toRun.set(row.toRunId, new Fifo())
    this.#send(row)
  }

  /** Everything that is stored and not under way: at boot, and now and then for what could not be taken before. */
  async resend(): Promise<void> {
    this.#held.clear()
    for (let after: string | null = null; ; ) {
      const rows: readonly MessageRow[] = await this.#ports.store.messages(after, pageSize)
      for (const row of rows) this.deliver(row)
      const last = rows[rows.length - 1]
      if (last === undefined || rows.length < pageSize) return
      after = last.messageId
    }
  }

  #send(row: MessageRow): void {
    this.#handle(row).then(
      () => this.#next(row),
      (error: unknown) => this.#ports.fatal(`message ${row.messageId} could not be handled: ${text(error)}`),
    )
  }

  #next(row: MessageRow): void {
    this.#underWay.delete(row.messageId)
    const waiting = this.#toRun.get(row.toRunId)!
    const held = this.#held.has(row.toRunId)
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (!held) return this.#send(next)
      this.#underWay.delete(next.messageId)
    }
    this.#toRun.delete(row.toRunId)
  }

  async #handle(row: MessageRow): Promise<void> {
    const message = JSON.parse(row.body) as Message
    switch (message.kind) {
      case "start-child":
        return this.#startChild(row, message)
      case "cancel-child":
        return this.#command(row, row.toRunId, { kind: "cancel", cause: message.cause })
      case "gate-child": {
        const reason = `its parent ${sourceOf(row.messageId)} was ${message.paused ? "paused" : "resumed"}`
        return this.#command(row, row.toRunId, { kind: message.paused ? "pause" : "resume", reason })
      }
      case "finish-child": {
        const { childRunId, status, error } = message
        const output = await this.#value(message.output)
        return this.#command(row, row.toRunId, { kind: "finish-child", childRunId, status, output, error })
      }
    }
  }

  async #startChild(row: MessageRow, message: Extract<Message, { kind: "start-child" }>): Promise<void> {
    const { parentStepId, workflowId, version } = message
    const parentRunId = sourceOf(row.messageId)
    const input = await this.#value(message.input)
    const request = { parentRunId, parentStepId, childRunId: row.toRunId, workflowId, version, input }
    const prepared = await this.#ports.prepareChild(request)
    if (!prepared.ok) return this.#failChild(row, prepared.rejection)
    const outcome = await this.#submit({ ...prepared.start, runId: row.toRunId, messagesIn: [row.messageId] })
    if (outcome.kind === "committed") return
    if (outcome.rejection.code === "run_exists") return this.#forget(row)
    if (!later.has(outcome.rejection.code)) return this.#failChild(row, outcome.rejection)
    this.#keep(row, outcome.rejection)
  }

  /** The child never began: its parent hears of it as of a child that failed. */
  #failChild(row: MessageRow, rejection: Rejection): Promise<void> {
    const { code, message, data } = rejection
    const error: RunError = {
      type: `waybill:${code}`,
      class: "validation_failed",
      code,
      title: "The child run could not start",
      detail: message,
      ...(data === undefined ? {} : { data }),
    }
    const command: Command = { kind: "finish-child", childRunId: row.toRunId, status: "FAILED", output: null, error }
    return this.#command(row, sourceOf(row.messageId), command)
  }

  async #command(row: MessageRow, runId: string, command: Command): Promise<void> {
    const outcome = await this.#submit({ runId, command, messagesIn: [row.messageId] })
    if (outcome.kind === "committed") return
    if (later.has(outcome.rejection.code)) this.#keep(row, outcome.rejection)
    else await this.#forget(row)
  }

  #submit(parts: Omit<Parameters<typeof envelope>[0], "settle">): Promise<Outcome> {
    return new Promise((resolve) => this.#ports.submit(envelope({ ...parts, settle: resolve })))
  }

  /** Not forgotten is only sent once more, and asks nothing then either. */
  async #forget(row: MessageRow): Promise<void> {
    try {
      await this.#ports.store.forgetMessages([row.messageId])
    } catch (error) {
      this.#ports.log.write("warn", "a message could not be removed", { messageId: row.messageId, error: text(error) })
    }
  }

  #keep(row: MessageRow, rejection: Rejection): void {
    this.#held.add(row.toRunId)
    this.#ports.log.write("warn", "a message waits", {
      messageId: row.messageId,
      to: row.toRunId,
      code: rejection.code,
    })
  }

  async #value(stored: Stored): Promise<Json> {
    if ("value" in stored) return stored.value
    const cached = this.#ports.blobCache.get(stored.blob)
    if (cached !== undefined) return cached
    const json = (await this.#ports.store.blobs([stored.blob])).get(stored.blob)
    if (json === undefined) throw new Error(`value ${stored.blob} is not stored`)
    return JSON.parse(json)
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
