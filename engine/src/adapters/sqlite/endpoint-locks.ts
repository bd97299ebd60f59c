/**
 * An endpoint as it lies in the database: where its messages go, its headers and its secrets under a key that lies outside,
 * and in the open only what may be shown of them. Locked under the endpoint's own name: copied into another row it opens
 * nothing. What no key opens is null, and stays as it is for the day on which the key comes back.
 */
import type { SealingKeys } from "../../ports/redaction.ts"
import type { NewWebhook, WebhookEndpoint } from "../../ports/webhook-store.ts"
import type { RowShape } from "./rows.ts"

export type EndpointKeys = Pick<SealingKeys, "lock" | "unlock" | "isCurrent">

/** Without `locked`, as stores without a key have it, the columns say all. With it they say what is shown. */
export interface StoredEndpoint
  extends Omit<WebhookEndpoint, "url" | "shownUrl" | "headers" | "headerNames" | "secret"> {
  readonly url: string
  readonly headers: string
  readonly secret: string
  readonly locked: string | null
}

type Inside = Pick<WebhookEndpoint, "url" | "headers" | "secret" | "previousSecret">

export const endpointShape: RowShape<StoredEndpoint> = {
  table: "webhook_endpoints",
  fixed: ["endpointId", "workspaceId", "kind", "createdAt", "createdBy"],
  moving: [
    "url",
    "description",
    "events",
    "workflows",
    "environment",
    "headers",
    "secret",
    "previousSecret",
    "locked",
    "previousUntil",
    "sincePosition",
    "changedAt",
    "changedBy",
    "disabledAt",
    "disabledReason",
    "removedAt",
    "failingSince",
    "lastSuccessAt",
    "lastFailureAt",
    "lastError",
    "deliveredCount",
    "failedCount",
    "hourlyMax",
    "repeatMinutes",
  ],
}

/** Whether a change is about what is locked. */
export function isInside(field: string): boolean {
  return field === "url" || field === "headers" || field === "secret" || field === "previousSecret"
}

export function openedEndpoint(keys: EndpointKeys | null, { locked, ...row }: StoredEndpoint): WebhookEndpoint {
  if (locked === null) return shownEndpoint(row)
  const { url, headers, kind } = row
  const headerNames = Object.keys(JSON.parse(headers) as object)
  const text = keys?.unlock(row.workspaceId, lockName(row), locked) ?? null
  // What is shown whole is known without a key.
  const known = { url: isAddress(kind) ? null : url, headers: headerNames.length === 0 ? "{}" : null }
  const inside: Inside = text === null ? { ...known, secret: null, previousSecret: null } : (JSON.parse(text) as Inside)
  return { ...row, shownUrl: url, headerNames: JSON.stringify(headerNames), ...inside }
}

export function shownEndpoint(endpoint: NewWebhook): WebhookEndpoint {
  const { url, headers, kind } = endpoint
  const shownUrl = isAddress(kind) ? shownAddress(url ?? "") : (url ?? "")
  return { ...endpoint, shownUrl, headerNames: JSON.stringify(Object.keys(JSON.parse(headers ?? "{}") as object)) }
}

export function lockedEndpoint(keys: EndpointKeys | null, endpoint: WebhookEndpoint): StoredEndpoint {
  const { url, shownUrl, headers, headerNames, secret, previousSecret, ...row } = endpoint
  if (keys !== null) {
    const inside: Inside = { url, headers, secret, previousSecret }
    const names = JSON.parse(headerNames) as readonly string[]
    return {
      ...row,
      url: shownUrl,
      headers: JSON.stringify(Object.fromEntries(names.map((name) => [name, ""]))),
      secret: "",
      previousSecret: null,
      locked: keys.lock(row.workspaceId, lockName(row), JSON.stringify(inside)),
    }
  }
  if (url === null || headers === null || secret === null)
    throw new Error(`the endpoint ${row.endpointId} is locked, and there is no key`)
  return { ...row, url, headers, secret, previousSecret, locked: null }
}

/** Of the endpoint's, and of no other. */
export function lockName({ endpointId }: { readonly endpointId: string }): string {
  return `webhook endpoint ${endpointId}`
}

function isAddress(kind: WebhookEndpoint["kind"]): boolean {
  return kind === "standard" || kind === "slack"
}

/** What stands behind the host may be as good as a password. */
function shownAddress(url: string): string {
  if (!URL.canParse(url)) return "…"
  const { origin, pathname, search } = new URL(url)
  return pathname === "/" && search === "" ? `${origin}/` : `${origin}/…`
}
