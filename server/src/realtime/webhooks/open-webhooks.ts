/**
 * Webhooks: the third reader of the feed, beside SSE and WebSocket. One half turns events into messages, the other sends
 * them; both stand behind the commit and know the engine only by its door. A dead endpoint costs the engine nothing.
 */
import type { Engine, WebhookStore } from "@waybill/engine"
import { addressRules } from "./address-rules.ts"
import { Collector, type CollectorLimits } from "./collector.ts"
import { EndpointBook } from "./endpoint-book.ts"
import { type WebhookVerbs, webhookVerbs } from "./manage.ts"
import { openSending, type SendLimits } from "./send-message.ts"
import { Sender, type SenderLimits } from "./sender.ts"
import { clearLog } from "./webhook-log-upkeep.ts"

export interface WebhookSettings {
  /** Networks besides the public internet. */
  readonly allow: readonly string[]
  /** Seconds between attempts. */
  readonly retrySeconds: readonly number[]
  readonly disableAfterHours: number
  readonly keepDays: number
  readonly alertWindowMinutes: number
  readonly baseUrl: string | null
}

export interface WebhookPorts {
  readonly engine: Engine
  readonly store: WebhookStore
  readonly now: () => number
  readonly monotonic: () => number
  readonly chance: () => number
  readonly id: (prefix: string) => string
  /** A restored store at which nobody has looked: nothing is sent. */
  readonly held: () => boolean
  readonly log: {
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
  }
  /** Nobody can say whether something was stored. */
  readonly onError: (error: unknown) => void
}

export interface Webhooks {
  readonly verbs: WebhookVerbs
  /** Events that were not looked at yet. */
  behind(): number
  stop(graceMs: number): Promise<void>
}

export interface WebhookLimits {
  readonly collector: Omit<CollectorLimits, "alertWindowMs">
  readonly sender: Omit<SenderLimits, "plan">
  readonly send: SendLimits
}

const hourMs = 3_600_000
const endpointsMax = 100
const retryAfterMaxMs = hourMs

export const defaultWebhookLimits: WebhookLimits = {
  collector: {
    batch: 256,
    tail: { events: 4_096, characters: 8 * 1_048_576 },
    queueMax: 10_000,
    pauseMs: 1_000,
  },
  sender: {
    perEndpoint: 16,
    overall: 256,
    failuresInARow: 10,
    restMinMs: 5_000,
    restMaxMs: 300_000,
    settleMs: 10,
    lookMs: 1_000,
  },
  send: { connectMs: 5_000, answerMs: 15_000, answerBytes: 1_024, readBytes: 65_536 },
}

export async function openWebhooks(
  ports: WebhookPorts,
  settings: WebhookSettings,
  limits: WebhookLimits = defaultWebhookLimits,
): Promise<Webhooks> {
  const { engine, store, now, monotonic, chance, id, held, log } = ports
  const rules = addressRules(settings.allow)
  const sending = openSending(rules, limits.send)
  const book = new EndpointBook(store)
  const onError = (error: unknown) => {
    ports.onError(error)
    log.warn({ err: error }, "webhooks wait for the store")
  }
  const collector = new Collector(
    {
      feed: engine.feed,
      run: (runId) => engine.queries.run(runId),
      approval: (approvalId) => engine.queries.approval(approvalId),
      step: (runId, stepId) => engine.insights.step(runId, stepId),
      store,
      book,
      now,
      baseUrl: settings.baseUrl,
      onCollected: () => sender.wake(),
      onError,
    },
    { ...limits.collector, alertWindowMs: settings.alertWindowMinutes * 60_000 },
  )
  const changed = async () => {
    await book.reload()
    collector.refresh()
    sender.wake()
  }
  const sender = new Sender(
    {
      store,
      book,
      send: sending.send,
      now,
      monotonic,
      chance,
      held,
      onDisabled: (webhookId, why) => {
        log.warn({ webhookId, why }, "a webhook is disabled")
        changed().catch(onError)
      },
      onError,
    },
    {
      ...limits.sender,
      plan: {
        delaysMs: settings.retrySeconds.map((seconds) => seconds * 1_000),
        retryAfterMaxMs,
        disableAfterMs: settings.disableAfterHours * hourMs,
      },
    },
  )
  const clear = () => clearLog(store, settings.keepDays, now()).catch(onError)
  const clearing = setInterval(clear, hourMs)
  clearing.unref()
  await changed()
  return {
    verbs: webhookVerbs({
      store,
      rules,
      allow: settings.allow,
      now,
      id,
      head: () => engine.feed.head(),
      endpointsMax,
      onChanged: (endpointId) => {
        sender.refresh(endpointId)
        return changed()
      },
      log: (what, fields) => log.info(fields, what),
    }),
    behind: () => collector.behind(),
    async stop(graceMs) {
      clearInterval(clearing)
      await collector.stop()
      await sender.stop(graceMs)
      sending.close()
    },
  }
}
