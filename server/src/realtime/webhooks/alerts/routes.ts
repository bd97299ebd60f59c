/** `/api/v1/alerts`: which people are told, of what, and how that went. All of it is an admin's. */
import {
  Alert,
  AlertDelivery,
  AlertDeliveryDetail,
  AlertDeliveryPage,
  AlertPage,
  ChangeAlert,
  CreateAlert,
  deliveryStates,
} from "@waybill/contract"
import { Type } from "typebox"
import type { App } from "../../../http/shared/app.ts"
import { cursor, limit, seqCursor, word } from "../../../http/shared/parameters.ts"
import { refuseKey } from "../../../http/shared/refuse-key.ts"
import { attemptDocument } from "../documents.ts"
import { nextOf } from "../routes.ts"
import { alertDeliveryDocument, alertDocument } from "./alert-documents.ts"
import type { AlertVerbs } from "./manage-alerts.ts"

const id = Type.String({ minLength: 1, maxLength: 256 })
const params = Type.Object({ alertId: id })
const deliveryParams = Type.Object({ alertId: id, deliveryId: id })
const config = { role: "admin", needs: "admin" } as const
const tags = ["alerts"]
const preHandler = refuseKey("alerts")

export function alertRoutes(app: App, verbs: AlertVerbs): void {
  app.get(
    "/alerts",
    {
      config,
      schema: {
        ...{ tags, operationId: "listAlerts", summary: "All alerts with how they fare, oldest first" },
        response: { 200: AlertPage },
      },
    },
    async ({ caller }) => ({ items: (await verbs.list(caller)).map(alertDocument), nextCursor: null }),
  )

  app.post(
    "/alerts",
    {
      preHandler,
      config,
      schema: {
        ...{ tags, operationId: "createAlert", summary: "Tell people what happens from now on" },
        description: "By mail, in a channel that takes `{text}` as Slack does, or as a document to a webhook.",
        body: CreateAlert,
        response: { 201: Alert },
      },
    },
    async ({ caller, body }, reply) => {
      const view = await verbs.create(caller, body)
      reply.code(201).header("location", `/api/v1/alerts/${view.row.endpointId}`)
      return alertDocument(view)
    },
  )

  app.get(
    "/alerts/:alertId",
    { config, schema: { tags, operationId: "getAlert", summary: "One alert", params, response: { 200: Alert } } },
    async ({ caller, params: { alertId } }) => alertDocument(await verbs.find(caller, alertId)),
  )

  app.patch(
    "/alerts/:alertId",
    {
      config,
      schema: {
        ...{ tags, operationId: "changeAlert", summary: "Change an alert, disable or enable it", params },
        body: ChangeAlert,
        response: { 200: Alert },
      },
    },
    async ({ caller, params: { alertId }, body }) => alertDocument(await verbs.edit(caller, alertId, body)),
  )

  app.delete(
    "/alerts/:alertId",
    {
      config,
      schema: {
        ...{ tags, operationId: "removeAlert", summary: "Tell these people nothing more", params },
        response: { 204: Type.Null() },
      },
    },
    async ({ caller, params: { alertId } }, reply) => {
      await verbs.remove(caller, alertId)
      return reply.code(204).send(null)
    },
  )

  app.post(
    "/alerts/:alertId/test",
    {
      preHandler,
      config,
      schema: {
        ...{ tags, operationId: "testAlert", summary: "Send a test", params },
        description: "It goes the way of every alert; the delivery says what came of it.",
        response: { 202: AlertDelivery },
      },
    },
    async ({ caller, params: { alertId } }, reply) => {
      reply.code(202)
      return alertDeliveryDocument(await verbs.test(caller, alertId))
    },
  )

  deliveryRoutes(app, verbs)
}

function deliveryRoutes(app: App, verbs: AlertVerbs): void {
  app.get(
    "/alerts/:alertId/deliveries",
    {
      config,
      schema: {
        ...{ tags, operationId: "listAlertDeliveries", summary: "What was sent, newest first", params },
        querystring: Type.Object(
          {
            state: Type.Optional(
              Type.Unsafe<(typeof deliveryStates)[number]>({ type: "string", enum: [...deliveryStates] }),
            ),
            event: word,
            cursor,
            limit,
          },
          { additionalProperties: false },
        ),
        response: { 200: AlertDeliveryPage },
      },
    },
    async ({ caller, params: { alertId }, query }) => {
      const most = query.limit ?? 50
      const rows = await verbs.deliveries(caller, {
        endpointId: alertId,
        state: query.state ?? null,
        event: query.event ?? null,
        runId: null,
        before: query.cursor === undefined ? null : seqCursor(query.cursor),
        limit: most,
      })
      return { items: rows.map(alertDeliveryDocument), nextCursor: nextOf(rows, most) }
    },
  )

  app.get(
    "/alerts/:alertId/deliveries/:deliveryId",
    {
      config,
      schema: {
        ...{ tags, operationId: "getAlertDelivery", summary: "One delivery with its attempts", params: deliveryParams },
        response: { 200: AlertDeliveryDetail },
      },
    },
    async ({ caller, params: { alertId, deliveryId } }) => {
      const { delivery, attempts } = await verbs.delivery(caller, alertId, deliveryId)
      return { ...alertDeliveryDocument(delivery), body: delivery.body, log: attempts.map(attemptDocument) }
    },
  )

  app.post(
    "/alerts/:alertId/deliveries/:deliveryId/redeliver",
    {
      preHandler,
      config,
      schema: {
        ...{ tags, operationId: "redeliverAlert", summary: "Send it again", params: deliveryParams },
        response: { 202: AlertDelivery },
      },
    },
    async ({ caller, params: { alertId, deliveryId } }, reply) => {
      reply.code(202)
      return alertDeliveryDocument(await verbs.redeliver(caller, alertId, deliveryId))
    },
  )
}
