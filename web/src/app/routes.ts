/**
 * Every page has one line here: its address, how its search is read, and where its code is. Code comes when somebody
 * goes there, or is about to. The server's list of pages (`server/src/http/web/pages.ts`) has the same addresses.
 */
import { approvalsSearch } from "../approvals/search.ts"
import { noSearch } from "../page/read-search.ts"
import { adminSections } from "../paths.ts"
import { runSearch } from "../run/search.ts"
import { runsSearch } from "../runs/search.ts"
import { workflowSearch, workflowsSearch } from "../workflows/search.ts"
import { adminPlaces, places } from "./places.ts"
import { notYet, page, root } from "./route.tsx"

const soon = (label: string) => places.find((place) => place.label === label)!

export const routeTree = root.addChildren([
  page("/", noSearch, () => import("../overview/page.tsx")),
  page("/runs", runsSearch, () => import("../runs/page.tsx")),
  page("/runs/$runId", runSearch, () => import("../run/page.tsx")),
  page("/workflows", workflowsSearch, () => import("../workflows/page.tsx")),
  page("/workflows/$workflowId", workflowSearch, () => import("../workflows/detail/page.tsx")),
  page("/workflows/$workflowId/v/$version", workflowSearch, () => import("../workflows/version/page.tsx")),
  page("/workflows/$workflowId/versions/$pair", noSearch, () => import("../workflows/compare/page.tsx")),
  page("/approvals", approvalsSearch, () => import("../approvals/page.tsx")),
  page("/approvals/$approvalId", noSearch, () => import("../approvals/detail/page.tsx")),
  notYet("/compare/$pair", {
    label: "Compare",
    to: "/compare",
    soon: "Two runs side by side: steps, time and context.",
  }),
  notYet("/issues", soon("Issues")),
  notYet("/issues/$issueId", soon("Issues")),
  notYet("/agents", soon("Agents")),
  notYet("/outcomes", soon("Outcomes")),
  notYet("/outcomes/$businessEventId", soon("Outcomes")),
  notYet("/webhooks", soon("Webhooks")),
  notYet("/webhooks/$webhookId/deliveries/$deliveryId", soon("Webhooks")),
  notYet("/admin", soon("Admin")),
  ...adminSections.map((section) => notYet(`/admin/${section}`, adminPlaces[section])),
])
