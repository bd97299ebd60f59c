/**
 * Makes messages of what was gathered: one an issue and not one a run, no more in an hour than the alert allows, and what
 * is held back is told together when there is room again. A message and what it tells of are one commit, so that a crash
 * makes each once. It sends nothing.
 */
import { createHash } from "node:crypto"
import type { AlertEventName } from "@waybill/contract"
import type {
  AlertThread,
  AlertTurn,
  Engine,
  ListedIssue,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookStore,
} from "@waybill/engine"
import type { EndpointBook } from "../endpoint-book.ts"
import { newDelivery } from "../endpoint-desk.ts"
import { channelBody, documentBody, mailBody } from "./alert-body.ts"
import { type AlertFacts, type AlertWords, alertWords, digestWords } from "./alert-words.ts"
import { recipientsOf } from "./recipients.ts"

export interface TellerPorts {
  readonly engine: Pick<Engine, "queries" | "insights">
  readonly store: WebhookStore
  readonly book: EndpointBook
  /** Of a failed run; null: it is not counted yet. */
  readonly issueOf: (workspaceId: string, runId: string) => Promise<ListedIssue | null>
  /** Addresses of those who may decide, as far as they are members. */
  readonly addressesOf: (workspaceId: string, approvers: readonly string[]) => readonly string[]
  readonly now: () => number
  readonly baseUrl: string | null
  readonly held: () => boolean
  readonly onTold: () => void
  readonly onError: (error: unknown) => void
}

export interface TellerLimits {
  /** Threads that are looked at in one turn. */
  readonly atOnce: number
  /** An issue is waited for: failures are counted behind their commits. */
  readonly countedWithinMs: number
  readonly lookMs: number
}

const hourMs = 3_600_000
const minuteMs = 60_000
const listedMax = 20

type Verdict =
  | { readonly do: "tell"; readonly facts: AlertFacts }
  /** It is looked at later, or, null, when something new happens. */
  | { readonly do: "leave"; readonly done: number; readonly until: number | null }

interface Ready {
  readonly thread: AlertThread
  readonly facts: AlertFacts
}

export class Teller {
  readonly #ports: TellerPorts
  readonly #limits: TellerLimits
  #turn: Promise<void> | null = null
  #asked = false
  #timer: NodeJS.Timeout | null = null
  #stopped = false

  constructor(ports: TellerPorts, limits: TellerLimits) {
    this.#ports = ports
    this.#limits = limits
  }

  /** Something was gathered, or an alert has changed. */
  wake(): void {
    this.#asked = true
    this.#turn ??= this.#loop().finally(() => {
      this.#turn = null
    })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#turn
  }

  async #loop(): Promise<void> {
    while (this.#asked && !this.#stopped) {
      this.#asked = false
      const now = this.#ports.now()
      const next = await this.#tellAll(now).catch((error: unknown) => {
        this.#ports.onError(error)
        return now + this.#limits.lookMs
      })
      if (next !== null) this.#arm(next - this.#ports.now())
    }
  }

  #arm(delayMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#stopped) return
    this.#timer = setTimeout(() => this.wake(), Math.min(Math.max(delayMs, 5), hourMs))
    this.#timer.unref()
  }

  /** @returns when to look again */
  async #tellAll(now: number): Promise<number | null> {
    if (this.#ports.held()) return now + this.#limits.lookMs
    let next: number | null = null
    for (const { row } of this.#ports.book.enabled()) {
      if (row.hourlyMax === null || this.#stopped) continue
      const own = await this.#tell(row, row.hourlyMax, now)
      if (own !== null && (next === null || own < next)) next = own
    }
    return next
  }

  async #tell(row: WebhookEndpoint, hourlyMax: number, now: number): Promise<number | null> {
    const { store } = this.#ports
    const { endpointId } = row
    const due = await store.dueAlerts(endpointId, now, this.#limits.atOnce)
    if (due.length === 0) return store.nextAlert(endpointId, now)
    const told = await store.toldTimes(endpointId, now - hourMs, hourlyMax)
    const room = hourlyMax - told.length
    if (room <= 0) return told[told.length - 1]! + hourMs
    const ready: Ready[] = []
    for (const thread of due) {
      const verdict = await this.#judge(row, thread, now)
      if (verdict.do === "tell") ready.push({ thread, facts: verdict.facts })
      else await this.#leave(endpointId, thread, verdict)
    }
    // The last of an hour has room for all that is left.
    const isCrowded = ready.length > room
    const single = isCrowded ? ready.slice(0, room - 1) : ready
    for (const one of single) await this.#say(row, [one], alertWords(one.facts), now)
    if (isCrowded) await this.#digest(row, ready.slice(room - 1), now)
    if (due.length === this.#limits.atOnce) this.#asked = true
    return store.nextAlert(endpointId, now)
  }

  #leave(endpointId: string, { threadKey }: AlertThread, { done, until }: Extract<Verdict, { do: "leave" }>) {
    return this.#ports.store.tellAlert(endpointId, {
      delivery: null,
      threads: [{ threadKey, done, toldAt: null, dueAt: until }],
    })
  }

  #digest(row: WebhookEndpoint, rest: readonly Ready[], now: number): Promise<void> {
    const listed = rest.slice(0, listedMax).map(({ facts }) => facts)
    return this.#say(row, rest, digestWords(listed, rest.length - listed.length, this.#ports.baseUrl), now)
  }

  async #say(row: WebhookEndpoint, told: readonly Ready[], words: AlertWords, now: number): Promise<void> {
    const threads = told.map(({ thread }) => ({
      ...{ threadKey: thread.threadKey, done: thread.fresh, toldAt: now, dueAt: null },
    }))
    const delivery = this.#delivery(row, told, words, now)
    await this.#ports.store.tellAlert(row.endpointId, { delivery, threads } satisfies AlertTurn)
    if (delivery !== null) this.#ports.onTold()
  }

  /** Null: there is nobody to tell. */
  #delivery(row: WebhookEndpoint, told: readonly Ready[], words: AlertWords, now: number): WebhookDelivery | null {
    const [first] = told
    const only = told.length === 1 ? first!.thread : null
    const body = this.#body(row, told, words, now)
    if (body === null) return null
    const text = [row.endpointId, ...told.map(({ thread }) => `${thread.threadKey}:${thread.total}`)].join("\n")
    const deliveryId = `msg_${createHash("sha256").update(text).digest("base64url").slice(0, 27)}`
    const what = { deliveryId, event: only?.event ?? "alert.digest", runId: only?.runId ?? null, body }
    return newDelivery(row, what, now)
  }

  #body(row: WebhookEndpoint, told: readonly Ready[], words: AlertWords, now: number): string | null {
    switch (row.kind) {
      case "email": {
        const { addressesOf } = this.#ports
        const to = recipientsOf(
          row,
          told.map(({ facts }) => facts),
          (approvers) => addressesOf(row.workspaceId, approvers),
        )
        const thread = told.length === 1 ? `thread.${row.endpointId}.${told[0]!.thread.threadKey.slice(0, 27)}` : null
        return to.length === 0 ? null : mailBody(words, to, thread)
      }
      case "slack":
        return channelBody(words)
      default:
        return documentBody(words, aboutOf(row, told), now)
    }
  }

  async #judge(row: WebhookEndpoint, thread: AlertThread, now: number): Promise<Verdict> {
    const event = thread.event as AlertEventName
    return event === "run.failed" ? this.#judgeFailure(row, thread, now) : this.#judgeApproval(row, thread)
  }

  async #judgeFailure(row: WebhookEndpoint, thread: AlertThread, now: number): Promise<Verdict> {
    const { engine, issueOf } = this.#ports
    const issue = await issueOf(thread.workspaceId, thread.runId)
    const { countedWithinMs, lookMs } = this.#limits
    if (issue === null && now - thread.lastAt < countedWithinMs) return { do: "leave", done: 0, until: now + lookMs }
    // Somebody has said that they know of it, or that it is mended and this run had begun before.
    if (issue !== null && issue.state !== "open") return { do: "leave", done: thread.fresh, until: null }
    const cameBack = issue?.regressedAt != null && issue.regressedAt >= thread.firstAt
    const quietUntil = thread.toldAt === null ? 0 : thread.toldAt + (row.repeatMinutes ?? 0) * minuteMs
    if (now < quietUntil && !cameBack) return { do: "leave", done: 0, until: quietUntil }
    const run = await engine.queries.run(thread.runId)
    const why = run === null ? null : await engine.insights.why(thread.runId, reader)
    return { do: "tell", facts: this.#facts(row, thread, { run, issue, why, cameBack }) }
  }

  async #judgeApproval(row: WebhookEndpoint, thread: AlertThread): Promise<Verdict> {
    const { queries, insights } = this.#ports.engine
    const approval = thread.approvalId === null ? null : await queries.approval(thread.approvalId)
    // One that was decided meanwhile asks nothing of anybody; of several, others may still wait.
    if (approval !== null && approval.state !== "pending" && thread.fresh === 1)
      return { do: "leave", done: 1, until: null }
    const run = await queries.run(thread.runId)
    const undecided = approval === null ? null : await insights.ifNobodyDecides(approval)
    return { do: "tell", facts: this.#facts(row, thread, { run, approval, otherwise: undecided?.otherwise ?? null }) }
  }

  #facts(row: WebhookEndpoint, thread: AlertThread, more: Partial<AlertFacts>): AlertFacts {
    const none = { run: null, issue: null, why: null, approval: null, otherwise: null, cameBack: false }
    const { baseUrl } = this.#ports
    return {
      ...none,
      thread,
      event: thread.event as AlertEventName,
      baseUrl,
      repeatMinutes: row.repeatMinutes ?? 0,
      ...more,
    }
  }
}

/** For whom the next action is one that may be done: whoever reads an alert has to be told one. */
const reader = { id: "user:alerts", teams: [], role: "operator" } as const

function aboutOf(row: WebhookEndpoint, told: readonly Ready[]) {
  return {
    alert_id: row.endpointId,
    about: told.slice(0, listedMax).map(({ facts: { thread, event, run, issue } }) => ({
      event,
      workflow_name: run?.workflowId ?? null,
      environment: run?.environment ?? null,
      run_id: thread.runId,
      issue_id: issue?.issueId ?? null,
      approval_id: thread.approvalId,
      count: thread.fresh,
      since: new Date(thread.firstAt).toISOString(),
    })),
  }
}
