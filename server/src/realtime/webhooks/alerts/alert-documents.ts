/** Alerts as clients read them. The address of a channel is as good as a password, so only its host is shown. */
import type { Alert, AlertDelivery } from "@waybill/contract"
import type { WebhookDelivery, WebhookEndpoint } from "@waybill/engine"
import { type Made, make } from "../../../http/shared/made.ts"
import { rfc3339, rfc3339OrNull } from "../../../http/shared/time.ts"
import { deliveryFields, type EndpointView, healthDocument } from "../documents.ts"
import type { AlertKind } from "./check-alert.ts"

const alertTable = {
  alertId: ({ row }) => row.endpointId,
  kind: ({ row }) => kindOf(row),
  name: ({ row }) => row.description,
  to: ({ row }) => targetsOf(row),
  events: ({ row }) => JSON.parse(row.events) as Alert["events"],
  workflows: ({ row }) => JSON.parse(row.workflows) as string[],
  environment: ({ row }) => row.environment,
  maxPerHour: ({ row }) => row.hourlyMax ?? 0,
  repeatMinutes: ({ row }) => row.repeatMinutes ?? 0,
  enabled: ({ row }) => row.disabledAt === null,
  disabledAt: ({ row }) => rfc3339OrNull(row.disabledAt),
  disabledReason: ({ row }) => row.disabledReason,
  createdAt: ({ row }) => rfc3339(row.createdAt),
  createdBy: ({ row }) => row.createdBy,
  changedAt: ({ row }) => rfc3339(row.changedAt),
  changedBy: ({ row }) => row.changedBy,
  health: healthDocument,
} satisfies Made<Alert, EndpointView>

const deliveryTable = {
  ...deliveryFields,
  alertId: (row) => row.endpointId,
} satisfies Made<AlertDelivery, WebhookDelivery>

export const alertDocument = (view: EndpointView): Alert => make(alertTable, view)
export const alertDeliveryDocument = (row: WebhookDelivery): AlertDelivery => make(deliveryTable, row)

export function kindOf({ kind }: WebhookEndpoint): AlertKind {
  return kind === "email" ? "email" : kind === "forward" ? "webhook" : "slack"
}

function targetsOf(row: WebhookEndpoint): string[] {
  switch (kindOf(row)) {
    case "email":
      return JSON.parse(row.shownUrl) as string[]
    case "slack":
    case "webhook":
      return [row.shownUrl]
  }
}
