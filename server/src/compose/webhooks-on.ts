/** Webhooks and alerts, which read the engine's feed and never write to a run. */
import type { OpenEngine } from "@waybill/engine"
import { systemChance } from "@waybill/engine/adapters/system/chance"
import { openWebhooks, type WebhookPorts } from "../realtime/webhooks/open-webhooks.ts"
import { isFault } from "./faults.ts"
import type { Parts } from "./parts.ts"

/** Messages under way at the end; those that do not come back in time are sent again by the next start. */
export const webhookGraceMs = 2_000

export function openWebhooksOn(
  { config, fatal, log, data }: Parts,
  engine: OpenEngine,
  people: Pick<WebhookPorts, "issueOf" | "addressesOf" | "kept">,
) {
  const { webhooksAllow, webhooksRetrySeconds, webhooksDisableHours, webhooksKeepDays } = config
  const chance = systemChance()
  return openWebhooks(
    {
      ...people,
      engine,
      store: data.webhooks,
      now: Date.now,
      monotonic: () => performance.now(),
      chance: () => chance.fraction(),
      id: (prefix) => chance.id(prefix),
      // Rule 35: what was told before the backup would be told once more, by a server that may be a copy.
      held: () => engine.isHeld(),
      log,
      onError: (error) => isFault(error, fatal),
    },
    {
      allow: webhooksAllow,
      retrySeconds: webhooksRetrySeconds,
      disableAfterHours: webhooksDisableHours,
      keepDays: webhooksKeepDays,
      gatherSeconds: config.alertsGatherSeconds,
      smtpUrl: config.smtpUrl,
      smtpFrom: config.smtpFrom,
      baseUrl: config.baseUrl,
    },
  )
}
