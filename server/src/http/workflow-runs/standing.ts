/**
 * `/api/v1/workflow-runs/{runId}/…`: tags, owner and resolution, which lie beside the run. Each answers with where they
 * stand behind the change.
 */
import { AssignRun, ChangeTags, ResolveRun, RunStanding } from "@waybill/contract"
import type { RemarkAsked } from "@waybill/engine"
import type { App } from "../shared/app.ts"
import { runParams } from "../shared/parameters.ts"
import { standingBehind } from "./remark-asking.ts"

const tags = ["remarks"]

export function standingRoutes(app: App): void {
  app.post(
    "/workflow-runs/:runId/tags",
    {
      config: { role: "operator", needs: "runs:write" },
      schema: {
        tags,
        operationId: "changeTags",
        summary: "Add tags and remove others",
        description: "What is there already, or gone already, is left as it is.",
        params: runParams,
        body: ChangeTags,
        response: { 200: RunStanding },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const asked: RemarkAsked = { kind: "tag", add: body.add ?? [], remove: body.remove ?? [] }
      return standingBehind(request.engine, request, reply, params.runId, asked)
    },
  )

  app.post(
    "/workflow-runs/:runId/assign",
    {
      config: { role: "operator", needs: "runs:write" },
      schema: {
        tags,
        operationId: "assignRun",
        summary: "Give the run an owner, or none",
        params: runParams,
        body: AssignRun,
        response: { 200: RunStanding },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      return standingBehind(request.engine, request, reply, params.runId, { kind: "assign", owner: body.owner })
    },
  )

  app.post(
    "/workflow-runs/:runId/resolve",
    {
      config: { role: "operator", needs: "runs:write" },
      schema: {
        tags,
        operationId: "resolveRun",
        summary: "Say what became of a run that did not complete",
        description: "A re-run that completes supersedes the failed run by itself.",
        params: runParams,
        body: ResolveRun,
        response: { 200: RunStanding },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const asked: RemarkAsked = { kind: "resolve", state: body.state, reason: body.reason ?? null }
      return standingBehind(request.engine, request, reply, params.runId, asked)
    },
  )

  app.delete(
    "/workflow-runs/:runId/resolution",
    {
      config: { role: "operator", needs: "runs:write" },
      schema: {
        tags,
        operationId: "undoResolution",
        summary: "Take the resolution back",
        params: runParams,
        response: { 200: RunStanding },
      },
    },
    async (request, reply) => {
      return standingBehind(request.engine, request, reply, request.params.runId, { kind: "reopen" })
    },
  )
}
