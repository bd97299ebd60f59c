/**
 * The addresses that are pages of the UI. Each answers with the same document to whoever accepts HTML; the browser does
 * the rest. `web/src/app/routes.ts` has the same list, and a test holds the two together.
 */
export const pages = [
  "/runs",
  "/runs/:runId",
  "/compare/:pair",
  "/workflows",
  "/workflows/:workflowId",
  "/workflows/:workflowId/v/:version",
  "/workflows/:workflowId/versions/:pair",
  "/approvals",
  "/approvals/:approvalId",
  "/issues",
  "/issues/:issueId",
  "/agents",
  "/outcomes",
  "/outcomes/:businessEventId",
  "/webhooks",
  "/webhooks/:webhookId/deliveries/:deliveryId",
  "/admin",
  "/admin/access",
  "/admin/policies",
  "/admin/retention",
  "/admin/keys",
  "/admin/sources",
  "/admin/audit",
  "/admin/system",
] as const

/** What is never a page: here a request that accepts HTML gets the same answers as any other. */
const notPages = ["api", "docs", "login", "assets", "openapi.json", "healthz", "readyz", "metrics", "favicon.ico"]

/** Whether a browser that was sent there should be told so by a page. */
export function mayBePage(url: string): boolean {
  const first = /^\/+([^/?#]*)/.exec(url)?.[1] ?? ""
  return !notPages.includes(first)
}

/**
 * Where a browser is sent whose address cannot be read at all, as `/runs/%E0%A4%A`: to a page that says so. Null: it is
 * answered like a program. The router of the pages could not read such an address either.
 */
export function pageForUnreadable(url: string, accept: string | undefined): string | null {
  return accept?.includes("text/html") && mayBePage(url) ? "/address-not-readable" : null
}
