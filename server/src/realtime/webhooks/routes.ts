/** `/api/v1/webhooks`: who is told, and how that went. All of it is an admin's, but a run's own deliveries are everybody's. */
import {
  ChangeWebhook,
  CreateWebhook,
  deliveryStates,
  RotateWebhook,
  Webhook,
  WebhookDelivery,
  WebhookDeliveryDetail,
  WebhookDeliveryPage,
  WebhookPage,
  WebhookWithSecret,
} from "@waybill/contract"
import type { ListedDelivery } from "@waybill/engine"
import { Type } from "typebox"
import { found } from "../../http/shared/answer.ts"
import type { App } from "../../http/shared/app.ts"
import { cursor, limit, runParams, seqCursor, word } from "../../http/shared/parameters.ts"
import { refuseKey } from "../../http/shared/refuse-key.ts"
import { attemptDocument, deliveryDocument, webhookDocument } from "./documents.ts"
import type { Webhooks } from "./open-webhooks.ts"

const id = Type.String({ minLength: 1, maxLength: 256 })
const params = Type.Object({ webhookId: id })
const deliveryParams = Type.Object({ webhookId: id, deliveryId: id })
const admin = { role: "admin", needs: "admin" } as const
const tags = ["webhooks"]
const refuse = refuseKey("webhooks")

export function webhookRoutes(app: App, { verbs }: Webhooks): void {
  app.get(
    "/webhooks",
    {
      config: admin,
      schema: {
        tags,
        operationId: "listWebhooks",
        summary: "All webhooks with how they fare, oldest first",
        response: { 200: WebhookPage },
      },
    },
    async ({ caller }) => ({ items: (await verbs.list(caller)).map(webhookDocument), nextCursor: null }),
  )

  app.post(
    "/webhooks",
    {
      preHandler: refuse,
      config: admin,
      schema: {
        tags,
        operationId: "createWebhook",
        summary: "Tell an address what happens from now on",
        description: "The answer has the secret, this once. The signatures are those of Standard Webhooks.",
        body: CreateWebhook,
        response: { 201: WebhookWithSecret },
      },
    },
    async (request, reply) => {
      const view = await verbs.create(request.caller, request.body)
      reply.code(201).header("location", `/api/v1/webhooks/${view.row.endpointId}`)
      return { ...webhookDocument(view), secret: view.row.secret! }
    },
  )

  app.get(
    "/webhooks/:webhookId",
    {
      config: admin,
      schema: { tags, operationId: "getWebhook", summary: "One webhook", params, response: { 200: Webhook } },
    },
    async ({ caller, params: { webhookId } }) => webhookDocument(await verbs.find(caller, webhookId)),
  )

  app.patch(
    "/webhooks/:webhookId",
    {
      config: admin,
      schema: {
        tags,
        operationId: "changeWebhook",
        summary: "Change a webhook, disable or enable it",
        body: ChangeWebhook,
        params,
        response: { 200: Webhook },
      },
    },
    async ({ caller, params: { webhookId }, body }) => webhookDocument(await verbs.edit(caller, webhookId, body)),
  )

  app.delete(
    "/webhooks/:webhookId",
    {
      config: admin,
      schema: {
        tags,
        operationId: "removeWebhook",
        summary: "Tell this address nothing more",
        description:
          "What it is still owed is not sent. Its deliveries stay with their runs as long as the log is kept.",
        params,
        response: { 204: Type.Null() },
      },
    },
    async ({ caller, params: { webhookId } }, reply) => {
      await verbs.remove(caller, webhookId)
      return reply.code(204).send(null)
    },
  )

  app.post(
    "/webhooks/:webhookId/test",
    {
      preHandler: refuse,
      config: admin,
      schema: {
        tags,
        operationId: "testWebhook",
        summary: "Send a test",
        description: "It goes the way of every message; the delivery says what came of it.",
        params,
        response: { 202: WebhookDelivery },
      },
    },
    async ({ caller, params: { webhookId } }, reply) => {
      reply.code(202)
      return deliveryDocument(await verbs.test(caller, webhookId))
    },
  )

  app.post(
    "/webhooks/:webhookId/rotate",
    {
      preHandler: refuse,
      config: admin,
      schema: {
        tags,
        operationId: "rotateWebhook",
        summary: "Replace the secret",
        description: "The one before signs beside it for a while, so that no message is refused meanwhile.",
        body: Type.Optional(RotateWebhook),
        params,
        response: { 200: WebhookWithSecret },
      },
    },
    async ({ caller, params: { webhookId }, body }) => {
      const view = await verbs.rotate(caller, webhookId, body?.keepHours ?? keepHoursDefault)
      return { ...webhookDocument(view), secret: view.row.secret! }
    },
  )

  deliveryRoutes(app, verbs)

  app.get(
    "/workflow-runs/:runId/webhooks",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["runs"],
        operationId: "listRunWebhooks",
        summary: "Who was told of a run, newest first",
        params: runParams,
        querystring: Type.Object({ limit }, { additionalProperties: false }),
        response: { 200: WebhookDeliveryPage },
      },
    },
    async ({ engine, params: { runId }, query }) => {
      found(await engine.queries.run(runId), "run_not_found", `there is no run ${runId}`)
      const rows = await verbs.ofRun(runId, query.limit ?? 50)
      return { items: rows.map(deliveryDocument), nextCursor: null }
    },
  )
}

const keepHoursDefault = 24

function deliveryRoutes(app: App, verbs: Webhooks["verbs"]): void {
  app.get(
    "/webhooks/:webhookId/deliveries",
    {
      config: admin,
      schema: {
        tags,
        operationId: "listDeliveries",
        summary: "What a webhook was told, newest first",
        params,
        querystring: Type.Object(
          {
            state: Type.Optional(
              Type.Unsafe<(typeof deliveryStates)[number]>({ type: "string", enum: [...deliveryStates] }),
            ),
            event: word,
            runId: word,
            cursor,
            limit,
          },
          { additionalProperties: false },
        ),
        response: { 200: WebhookDeliveryPage },
      },
    },
    async ({ caller, params: { webhookId }, query }) => {
      const most = query.limit ?? 50
      const rows = await verbs.deliveries(caller, {
        endpointId: webhookId,
        state: query.state ?? null,
        event: query.event ?? null,
        runId: query.runId ?? null,
        before: query.cursor === undefined ? null : seqCursor(query.cursor),
        limit: most,
      })
      return { items: rows.map(deliveryDocument), nextCursor: nextOf(rows, most) }
    },
  )

  app.get(
    "/webhooks/:webhookId/deliveries/:deliveryId",
    {
      config: admin,
      schema: {
        tags,
        operationId: "getDelivery",
        summary: "One delivery with its attempts",
        params: deliveryParams,
        response: { 200: WebhookDeliveryDetail },
      },
    },
    async ({ caller, params: { webhookId, deliveryId } }) => {
      const { delivery, attempts } = await verbs.delivery(caller, webhookId, deliveryId)
      return { ...deliveryDocument(delivery), body: delivery.body, log: attempts.map(attemptDocument) }
    },
  )

  app.post(
    "/webhooks/:webhookId/deliveries/:deliveryId/redeliver",
    {
      preHandler: refuse,
      config: admin,
      schema: {
        tags,
        operationId: "redeliver",
        summary: "Send it again",
        description: "The same message under the same `webhook-id`, with all its attempts before it.",
        params: deliveryParams,
        response: { 202: WebhookDelivery },
      },
    },
    async ({ caller, params: { webhookId, deliveryId } }, reply) => {
      reply.code(202)
      return deliveryDocument(await verbs.redeliver(caller, webhookId, deliveryId))
    },
  )
}

export function nextOf(rows: readonly ListedDelivery[], most: number): string | null {
  return rows.length < most ? null : String(rows[rows.length - 1]!.key)
}
