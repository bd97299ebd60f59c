/** What waits for a person, and what they decide (004 §4.3, settled 27). */
import { Approval, ApprovalPage, approvalStates, Decide, Decision, Delegate } from "@waybill/contract"
import { type ApprovalRow, type Engine, type Json, mayAsk } from "@waybill/engine"
import type { FastifyReply, FastifyRequest } from "fastify"
import { Type } from "typebox"
import { noSecret } from "../../access/refuse-secrets.ts"
import { accepted, found } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import type { Caller } from "../shared/auth.ts"
import { idempotency } from "../shared/idempotency.ts"
import { cursor, invalidParameter, limit, listOf, runParams, word } from "../shared/parameters.ts"
import { oneOfEach } from "../shared/run-filter.ts"
import { approvalDocument } from "./documents/approval-document.ts"

const id = Type.String({ minLength: 1, maxLength: 256 })
const sorts = ["-requestedAt", "dueAt"] as const
const approvalParams = Type.Object({ runId: id, approvalId: id })
const state = Type.Optional(
  Type.String({ maxLength: 256, description: `One or more of ${approvalStates.join(", ")}, separated by commas.` }),
)

export function approvalRoutes(app: App): void {
  app.get(
    "/workflow-runs/:runId/approvals",
    {
      config: { role: "viewer", needs: "runs:read", orFor: "approvals:decide" },
      schema: {
        tags: ["approvals"],
        operationId: "listRunApprovals",
        summary: "Approvals of a run, pending and decided",
        params: runParams,
        querystring: Type.Object({ state, cursor, limit }, { additionalProperties: false }),
        response: { 200: ApprovalPage },
      },
    },
    async (request, reply) => {
      const { runId } = request.params
      const { query } = request
      found(await request.engine.queries.run(runId), "run_not_found", `there is no run ${runId}`)
      return approvalPage(request.engine, request.caller, reply, {
        runId,
        state: states(query.state),
        workflowId: null,
        environment: null,
        assignees: [],
        ...narrowTo(request.caller),
        cursor: query.cursor ?? null,
        limit: query.limit ?? 50,
      })
    },
  )

  app.get(
    "/workflow-approvals",
    {
      config: { role: "viewer", needs: "runs:read", orFor: "approvals:decide" },
      schema: {
        tags: ["approvals"],
        operationId: "listApprovals",
        summary: "The inbox: all that is pending, or in the states asked for",
        querystring: Type.Object(
          {
            state,
            assignee: Type.Optional(
              Type.String({ maxLength: 256, description: "`user:x`, `team:y`, or `me`: the caller and its teams." }),
            ),
            workflowId: word,
            env: Type.Optional(
              Type.String({ minLength: 1, maxLength: 256, description: "Of this environment; absent: of all." }),
            ),
            sort: Type.Optional(
              Type.Unsafe<(typeof sorts)[number]>({
                type: "string",
                enum: [...sorts],
                default: "-requestedAt",
                description:
                  "`dueAt`: by time to breach, the sooner of `dueAt` and `timeoutAt`; only of what is pending.",
              }),
            ),
            cursor,
            limit,
          },
          { additionalProperties: false },
        ),
        response: { 200: ApprovalPage },
      },
    },
    async (request, reply) => {
      const { query, caller } = request
      const state = query.state === undefined ? ["pending"] : states(query.state)
      if (query.sort === "dueAt" && state.some((one) => one !== "pending"))
        throw invalidParameter("sort", "what is decided is due no more", "Ask for `state=pending`.")
      return approvalPage(request.engine, caller, reply, {
        runId: null,
        state,
        sort: query.sort ?? "-requestedAt",
        workflowId: query.workflowId ?? null,
        environment: query.env ?? null,
        assignees: assignees(query.assignee, caller),
        ...narrowTo(caller),
        cursor: query.cursor ?? null,
        limit: query.limit ?? 50,
      })
    },
  )

  app.get(
    "/workflow-approvals/:approvalId",
    {
      config: { role: "viewer", needs: "runs:read", orFor: "approvals:decide" },
      schema: {
        tags: ["approvals"],
        operationId: "getApproval",
        summary: "One approval",
        params: Type.Object({ approvalId: id }),
        response: { 200: Approval },
      },
    },
    async (request) => {
      const { approvalId } = request.params
      const row = await request.engine.queries.approval(approvalId)
      const { deciders } = narrowTo(request.caller)
      const isShown = row !== null && (deciders === undefined || mayAsk(row, deciders))
      const shown = found(isShown ? row : null, "approval_not_found", `there is no approval ${approvalId}`)
      return approvalDocument(request.engine, shown, request.caller)
    },
  )

  app.post(
    "/workflow-runs/:runId/approvals/:approvalId/decide",
    {
      config: { role: "operator", needs: "approvals:decide" },
      schema: {
        tags: ["approvals"],
        operationId: "decideApproval",
        summary: "Decide with any of the approval's outcomes",
        params: approvalParams,
        body: Decide,
        response: { 200: Approval },
      },
    },
    async (request, reply) =>
      decide(request.engine, request, reply, request.params, request.body.outcome, request.body),
  )

  for (const outcome of ["approve", "reject", "revise"] as const) {
    app.post(
      `/workflow-runs/:runId/approvals/:approvalId/${outcome}`,
      {
        config: { role: "operator", needs: "approvals:decide" },
        schema: {
          tags: ["approvals"],
          operationId: `${outcome}Approval`,
          summary: `Decide: ${outcome}`,
          description: "No body is needed unless the outcome asks for a comment or a form.",
          params: approvalParams,
          body: Decision,
          response: { 200: Approval },
        },
      },
      async (request, reply) => decide(request.engine, request, reply, request.params, outcome, request.body),
    )
  }

  app.post(
    "/workflow-runs/:runId/approvals/:approvalId/delegate",
    {
      config: { role: "operator", needs: "approvals:decide" },
      schema: {
        tags: ["approvals"],
        operationId: "delegateApproval",
        summary: "Hand the decision to somebody else, where the definition allows it",
        params: approvalParams,
        body: Delegate,
        response: { 200: Approval },
      },
    },
    async (request, reply) => {
      const { caller, params, body } = request
      const answer = await request.engine.runs.delegateApproval(
        caller.actor,
        params.runId,
        params.approvalId,
        noSecret("to", body.to),
        body.comment ?? null,
        idempotency(request),
      )
      return approvalDocument(request.engine, accepted(answer, reply), caller)
    },
  )
}

async function decide(
  engine: Engine,
  request: FastifyRequest,
  reply: FastifyReply,
  params: { readonly runId: string; readonly approvalId: string },
  outcome: string,
  body: Decision,
): Promise<Approval> {
  const decision = {
    outcome,
    comment: body.comment ?? null,
    form: (body.form ?? null) as Json,
    contentHash: body.contentHash ?? null,
  }
  const { actor } = request.caller
  const answer = await engine.runs.decideApproval(
    actor,
    params.runId,
    params.approvalId,
    decision,
    idempotency(request),
  )
  return approvalDocument(engine, accepted(answer, reply), request.caller)
}

function states(text: string | undefined): readonly string[] {
  return oneOfEach("state", listOf(text), approvalStates)
}

/** Whoever is asked for: `me` is the caller, and the teams that decide through it. */
function assignees(text: string | undefined, caller: Caller): readonly string[] {
  if (text === undefined) return []
  return text === "me" ? namesOf(caller) : [text]
}

function namesOf({ actor }: Caller): readonly string[] {
  return [actor.id, ...actor.teams.map((team) => `team:${team}`)]
}

/** A key that is there to decide, and not to read runs, sees what it can be asked, open and decided. */
function narrowTo(caller: Caller): { readonly deciders?: readonly string[] } {
  const { scopes } = caller
  return scopes === null || scopes.includes("runs:read") ? {} : { deciders: namesOf(caller) }
}

async function approvalPage(
  engine: Engine,
  caller: Caller,
  reply: FastifyReply,
  filter: Parameters<Engine["queries"]["approvals"]>[0],
): Promise<ApprovalPage> {
  const page = accepted(await engine.queries.approvals(filter), reply)
  const near = filter.runId === null
  const items = await Promise.all(page.items.map((row: ApprovalRow) => approvalDocument(engine, row, caller, near)))
  return { items, nextCursor: page.nextCursor, ...(page.total && { total: page.total }) }
}
