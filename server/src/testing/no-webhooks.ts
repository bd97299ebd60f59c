/** The routes of webhooks over a store that is empty and stays so: for tests of what all routes have in common. */
import type { WebhookStore } from "@waybill/engine"
import { addressRules } from "../realtime/webhooks/address-rules.ts"
import { alertVerbs } from "../realtime/webhooks/alerts/manage-alerts.ts"
import { webhookVerbs } from "../realtime/webhooks/manage.ts"
import type { Webhooks } from "../realtime/webhooks/open-webhooks.ts"

const store: WebhookStore = {
  create: async (made) => ({ ...made, shownUrl: `${new URL(made.url ?? "").origin}/…`, headerNames: "[]" }),
  change: async () => null,
  endpoints: async () => [],
  endpoint: async () => null,
  cursor: async () => 0,
  collect: async () => 0,
  dueAlerts: async () => [],
  nextAlert: async () => null,
  tellAlert: async () => {},
  toldTimes: async () => [],
  due: async () => [],
  nextDue: async () => null,
  settle: async () => {},
  delivery: async () => null,
  attempts: async () => [],
  deliveries: async () => [],
  ofRun: async () => [],
  redeliver: async () => null,
  count: async () => 0,
  clear: async () => 0,
}

const desk = {
  store,
  rules: addressRules([]),
  allow: [],
  now: () => 0,
  id: (prefix: string) => `${prefix}_1`,
  head: () => 0,
  endpointsMax: 100,
  onChanged: async () => {},
  log: () => {},
}

export const noWebhooks: Webhooks = {
  verbs: webhookVerbs(desk),
  alerts: alertVerbs({ ...desk, canMail: false }),
  behind: () => 0,
  stop: async () => {},
}
