/** `/slos`: what a workflow is to keep, whether it does, and how much of what that allows is left. */
import { PutSlo, Slo, SloPage } from "@waybill/contract"
import type { Measures, SloAnswer } from "@waybill/engine"
import { Type } from "typebox"
import type { App } from "../shared/app.ts"
import { knownOrRan } from "../shared/known-workflow.ts"
import { invalidParameter } from "../shared/parameters.ts"
import { ProblemError } from "../shared/problem.ts"
import { rfc3339 } from "../shared/time.ts"

const tags = ["insights"]
const params = Type.Object({ sloId: Type.String({ pattern: "^[a-z0-9][a-z0-9._-]{0,63}$" }) })

export function sloRoutes(app: App, measures: Measures): void {
  app.get(
    "/slos",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags,
        operationId: "listSlos",
        summary: "Targets: whether they hold, what is left of their error budgets, and how fast these are used",
        response: { 200: SloPage },
      },
    },
    async ({ caller }) => ({ items: (await measures.slos(caller.workspaceId)).map(document), nextCursor: null }),
  )

  app.put(
    "/slos/:sloId",
    {
      config: { role: "admin", needs: "admin" },
      schema: { tags, operationId: "putSlo", summary: "Set a target", params, body: PutSlo, response: { 200: Slo } },
    },
    async ({ caller, params: { sloId }, body, engine }) => {
      const { workflowId, environment = "default", objective, target, limitMs = null } = body
      if ((objective === "duration") !== (limitMs !== null))
        throw invalidParameter("limitMs", objective === "duration" ? "a duration needs it" : "a success rate has none")
      await knownOrRan(engine, workflowId, environment)
      const isPut = await measures.putSlo({
        workspaceId: caller.workspaceId,
        sloId,
        workflowId,
        environment,
        objective,
        target,
        limitMs,
        windowDays: body.windowDays ?? 30,
        description: body.description ?? "",
        changedAt: Date.now(),
        changedBy: caller.actor.id,
      })
      if (!isPut) throw new ProblemError("too_many_slos", "the workspace has 200 targets already")
      const found = (await measures.slos(caller.workspaceId)).find(({ slo }) => slo.sloId === sloId)
      if (found === undefined) throw new ProblemError("slo_not_found", `there is no target ${sloId}`)
      return document(found)
    },
  )

  app.delete(
    "/slos/:sloId",
    {
      config: { role: "admin", needs: "admin" },
      schema: {
        tags,
        operationId: "removeSlo",
        summary: "Take a target back",
        params,
        response: { 204: Type.Null() },
      },
    },
    async ({ caller, params: { sloId } }, reply) => {
      if (!(await measures.removeSlo(caller.workspaceId, sloId)))
        throw new ProblemError("slo_not_found", `there is no target ${sloId}`)
      return reply.code(204).send(null)
    },
  )
}

function document({ slo, from, to, state, level, allowed, budgetLeft, burn }: SloAnswer): Slo {
  const { workspaceId: _workspaceId, changedAt, ...rest } = slo
  return {
    ...rest,
    changedAt: rfc3339(changedAt),
    from: rfc3339(from),
    to: rfc3339(to),
    state,
    ...level,
    budget: { allowed, left: budgetLeft },
    burnRate: burn.map((one) => ({ ...one })),
  }
}
