/**
 * Gathers what "why" is made of and hands it to the core (ui.md §3.2). A living run is looked at as it is; a finished
 * one is told from single rows, so that ten thousand steps cost what ten do.
 */
import type { Definition } from "../../core/definition/model.ts"
import type { Json } from "../../core/json.ts"
import type { Allowed } from "../../core/policy/roles.ts"
import type { Actor } from "../../core/run/commands.ts"
import type { Cause, EventPayloads, RunCreated, Stored } from "../../core/run/events.ts"
import type { RunState } from "../../core/run/state.ts"
import type { StoredEventRow } from "../../core/views/feed-event.ts"
import type { RunRow } from "../../core/views/rows.ts"
import {
  type AgentNow,
  againstLastGood,
  alikeQuery,
  aloneWait,
  type Beginning,
  type EngineFacts,
  explainRun,
  type NewerVersion,
  type OpenRun,
  type Paused,
  readOpenRun,
  type StepPlace,
  type WhyAlike,
  type WhyCause,
  type WhyChanged,
  type WhyEnded,
  type WhyView,
} from "../../core/views/why/index.ts"
import type { Action } from "../../door.ts"
import type { AgentContract } from "../../ports/agent-host.ts"
import type { RemarkStore } from "../../ports/remark-store.ts"
import type { RunInsights, RunsAlike } from "../../ports/run-insights.ts"
import type { RunQueries } from "../../ports/run-queries.ts"
import type { RunStore } from "../../ports/store.ts"
import { agentAt } from "../../runtime/agent-name.ts"
import { storedValue } from "../queries/inspect-run.ts"
import { causeOf } from "./failure-cause.ts"
import { modelsOfRun } from "./models-of-run.ts"

export interface ExplainPorts {
  readonly rows: RunQueries
  readonly insights: RunInsights
  readonly store: Pick<RunStore, "load" | "blobs">
  readonly standing: RemarkStore["standing"]
  /** A run that is left alone, as such. */
  readonly shown: (row: RunRow) => RunRow
  readonly look: <T>(runId: string, use: (state: RunState | null) => T) => Promise<T>
  readonly facts: (state: RunState) => EngineFacts
  readonly definitionOf: (hash: string) => Promise<Definition | null>
  /** The newest version that a start would take, and its label; null = none. */
  readonly newest: (run: RunRow) => Promise<(NewerVersion & { readonly hash: string }) | null>
  readonly agents: () => readonly AgentContract[]
  readonly actions: (row: RunRow, actor: Actor) => readonly Action[]
  readonly mayDecide: (approvalId: string, actor: Actor) => Promise<Allowed>
  readonly now: () => number
}

/** Inputs that are larger are not read for a comparison. */
const comparedBytesMax = 256 << 10
/** So far behind the end a pause or the reason of an end is looked for. */
const lookBack = 2_000

export async function explain(ports: ExplainPorts, runId: string, actor: Actor): Promise<WhyView | null> {
  const row = await ports.rows.run(runId)
  if (row === null) return null
  const run = ports.shown(row)
  if (run.completedAt !== null) return explainEnded(ports, run, actor)
  const alone = leftAlone(run)
  if (alone !== null) return explainOpen(ports, run, alone, actor)
  const definition = await ports.definitionOf(run.definitionHash)
  const paused = run.status === "PAUSED" ? await pausedBy(ports, run) : null
  const open = await ports.look(runId, (state) =>
    state === null || state.terminal !== null ? null : readOpenRun(state, definition, ports.facts(state), paused),
  )
  if (open !== null) return explainOpen(ports, run, open, actor)
  // It has ended in between, or cannot be looked at: what its row says is what there is.
  const now = (await ports.rows.run(runId)) ?? run
  return now.completedAt === null ? explainOpen(ports, now, unseen(now), actor) : explainEnded(ports, now, actor)
}

/** Nothing is decided about it any more (rule 1): its row says so, its events cannot. */
function leftAlone(run: RunRow): OpenRun | null {
  const [blocker] = JSON.parse(run.blockedOn) as { kind: string; stepId: string | null; name: string; since: number }[]
  if (run.reason !== "lost" || blocker?.kind !== "operator" || blocker.stepId !== null) return null
  return { ...unseen(run), waits: [aloneWait(blocker.name, blocker.since)], waitCount: 1 }
}

function unseen({ seq }: RunRow): OpenRun {
  return { seq, waits: [], waitCount: 0, doing: [], doingCount: 0, cause: null, leaving: null }
}

async function explainOpen(ports: ExplainPorts, run: RunRow, open: OpenRun, actor: Actor): Promise<WhyView> {
  const decisions = new Map<string, Allowed>()
  for (const { approvalId } of open.waits)
    if (approvalId !== null) decisions.set(approvalId, await ports.mayDecide(approvalId, actor))
  return explainRun({
    run,
    now: ports.now(),
    may: mayOf(ports, run, actor),
    mayDecide: (approvalId) => decisions.get(approvalId) ?? { allowed: false, reason: "it is not open" },
    cause: open.cause,
    resolution: null,
    ended: null,
    changed: null,
    alike: null,
    open,
    agent: null,
    newerVersion: null,
  })
}

async function explainEnded(ports: ExplainPorts, run: RunRow, actor: Actor): Promise<WhyView> {
  const failed = run.status === "FAILED" || run.status === "TIMED_OUT"
  const cause = failed ? await causeOf(ports, run) : null
  const beside = failed ? await ports.insights.neighbours(run) : null
  const [standing, ended, changed, agent, newerVersion] = await Promise.all([
    ports.standing(run.runId),
    run.status === "CANCELLED" ? endedBy(ports, run) : null,
    beside?.lastGood == null ? null : changedSince(ports, beside.lastGood, run, cause),
    cause === null ? null : agentNow(ports, run, cause),
    failed ? newerThan(ports, run) : null,
  ])
  return explainRun({
    run,
    now: ports.now(),
    may: mayOf(ports, run, actor),
    mayDecide: () => ({ allowed: false, reason: "the run has ended" }),
    cause,
    resolution: standing?.resolution ?? null,
    ended,
    changed,
    alike: beside?.alike == null ? null : alikeOf(run, beside.alike),
    open: null,
    agent,
    newerVersion,
  })
}

function mayOf(ports: ExplainPorts, run: RunRow, actor: Actor): (action: string) => Allowed {
  const actions = ports.actions(run, actor)
  return (name) => {
    const action = actions.find((one) => one.name === name)
    return action?.allowed ? { allowed: true } : { allowed: false, reason: action?.reason ?? `there is no ${name}` }
  }
}

function alikeOf(run: RunRow, alike: RunsAlike): WhyAlike {
  return { ...alike, query: alikeQuery(run, alike.issueId) }
}

async function pausedBy({ insights }: ExplainPorts, run: RunRow): Promise<Paused | null> {
  const event = await insights.newestEvent(run.runId, ["run.paused"], run.seq - lookBack)
  if (event === null) return null
  return { by: event.actor, at: event.at, reason: payloadOf(event, "run.paused")?.reason ?? null }
}

/** The terminal event has the cause; who asked stands in the event that asked. */
async function endedBy({ insights }: ExplainPorts, run: RunRow): Promise<WhyEnded | null> {
  const after = run.seq - lookBack
  const end = await insights.newestEvent(run.runId, ["run.cancelled"], run.seq - 1)
  const cause: Cause | null = end === null ? null : (payloadOf(end, "run.cancelled")?.cause ?? null)
  if (cause === null) return null
  const asked = cause.kind === "rejected" ? "approval.rejected" : "run.cancel_requested"
  const event = await insights.newestEvent(run.runId, [asked], after)
  return { kind: cause.kind, by: event?.actor ?? null, reason: cause.reason }
}

async function changedSince(
  ports: ExplainPorts,
  good: RunRow,
  run: RunRow,
  cause: WhyCause | null,
): Promise<WhyChanged | null> {
  const failed = cause?.step?.runId === run.runId ? cause.step : null
  const [then, now] = await Promise.all([beginningOf(ports, good, null), beginningOf(ports, run, failed)])
  return then === null || now === null ? null : againstLastGood(then, now)
}

/** Null: what it was begun with has been erased. */
async function beginningOf(ports: ExplainPorts, row: RunRow, failed: StepPlace | null): Promise<Beginning | null> {
  const created = await createdOf(ports, row.runId)
  if (created === null) return null
  const { agents } = created
  const [input, models] = await Promise.all([
    smallValue(ports, created.input),
    Object.keys(agents).length === 0 ? new Map() : modelsOfRun(ports.rows, row, failed),
  ])
  return { row, agents, input, models }
}

async function createdOf({ rows }: ExplainPorts, runId: string): Promise<RunCreated | null> {
  const [event] = await rows.events(runId, { after: 0, types: [], limit: 1 })
  return event === undefined ? null : payloadOf(event, "run.created")
}

async function smallValue({ store }: ExplainPorts, stored: Stored): Promise<Json | undefined> {
  return "blob" in stored && stored.bytes > comparedBytesMax ? undefined : storedValue(store, stored)
}

/** The agent of the failed step as it is loaded now, beside the code that failed. */
async function agentNow(ports: ExplainPorts, run: RunRow, cause: WhyCause): Promise<AgentNow | null> {
  const agent = cause.agent ?? unknownAgent(cause)
  if (agent === null || cause.step === null) return null
  const { environment, name } = agentAt(agent, run.environment)
  const loaded = ports.agents().find((one) => one.environment === environment && one.name === name)
  if (loaded === undefined) return { file: null, changed: false }
  const pin = (await createdOf(ports, cause.step.runId))?.agents[agent]
  return { file: loaded.file, changed: pin !== undefined && pin.sourceHash !== loaded.sourceHash }
}

function unknownAgent({ error }: WhyCause): string | null {
  return error.code === "agent_unknown" ? (/"([^"]+)"/.exec(error.detail)?.[1] ?? null) : null
}

async function newerThan(ports: ExplainPorts, run: RunRow): Promise<NewerVersion | null> {
  const newest = await ports.newest(run)
  return newest === null || newest.hash === run.definitionHash ? null : newest
}

function payloadOf<T extends keyof EventPayloads>(event: StoredEventRow, _type: T): EventPayloads[T] | null {
  return event.payload === null ? null : (JSON.parse(event.payload) as EventPayloads[T])
}
