/**
 * What is said beside a run, decided on its row and its standing and written in one transaction with the answer to its
 * key. Two who say something at once come one after the other: who was second is decided again on what the first left.
 */

import { canRun, mayEver, type RunAction } from "../../core/policy/roles.ts"
import type { RemarkAsked } from "../../core/remarks/decide-remark.ts"
import { decideRemark } from "../../core/remarks/decide-remark.ts"
import type { Noted, Remark, RemarkOrigin } from "../../core/remarks/remark.ts"
import { applyRemark } from "../../core/remarks/standing.ts"
import type { Actor } from "../../core/run/commands.ts"
import type { RunRow } from "../../core/views/rows.ts"
import type { Answer, IdempotencyHeader, Remarks, Said } from "../../door.ts"
import type { Chance } from "../../ports/chance.ts"
import type { Clock } from "../../ports/clock.ts"
import { type Redaction, redactedText } from "../../ports/redaction.ts"
import type { RemarkStore } from "../../ports/remark-store.ts"
import type { RunInsights } from "../../ports/run-insights.ts"
import type { RunLogStore } from "../../ports/run-logs.ts"
import type { RunQueries } from "../../ports/run-queries.ts"
import type { IdempotentAnswer, RunStore } from "../../ports/store.ts"
import { answeredBefore } from "../answered-before.ts"
import type { KeyGate } from "../key-gate.ts"
import { no } from "../runs/refusal.ts"

export interface SayPorts {
  readonly store: RemarkStore
  readonly rows: Pick<RunQueries, "run">
  readonly insights: Pick<RunInsights, "step">
  /** Absent: there are no logs to say something about. */
  readonly logs?: Pick<RunLogStore, "page">
  readonly answers: Pick<RunStore, "findAnswer">
  readonly clock: Clock
  readonly chance: Chance
  readonly redaction: Redaction
  readonly gate: KeyGate
  readonly idempotencyKeepMs: number
  head(): number
}

/** Each time another remark of the same run was first; they wait for each other, so this is hardly ever one. */
const triesMax = 8

export const say =
  (ports: SayPorts): Remarks["say"] =>
  async (actor, runId, asked, origin, header) => {
    const allowed = mayEver(actor, "operate")
    if (!allowed.allowed) return no("forbidden", allowed.reason)
    const turn = () => ports.gate.inTurn(`run ${runId}`, () => sayNow(ports, actor, runId, asked, origin, header))
    if (header === null) return turn()
    return ports.gate.inTurn(`key ${JSON.stringify([header.scope, header.key])}`, async () => {
      return (await answered(ports, header)) ?? turn()
    })
  }

async function answered(ports: SayPorts, header: IdempotencyHeader): Promise<Answer<Said> | null> {
  const before = await answeredBefore(ports.answers, header, ports.clock.now())
  if (before === null) return null
  if (before.isSame) return done(ports, JSON.parse(before.answer) as Said)
  return no("idempotency_key_reused", "this Idempotency-Key was used with another body", {
    data: { runId: before.runId },
  })
}

async function sayNow(
  ports: SayPorts,
  actor: Actor,
  runId: string,
  asked: RemarkAsked,
  origin: RemarkOrigin,
  header: IdempotencyHeader | null,
): Promise<Answer<Said>> {
  for (let tries = 0; tries < triesMax; tries++) {
    const run = await ports.rows.run(runId)
    const standing = await ports.store.standing(runId)
    if (run === null || standing === null) return no("run_not_found", `there is no run ${runId}`)
    const refused = await refusal(ports, actor, run, asked)
    if (refused !== null) return refused
    const placed = await onItsStep(ports, run, asked)
    if (placed === null) return no("log_line_not_found", "the run's log has no such line")
    const decision = decideRemark(run, standing, redacted(ports, run, placed), await namedNote(ports, asked))
    if (!decision.ok) return decision
    const { body } = decision
    const remark: Remark | null =
      body === null
        ? null
        : {
            remarkId: ports.chance.id("rmk"),
            runId,
            number: standing.number + 1,
            at: ports.clock.now(),
            actor: actor.id,
            origin,
            body,
          }
    const said: Said = { remark, standing: remark === null ? standing : applyRemark(standing, remark) }
    const answer = header === null ? null : answerOf(ports, header, said, runId)
    if (remark === null && answer === null) return done(ports, said)
    const written = await ports.store.append({ runId, remark, standing: said.standing, answer })
    if (written === "durable") return done(ports, said)
    if (written === "duplicate_key") return (await answered(ports, header!)) ?? busy()
  }
  return busy()
}

/** By the row: the same that draws the button (rule 34). */
async function refusal(
  ports: SayPorts,
  actor: Actor,
  run: RunRow,
  asked: RemarkAsked,
): Promise<Extract<Answer<Said>, { ok: false }> | null> {
  const can = canRun(run, actionOf(asked), actor)
  // What the row says against a resolution has codes of its own.
  if (!can.allowed && asked.kind !== "resolve" && asked.kind !== "reopen") return no("forbidden", can.reason)
  if (asked.kind !== "annotate" || asked.stepId === null) return null
  const step = await ports.insights.step(run.runId, asked.stepId)
  return step === null ? no("step_not_found", `the run has no step ${asked.stepId}`) : null
}

/** A line is its step's, and so is a note about it. Null: there is no such line, or it is another step's. */
async function onItsStep({ logs }: SayPorts, run: RunRow, asked: RemarkAsked): Promise<RemarkAsked | null> {
  if (asked.kind !== "annotate" || asked.logLine === undefined) return asked
  const { logLine, stepId } = asked
  const page = { after: logLine - 1, level: "debug", stepId: null, attempt: null, limit: 1 } as const
  const line = (await logs?.page(run.runId, page))?.lines[0]
  if (line?.number !== logLine || (stepId !== null && stepId !== line.stepId)) return null
  return { ...asked, stepId: line.stepId }
}

function actionOf(asked: RemarkAsked): RunAction {
  switch (asked.kind) {
    case "annotate":
    case "withdraw":
      return "annotate"
    case "tag":
    case "assign":
      return asked.kind
    case "resolve":
    case "reopen":
      return "resolve"
  }
}

/** What may not be kept of a run's values is not kept beside it either (rule 9). */
function redacted(ports: SayPorts, run: RunRow, asked: RemarkAsked): RemarkAsked {
  const { workspaceId, environment, workflowId } = run
  const kept = (kind: "comment" | "identifier", text: string): string =>
    redactedText(ports.redaction, { workspaceId, environment, workflowId, kind }, text)
  const named = (text: string) => kept("identifier", text)
  switch (asked.kind) {
    case "annotate":
      return { ...asked, note: kept("comment", asked.note) }
    case "resolve":
      return asked.reason === null ? asked : { ...asked, reason: kept("comment", asked.reason) }
    case "tag":
      return { ...asked, add: asked.add.map(named), remove: asked.remove.map(named) }
    case "assign":
      return asked.owner === null ? asked : { ...asked, owner: named(asked.owner) }
    case "withdraw":
    case "reopen":
      return asked
  }
}

function namedNote({ store }: SayPorts, asked: RemarkAsked): Promise<Noted | null> {
  return asked.kind === "withdraw" ? store.remark(asked.remarkId) : Promise.resolve(null)
}

function answerOf(ports: SayPorts, header: IdempotencyHeader, said: Said, runId: string): IdempotentAnswer {
  const { scope, key, bodyHash, keepMs } = header
  const expiresAt = ports.clock.now() + (keepMs ?? ports.idempotencyKeepMs)
  return { scope, key, bodyHash, runId, answer: JSON.stringify(said), expiresAt }
}

function done(ports: SayPorts, said: Said): Answer<Said> {
  return { ok: true, value: said, position: ports.head() }
}

function busy() {
  return no("overloaded", "others say something about this run all the time", { hint: "retry: same key" })
}
