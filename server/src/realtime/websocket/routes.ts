/** 002's two sockets. They are guarded like any route: key, Host, Origin, workspace and role, before the upgrade. */
import type { Server } from "node:http"
import websocket, { type WebSocket } from "@fastify/websocket"
import type { Engine } from "@waybill/engine"
import type { FastifyInstance, FastifyRequest } from "fastify"
import { Type } from "typebox"
import type { App } from "../../http/shared/app.ts"
import { knownStep } from "../../http/shared/known-step.ts"
import { knownWorkflow } from "../../http/shared/known-workflow.ts"
import { ProblemError } from "../../http/shared/problem.ts"
import { checkWorkspace, workspaceParameters } from "../../http/shared/workspace-query.ts"
import { SocketHub, type SocketOptions } from "./hub.ts"
import { webSocketUpgrades } from "./upgrades.ts"

/** What a client may say: nothing that is longer. */
const MESSAGE_BYTES_MAX = 1_024

const id = Type.String({ minLength: 1, maxLength: 256 })
const env = Type.Optional(
  Type.String({ minLength: 1, maxLength: 256, description: "One environment; absent: all of them." }),
)
const querystring = Type.Object({ ...workspaceParameters, env }, { additionalProperties: false })
const upgraded = { 101: Type.Null({ description: "A WebSocket: text frames of `{event, data}`, pings now and then." }) }

/** To be called before any route is made: it takes part in them. */
export async function socketHub(app: App, engine: Engine, options: SocketOptions): Promise<SocketHub> {
  const hub = new SocketHub(engine, options, (err) => app.log.error({ err }, "an event could not be told"))
  const plain = app as unknown as FastifyInstance
  const server = webSocketUpgrades(plain) as Server
  await plain.register(websocket, {
    options: { maxPayload: MESSAGE_BYTES_MAX, perMessageDeflate: false, server },
    errorHandler: (_error, socket) => socket.terminate(),
    preClose: (done) => void hub.close().then(() => app.websocketServer.close(() => done())),
  })
  return hub
}

export function socketRoutes(app: App, hub: SocketHub): void {
  app.addHook("onRequest", checkWorkspace)
  const watch = async (request: FastifyRequest) => {
    const { workflow_id, step_id } = request.params as { readonly workflow_id: string; readonly step_id?: string }
    const environment = (request.query as { readonly env?: string }).env ?? null
    await knownWorkflow(request.engine, workflow_id, environment)
    if (step_id !== undefined) await knownStep(request.engine, workflow_id, environment, step_id)
    if (hub.isFull) throw new ProblemError("overloaded", "as many sockets are open as this server allows")
    if (!request.ws) throw new ProblemError("upgrade_required", "this address is a WebSocket")
  }

  app.route({
    method: "GET",
    url: "/ws/workflows/:workflow_id",
    exposeHeadRoute: false,
    config: { role: "viewer", needs: "runs:read" },
    schema: {
      tags: ["executions"],
      operationId: "watchWorkflow",
      summary: "Executions of a workflow, and their steps, as they happen (WebSocket)",
      params: Type.Object({ workflow_id: id }),
      querystring,
      response: upgraded,
    },
    preHandler: watch,
    handler: async () => null,
    wsHandler: (socket, request) => {
      endWithCredential(socket, request)
      const { params, query, caller } = request as unknown as Asked
      hub.add(socket, watchOf(params.workflow_id, query.env, caller.workspaceId, null))
    },
  })

  app.route({
    method: "GET",
    url: "/ws/workflows/:workflow_id/step/:step_id",
    exposeHeadRoute: false,
    config: { role: "viewer", needs: "runs:read" },
    schema: {
      tags: ["executions"],
      operationId: "watchStep",
      summary: "One step of a workflow's executions as it happens (WebSocket)",
      description: "`step_id`: its place in the definition, URL-encoded: `state`, or `outer/branch/state`.",
      params: Type.Object({ workflow_id: id, step_id: Type.String({ minLength: 1, maxLength: 512 }) }),
      querystring,
      response: upgraded,
    },
    preHandler: watch,
    handler: async () => null,
    wsHandler: (socket, request) => {
      endWithCredential(socket, request)
      const { params, query, caller } = request as unknown as Asked
      hub.add(socket, watchOf(params.workflow_id, query.env, caller.workspaceId, params.step_id!))
    },
  })
}

interface Asked {
  readonly params: { readonly workflow_id: string; readonly step_id?: string }
  readonly query: { readonly env?: string }
  readonly caller: FastifyRequest["caller"]
}

function watchOf(workflowId: string, environment: string | undefined, workspaceId: string, place: string | null) {
  return { workspaceId, workflowId, environment: environment ?? null, place }
}

/** RFC 6455 §7.4.1: it may not be here. */
const policyViolation = 1008

function endWithCredential(socket: WebSocket, request: FastifyRequest): void {
  const end = () => socket.close(policyViolation, "the credential is good no more")
  socket.on("close", request.server.lasting.keep(request, end))
}
