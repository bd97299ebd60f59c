/** Rows of the webhook tables as their store takes them, for tests: an endpoint that hears nothing yet, a message that is due. */
import type { WebhookDelivery, WebhookEndpoint } from "../../ports/webhook-store.ts"

export function webhookEndpoint(changes: Partial<WebhookEndpoint> = {}): WebhookEndpoint {
  return {
    endpointId: "whe_1",
    workspaceId: "default",
    kind: "standard",
    url: "https://example.com/hook",
    shownUrl: "https://example.com/…",
    description: "",
    events: "[]",
    workflows: "[]",
    environment: null,
    headers: "{}",
    headerNames: "[]",
    secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    previousSecret: null,
    previousUntil: null,
    sincePosition: 0,
    createdAt: 1,
    createdBy: "user:ann",
    changedAt: 1,
    changedBy: "user:ann",
    disabledAt: null,
    disabledReason: null,
    removedAt: null,
    failingSince: null,
    lastSuccessAt: null,
    lastFailureAt: null,
    lastError: null,
    deliveredCount: 0,
    failedCount: 0,
    hourlyMax: null,
    repeatMinutes: null,
    ...changes,
  }
}

/** Pending, for the endpoint that `webhookEndpoint` makes. */
export function webhookDelivery(deliveryId: string, changes: Partial<WebhookDelivery> = {}): WebhookDelivery {
  return {
    deliveryId,
    endpointId: "whe_1",
    workspaceId: "default",
    runId: "run_1",
    event: "run.failed",
    position: 7,
    createdAt: 100,
    body: "{}",
    state: "pending",
    dueAt: 100,
    attempts: 0,
    tries: 0,
    completedAt: null,
    lastStatus: null,
    lastError: null,
    ...changes,
  }
}
