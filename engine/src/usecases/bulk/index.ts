/**
 * The same thing done to many runs (000): looked at first, frozen with its count before anybody is answered, done by the
 * loop in the name of who asked, told run by run. Each run is asked by the verb that a person would use.
 */
import { isJsonObject, type Json } from "../../core/json.ts"
import { canRun, mayEver } from "../../core/policy/roles.ts"
import type { Actor } from "../../core/run/commands.ts"
import type { RunRow } from "../../core/views/rows.ts"
import type {
  Answer,
  BulkActions,
  BulkChange,
  BulkRequest,
  BulkView,
  IdempotencyHeader,
  Remarks,
  RunCommands,
} from "../../door.ts"
import type { BulkRow, BulkState } from "../../ports/bulk-store.ts"
import type { Chance } from "../../ports/chance.ts"
import { type Redaction, redactedText } from "../../ports/redaction.ts"
import { type BulkLimits, BulkLoop, type BulkLoopPorts, type ItemOutcome } from "../../runtime/bulk-loop.ts"
import { no } from "../runs/refusal.ts"
import { type CohortPorts, cohortPages, type Member } from "./cohort.ts"
import { Refusals } from "./refusals.ts"

export interface BulkPorts extends Omit<CohortPorts, "workspaceId">, Omit<BulkLoopPorts, "perform"> {
  readonly chance: Chance
  /** In the workspace that the bulk action belongs to. */
  runsOf(workspaceId: string): Pick<RunCommands, "cancel" | "rerun">
  remarksOf(workspaceId: string): Pick<Remarks, "say">
  readonly redaction: Redaction
  head(): number
}

/** More runs than that are asked for in parts. */
export const cohortMax = 100_000

type WorkspacePorts = BulkPorts & CohortPorts

type Refusal = ReturnType<typeof no>

export interface OpenBulk {
  of(workspaceId: string): BulkActions
  stop(graceMs: number): Promise<void>
}

export async function openBulk(ports: BulkPorts, limits: BulkLimits): Promise<OpenBulk> {
  const loop = new BulkLoop({ ...ports, perform: performer(ports) }, limits)
  await ports.store.forgetFreezing()
  loop.wake()
  const done = <T>(value: T): Answer<T> => ({ ok: true, value, position: ports.head() })
  const move =
    (from: readonly BulkState[], to: BulkState) =>
    async (actor: Actor, bulkId: string): Promise<Answer<BulkView>> => {
      const allowed = mayEver(actor, "operate")
      if (!allowed.allowed) return no("forbidden", allowed.reason)
      const moved = await ports.store.move(bulkId, from, to, ports.clock.now())
      if (moved === null) return notMoved(await ports.store.find(bulkId), bulkId, to)
      if (to === "running") loop.wake()
      return done(viewOf(moved))
    }
  return {
    of: (workspaceId) => ({
      preview: (actor, request) => preview({ ...ports, workspaceId }, actor, request),
      async start(actor, request, header) {
        const started = await start({ ...ports, workspaceId }, actor, request, header)
        if (started.ok) loop.wake()
        return started
      },
      pause: move(["running", "paused"], "paused"),
      resume: move(["running", "paused"], "running"),
      abort: move(["running", "paused"], "aborted"),
      async find(bulkId) {
        const row = await ports.store.find(bulkId)
        return row === null || row.state === "freezing" ? null : viewOf(row)
      },
      async list(before, limit) {
        return (await ports.store.list(workspaceId, before, limit)).map(viewOf)
      },
      items: (bulkId, state, after, limit) => ports.store.items(bulkId, state, after, limit),
    }),
    stop: (graceMs) => loop.stop(graceMs),
  }
}

function notMoved(row: BulkRow | null, bulkId: string, to: BulkState): Answer<BulkView> {
  if (row === null || row.state === "freezing") return no("bulk_not_found", `there is no bulk action ${bulkId}`)
  // Asked twice, it is the same.
  if (row.state === to) return { ok: true, value: viewOf(row), position: 0 }
  return no("bulk_finished", `the bulk action is ${row.state}`, { data: { state: row.state } })
}

async function preview(ports: WorkspacePorts, actor: Actor, request: BulkRequest): Promise<Answer<BulkView>> {
  const refused = refusal(actor, request)
  if (refused !== null) return refused
  const refusals = new Refusals()
  let total = 0
  for await (const members of cohortPages(ports, request.cohort)) {
    total += members.length
    if (total > cohortMax) return tooMany()
    for (const member of members) refusals.note(member.runId, whyNot(member, request, actor))
  }
  const value: BulkView = {
    bulkId: null,
    action: request.action,
    state: "preview",
    reason: request.reason,
    query: request.query,
    from: request.from,
    change: request.change,
    actor: actor.id,
    createdAt: ports.clock.now(),
    completedAt: null,
    total,
    done: 0,
    refused: refusals.count,
    refusals: refusals.groups(),
  }
  return { ok: true, value, position: ports.head() }
}

/** By the row alone (rule 34): the verb has the last word when its turn comes. */
function whyNot({ runId, row }: Member, { action }: BulkRequest, actor: Actor) {
  if (row === null) return { code: "run_not_found", message: `there is no run ${runId}` }
  const can = canRun(row, action, actor)
  if (can.allowed) return null
  return { code: codeOf(row, action), message: can.reason }
}

function codeOf({ completedAt }: RunRow, action: BulkRequest["action"]): string {
  switch (action) {
    case "rerun":
      return "run_not_finished"
    case "resolve":
      return completedAt === null ? "run_not_finished" : "nothing_to_resolve"
    default:
      return completedAt === null ? "run_cancelling" : "run_finished"
  }
}

async function start(
  ports: WorkspacePorts,
  actor: Actor,
  request: BulkRequest,
  header: IdempotencyHeader | null,
): Promise<Answer<BulkView>> {
  const refused = refusal(actor, request)
  if (refused !== null) return refused
  const row = newRow(ports, actor, request, header)
  for (const one of header?.before ?? []) {
    const first = await ports.store.findByKey(JSON.stringify([header!.scope, one.key]))
    if (first !== null) return before(ports, first, one.bodyHash)
  }
  if (!(await ports.store.create(row))) return before(ports, await ports.store.findByKey(row.requestKey!), row.bodyHash)
  try {
    const rejected = await freeze(ports, row.bulkId, request)
    if (rejected !== null) return await discarded(ports, row.bulkId, rejected)
  } catch (error) {
    await ports.store.discard(row.bulkId).catch(() => {})
    throw error
  }
  const running = await ports.store.move(row.bulkId, ["freezing"], "running", ports.clock.now())
  return { ok: true, value: viewOf(running!), position: ports.head() }
}

/** Writes the cohort down; what speaks against it, or null. */
async function freeze(ports: WorkspacePorts, bulkId: string, { cohort }: BulkRequest): Promise<Refusal | null> {
  let total = 0
  for await (const members of cohortPages(ports, cohort)) {
    total += members.length
    if (total > cohortMax) return tooMany()
    await ports.store.add(
      bulkId,
      members.map((member) => member.runId),
    )
  }
  return total === 0 ? no("bulk_empty", "no run matches, so there is nothing to do") : null
}

async function discarded(ports: BulkPorts, bulkId: string, why: Refusal): Promise<Refusal> {
  await ports.store.discard(bulkId)
  return why
}

function newRow(ports: WorkspacePorts, actor: Actor, request: BulkRequest, header: IdempotencyHeader | null): BulkRow {
  const { reason, query, change } = withoutSecrets(ports, request)
  return {
    bulkId: ports.chance.id("bulk"),
    workspaceId: ports.workspaceId,
    action: request.action,
    state: "freezing",
    reason,
    query,
    fromState: request.from,
    change: change === null ? null : JSON.stringify(change),
    actor: JSON.stringify(actor),
    createdAt: ports.clock.now(),
    completedAt: null,
    total: 0,
    done: 0,
    refused: 0,
    requestKey: header === null ? null : JSON.stringify([header.scope, header.key]),
    bodyHash: header?.bodyHash ?? null,
  }
}

/** It is about runs of any workflow: the workspace's policy holds (rule 9). */
function withoutSecrets({ workspaceId, redaction }: WorkspacePorts, { reason, query, change }: BulkRequest) {
  const place = { workspaceId, environment: "", workflowId: "", kind: "identifier" } as const
  const kept = (text: string) => redactedText(redaction, place, text)
  return {
    reason: redactedText(redaction, { ...place, kind: "comment" }, reason),
    query: query === null ? null : kept(query),
    // It is said run by run, each under its own policy; here it only waits for that.
    change: change === null ? null : (eachText(change as unknown as Json, kept) as unknown as BulkRequest["change"]),
  }
}

function eachText(value: Json, change: (text: string) => string): Json {
  if (typeof value === "string") return change(value)
  if (Array.isArray(value)) return value.map((item) => eachText(item, change))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, eachText(part, change)]))
}

/** The same key again: the first one's answer. */
async function before(ports: BulkPorts, first: BulkRow | null, bodyHash: string | null): Promise<Answer<BulkView>> {
  if (first === null || first.state === "freezing")
    return no("overloaded", "the request with this Idempotency-Key is still being taken in", {
      hint: "retry: same key",
    })
  if (first.bodyHash !== bodyHash)
    return no("idempotency_key_reused", "this Idempotency-Key was used with another body", {
      data: { bulkId: first.bulkId },
    })
  return { ok: true, value: viewOf(first), position: ports.head() }
}

function refusal(actor: Actor, { reason }: BulkRequest): Refusal | null {
  const allowed = mayEver(actor, "operate")
  if (!allowed.allowed) return no("forbidden", allowed.reason)
  return reason.trim() === "" ? no("reason_required", "a bulk action needs a reason: it is kept with every run") : null
}

function tooMany(): Refusal {
  return no("bulk_too_large", `more than ${cohortMax} runs match`, { data: { max: cohortMax } })
}

function viewOf({
  fromState,
  change,
  requestKey: _key,
  bodyHash: _hash,
  workspaceId: _workspace,
  ...row
}: BulkRow): BulkView {
  const actor = JSON.parse(row.actor) as Actor
  return {
    ...row,
    state: row.state === "freezing" ? "running" : row.state,
    from: fromState,
    change: changeOf(change),
    actor: actor.id,
    refusals: null,
  }
}

/** What the engine cannot take now and may take later. */
const later: ReadonlySet<string> = new Set(["overloaded", "store_unavailable", "draining", "mailbox_full"])

/** Kept far longer than any bulk action takes: a run is never run again twice. */
const keepMs = 366 * 86_400_000

/** What was said is said again without harm, but for what a person has undone in between: a crash ends sooner. */
const keepSaidMs = 86_400_000

function performer(ports: Pick<BulkPorts, "runsOf" | "remarksOf">): BulkLoopPorts["perform"] {
  return async (bulk, runId): Promise<ItemOutcome> => {
    const answer = await asked(ports, bulk, runId)
    if (answer.ok) return { kind: "done", newRunId: answer.value.newRunId }
    const { code, message } = answer.rejection
    return later.has(code) ? { kind: "later" } : { kind: "refused", code, message }
  }
}

async function asked(
  { runsOf, remarksOf }: Pick<BulkPorts, "runsOf" | "remarksOf">,
  bulk: BulkRow,
  runId: string,
): Promise<Answer<{ readonly newRunId: string | null }>> {
  const actor = JSON.parse(bulk.actor) as Actor
  const runs = runsOf(bulk.workspaceId)
  const { bulkId, reason, fromState: from } = bulk
  const header: IdempotencyHeader = { scope: "bulk", key: `${bulkId}/${runId}`, bodyHash: bulkId, keepMs }
  switch (bulk.action) {
    case "cancel":
      return withRun(await runs.cancel(actor, runId, { reason, force: false }, header), () => null)
    case "rerun": {
      const request = { from, version: null, inputPatch: null, contextPatch: null, reason, origin: "replay" } as const
      return withRun(await runs.rerun(actor, runId, request, header), (started) => started.runId)
    }
    case "tag":
    case "assign":
    case "resolve": {
      const change = changeOf(bulk.change)!
      const said = change.kind === "resolve" ? { ...change, reason } : change
      const origin = { door: "bulk", address: bulkId } as const
      const kept = { ...header, keepMs: keepSaidMs }
      return withRun(await remarksOf(bulk.workspaceId).say(actor, runId, said, origin, kept), () => null)
    }
  }
}

function withRun<T>(answer: Answer<T>, newRunId: (value: T) => string | null): Answer<{ newRunId: string | null }> {
  return answer.ok ? { ...answer, value: { newRunId: newRunId(answer.value) } } : answer
}

function changeOf(text: string | null): BulkChange | null {
  return text === null ? null : (JSON.parse(text) as BulkChange)
}
