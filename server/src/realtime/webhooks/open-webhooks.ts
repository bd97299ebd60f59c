/**
 * Webhooks and alerts: the third reader of the feed, beside SSE and WebSocket. One part turns events into messages, or
 * gathers them for people, one makes alerts of what was gathered, one sends; all stand behind the commit and know the
 * engine only by its door. A dead endpoint costs the engine nothing.
 */
import type { Engine, WebhookStore } from "@waybill/engine"
import { addressRules } from "./address-rules.ts"
import { carryBy } from "./alerts/carry.ts"
import { openMailing } from "./alerts/carry-mail.ts"
import { noteOf } from "./alerts/gather.ts"
import { type AlertVerbs, alertVerbs } from "./alerts/manage-alerts.ts"
import { Teller, type TellerLimits, type TellerPorts } from "./alerts/teller.ts"
import { Collector, type CollectorLimits } from "./collector.ts"
import { EndpointBook } from "./endpoint-book.ts"
import { type KeptText, keepingAnswers } from "./kept-answer.ts"
import { lockedTodo } from "./locked.ts"
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
  /** Of alerts: what comes so soon after the first is told with it. */
  readonly gatherSeconds: number
  readonly smtpUrl: string | null
  readonly smtpFrom: string | null
  readonly baseUrl: string | null
}

export interface WebhookPorts {
  readonly engine: Engine
  readonly store: WebhookStore
  readonly issueOf: TellerPorts["issueOf"]
  readonly addressesOf: TellerPorts["addressesOf"]
  readonly kept: KeptText
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
  readonly alerts: AlertVerbs
  /** Events that were not looked at yet. */
  behind(): number
  stop(graceMs: number): Promise<void>
}

export interface WebhookLimits {
  readonly collector: CollectorLimits
  readonly teller: TellerLimits
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
  teller: { atOnce: 500, countedWithinMs: 30_000, lookMs: 1_000 },
  sender: {
    perEndpoint: 16,
    overall: 256,
    failuresInARow: 10,
    restMinMs: 5_000,
    restMaxMs: 300_000,
    settleMs: 10,
    lookMs: 1_000,
  },
  send: { connectMs: 5_000, answerMs: 15_000, answerBytes: 4_096, readBytes: 65_536 },
}

export async function openWebhooks(
  ports: WebhookPorts,
  settings: WebhookSettings,
  limits: WebhookLimits = defaultWebhookLimits,
): Promise<Webhooks> {
  const { engine, store, now, monotonic, chance, id, held, log } = ports
  const rules = addressRules(settings.allow)
  const sending = openSending(rules, limits.send)
  const mailing = openMailing({ url: settings.smtpUrl, from: settings.smtpFrom })
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
      noteOf: (endpoint, name, told) => noteOf(endpoint, name, told, now(), settings.gatherSeconds * 1_000),
      onCollected: () => {
        sender.wake()
        teller.wake()
      },
      onError,
    },
    limits.collector,
  )
  const { issueOf, addressesOf } = ports
  const teller = new Teller(
    {
      ...{ engine, store, book, issueOf, addressesOf, now, baseUrl: settings.baseUrl, held, onError },
      onTold: () => sender.wake(),
    },
    limits.teller,
  )
  const changed = async () => {
    await book.reload()
    collector.refresh()
    sender.wake()
    teller.wake()
  }
  const sender = new Sender(
    {
      store,
      book,
      carry: keepingAnswers(carryBy(book, sending.send, mailing), ports.kept),
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
  const locked = book.locked()
  if (locked.length > 0) log.warn({ webhookIds: locked }, `nothing is sent to these endpoints: ${lockedTodo}`)
  const desk = {
    ...{ store, rules, allow: settings.allow, now, id, endpointsMax },
    head: () => engine.feed.head(),
    onChanged: (endpointId: string) => {
      sender.refresh(endpointId)
      return changed()
    },
    log: (what: string, fields: object) => log.info(fields, what),
  }
  return {
    verbs: webhookVerbs(desk),
    alerts: alertVerbs({ ...desk, canMail: mailing.isConfigured }),
    behind: () => collector.behind(),
    async stop(graceMs) {
      clearInterval(clearing)
      await collector.stop()
      await teller.stop()
      await sender.stop(graceMs)
      sending.close()
      mailing.close()
    },
  }
}
