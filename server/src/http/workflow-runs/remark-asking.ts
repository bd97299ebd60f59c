/** What the routes of a run's remarks ask of the engine: to say something, how things stand behind it, and what was said. */
import type { RunStanding } from "@waybill/contract"
import type { Engine, Noted, RemarkAsked, RemarkKind, Said } from "@waybill/engine"
import type { FastifyReply, FastifyRequest } from "fastify"
import { accepted, found } from "../shared/answer.ts"
import { idempotency } from "../shared/idempotency.ts"
import { seqCursor } from "../shared/parameters.ts"
import { standingDocument } from "./documents/remark-document.ts"

export async function say(
  engine: Engine,
  request: FastifyRequest,
  reply: FastifyReply,
  runId: string,
  asked: RemarkAsked,
): Promise<Said> {
  const origin = { door: "api", address: request.ip } as const
  const { actor } = request.caller
  return accepted(await engine.remarks.say(actor, runId, asked, origin, idempotency(request)), reply)
}

export async function standingBehind(
  engine: Engine,
  request: FastifyRequest,
  reply: FastifyReply,
  runId: string,
  asked: RemarkAsked,
): Promise<RunStanding> {
  const said = await say(engine, request, reply, runId, asked)
  return standingDocument(await runOf(engine, runId), said)
}

/** @throws ProblemError `run_not_found` */
export async function runOf(engine: Engine, runId: string) {
  return found(await engine.queries.run(runId), "run_not_found", `there is no run ${runId}`)
}

export interface RemarksAsked {
  readonly kinds: readonly RemarkKind[]
  readonly stepId?: string
  readonly cursor?: string
  readonly limit?: number
}

/** A page of what was said beside a run, newest first. */
export async function remarksOf(
  engine: Engine,
  runId: string,
  asked: RemarksAsked,
): Promise<{ readonly items: readonly Noted[]; readonly nextCursor: string | null }> {
  const most = asked.limit ?? 50
  const before = asked.cursor === undefined ? null : seqCursor(asked.cursor)
  const found = await engine.remarks.list(runId, {
    kinds: asked.kinds,
    stepId: asked.stepId ?? null,
    before,
    limit: most + 1,
  })
  const items = found.slice(0, most)
  return { items, nextCursor: found.length > most ? String(items[items.length - 1]!.number) : null }
}
