/** What an alert may be before anything is told. Where it goes is kept in one column, read by its kind. */
import { approversRecipient, type ChangeAlert, type CreateAlert } from "@waybill/contract"
import type { WebhookKind } from "@waybill/engine"
import { invalidParameter } from "../../../http/shared/parameters.ts"
import { ProblemError } from "../../../http/shared/problem.ts"
import { isAddress } from "./address.ts"

export type AlertKind = CreateAlert["kind"]

export const storedKinds = { email: "email", slack: "slack", webhook: "forward" } as const satisfies {
  readonly [Kind in AlertKind]: WebhookKind
}

/** Which of a body's fields says where to; the others would be ignored, and nothing is. */
const fieldOf = { email: "to", slack: "url", webhook: "webhookId" } as const

export interface TargetRules {
  readonly canMail: boolean
  readonly checkUrl: (url: string) => string
  readonly isWebhook: (webhookId: string) => Promise<boolean>
}

/** @returns as it is kept; null: the body does not say */
export async function checkedTarget(
  kind: AlertKind,
  body: Pick<ChangeAlert, "to" | "url" | "webhookId">,
  rules: TargetRules,
): Promise<string | null> {
  for (const field of Object.values(fieldOf))
    if (field !== fieldOf[kind] && body[field] !== undefined)
      throw invalidParameter(field, `an alert by ${kind} has no \`${field}\``, `Name \`${fieldOf[kind]}\`.`)
  switch (kind) {
    case "email":
      return body.to === undefined ? null : checkedRecipients(body.to, rules.canMail)
    case "slack":
      return body.url === undefined ? null : rules.checkUrl(body.url)
    case "webhook": {
      if (body.webhookId === undefined) return null
      if (await rules.isWebhook(body.webhookId)) return body.webhookId
      throw new ProblemError("webhook_not_found", `there is no webhook ${body.webhookId}`)
    }
  }
}

export function neededTarget(kind: AlertKind, target: string | null): string {
  if (target === null) throw invalidParameter(fieldOf[kind], `an alert by ${kind} needs \`${fieldOf[kind]}\``)
  return target
}

function checkedRecipients(to: readonly string[], canMail: boolean): string {
  if (!canMail) throw new ProblemError("mail_not_configured", "no mail server is configured")
  const strange = to.find((one) => one !== approversRecipient && !isAddress(one))
  if (strange !== undefined)
    throw invalidParameter("to", `${JSON.stringify(strange)} is no address`, "Write ops@example.com, one an entry.")
  return JSON.stringify(to)
}
