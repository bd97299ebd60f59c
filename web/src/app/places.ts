/**
 * Where one can go, in the order of the navigation. The palette and the keys read the same list. `soon` says what will
 * be there; such a place has its address already, and nothing is shown there that is not so.
 */
import { type AdminSection, paths } from "../paths.ts"

export interface Place {
  readonly label: string
  readonly to: string
  /** After `g`. */
  readonly key?: string
  readonly soon?: string
}

export const places: readonly Place[] = [
  { label: "Overview", to: paths.overview(), key: "o" },
  { label: "Approvals", to: paths.approvals(), key: "a" },
  { label: "Runs", to: paths.runs(), key: "r" },
  {
    label: "Issues",
    to: paths.issues(),
    key: "i",
    soon: "Failures grouped by workflow, step, class and message, with who owns them and whether they came back.",
  },
  { label: "Workflows", to: paths.workflows(), key: "w" },
  {
    label: "Agents",
    to: paths.agents(),
    soon: "Agents and tools: what they take and give, their versions, how often they are used, cost and fail.",
  },
  {
    label: "Outcomes",
    to: paths.outcomes(),
    soon: "What came of a business event: all its runs with duplicates folded, and how things were before and after.",
  },
  {
    label: "Webhooks",
    to: paths.webhooks(),
    soon: "Where events are delivered to, how that goes, and what to deliver again.",
  },
  {
    label: "Admin",
    to: paths.admin(),
    soon: "Access, policies, retention, keys, sources of foreign runs, the audit trail and the system itself.",
  },
]

export const adminPlaces: { readonly [section in AdminSection]: Place } = {
  access: { label: "Access", to: paths.admin("access"), soon: "Who may see and do what, with a preview of it." },
  policies: {
    label: "Policies",
    to: paths.admin("policies"),
    soon: "What is hidden before it is stored, tried first.",
  },
  retention: { label: "Retention", to: paths.admin("retention"), soon: "How long runs are kept, and the next purge." },
  keys: { label: "Keys", to: paths.admin("keys"), soon: "The keys of programs: made, limited, and taken back." },
  sources: { label: "Sources", to: paths.admin("sources"), soon: "Runs of other systems, and what was rejected." },
  audit: { label: "Audit", to: paths.admin("audit"), soon: "Who did what, searchable and provable." },
  system: { label: "System", to: paths.admin("system"), soon: "How the server does: its store, queues and limits." },
}
