/**
 * Every address of the UI, in one place. It imports nothing, so that anybody may ask it; the routes of `app/routes.ts`
 * and the pages that the server answers (`server/src/http/web/pages.ts`) are held against it by a test.
 * Values that are empty are left out, so that an address says only what differs from the default.
 */
export type SearchValue = string | number | boolean | readonly string[] | null | undefined
export type SearchValues = { readonly [name: string]: SearchValue }

export interface RunsSearch {
  /** The query as it was typed. */
  readonly q?: string
  /** `-24h`, or RFC 3339. */
  readonly from?: string
  readonly to?: string
  readonly status?: readonly string[]
  readonly workflowId?: readonly string[]
  readonly tag?: readonly string[]
  /** `-startedAt`: the newest first. */
  readonly sort?: string
  readonly cols?: readonly string[]
  /** Backfills and replays are among them; absent: production alone. */
  readonly origin?: "all"
  /** Rows that stand under others are left out; absent: every run has a row. */
  readonly fold?: readonly ("duplicates" | "children")[]
  /** The run that is looked into beside the list. */
  readonly peek?: string
}

export const runLenses = ["tree", "gantt", "graph", "log"] as const
export const runTabs = [
  "timeline",
  "steps",
  "context",
  "events",
  "logs",
  "approvals",
  "annotations",
  "lineage",
  "io",
  "attachments",
  "later",
] as const
export const logLevels = ["debug", "info", "warn", "error"] as const
export const stepParts = ["attempts", "input", "output", "context", "logs"] as const
export const runActs = [
  "rerun",
  "retry-now",
  "signal",
  "pause",
  "resume",
  "cancel",
  "decide",
  "annotate",
  "tag",
  "assign",
  "resolve",
] as const

export interface RunSearch {
  readonly step?: string
  readonly attempt?: number
  /** What of the step is shown; absent: its attempts. */
  readonly part?: (typeof stepParts)[number]
  /** Absent: the timeline. */
  readonly tab?: (typeof runTabs)[number]
  /** Absent: the tree. */
  readonly lens?: (typeof runLenses)[number]
  /** In the timeline: only what failed, or only what decided when the run ended, with what holds it. */
  readonly only?: "failed" | "critical"
  /** Milliseconds after the run's start: `1200-5400`. */
  readonly zoom?: string
  /** The event up to which the context is shown. */
  readonly at?: number
  /** The event that is looked into, and the types that are listed. */
  readonly event?: number
  readonly types?: readonly string[]
  /** The log line that is looked into, and from which level on lines are listed; absent: all. */
  readonly line?: number
  readonly level?: (typeof logLevels)[number]
  /** Of the table of steps: `-duration`. */
  readonly sort?: string
  /** The action whose dialog is open; for a re-run where it begins, for a decision its approval. */
  readonly act?: (typeof runActs)[number]
  readonly from?: string
  readonly approval?: string
}

export const workflowStatuses = ["active", "disabled"] as const
export const workflowSyncs = ["synced", "file_changed", "diverged", "file_missing", "invalid", "none"] as const

export interface WorkflowsSearch {
  readonly q?: string
  readonly status?: (typeof workflowStatuses)[number]
  readonly sync?: (typeof workflowSyncs)[number]
  /** The workflow whose form to start a run is open. */
  readonly start?: string
  /** What is asked before it is done, or told how to do: to `of`, but for `new`. */
  readonly act?: "disable" | "enable" | "edit" | "new"
  readonly of?: string
}

export const workflowTabs = ["overview", "runs", "definition", "versions"] as const

export interface WorkflowSearch {
  /** Absent: the overview. */
  readonly tab?: (typeof workflowTabs)[number]
  /** Its form to start a run is open. */
  readonly start?: "1"
  readonly act?: "disable" | "enable" | "edit" | "rollback"
  /** The version that is to serve again. */
  readonly of?: number
  /** How many days back the figures go; absent: 30. */
  readonly days?: number
  /** The statuses of its runs that are listed. */
  readonly status?: readonly string[]
  /** Of the definition: what serves, or what its file says now. */
  readonly text?: "serving" | "file"
}

export const approvalViews = ["pending", "decided", "all"] as const

export interface ApprovalsSearch {
  /** Absent: those that are open. */
  readonly state?: (typeof approvalViews)[number]
  readonly workflowId?: string
  /** Only what asks this person by name. */
  readonly assignee?: "me"
  /** The approval whose panel stands beside the list, and what was chosen to say to it when it was opened. */
  readonly open?: string
  readonly say?: string
}

export const adminSections = ["access", "policies", "retention", "keys", "sources", "audit", "system"] as const
export type AdminSection = (typeof adminSections)[number]

const part = encodeURIComponent

export const paths = {
  overview: () => "/",
  runs: (search: RunsSearch = {}) => withSearch("/runs", search as SearchValues),
  run: (runId: string, search: RunSearch = {}) => withSearch(`/runs/${part(runId)}`, search as SearchValues),
  compareRuns: (a: string, b: string) => `/compare/${part(a)}...${part(b)}`,
  workflows: (search: WorkflowsSearch = {}) => withSearch("/workflows", search as SearchValues),
  workflow: (id: string, search: WorkflowSearch = {}) => withSearch(`/workflows/${part(id)}`, search as SearchValues),
  workflowVersion: (id: string, version: number) => `/workflows/${part(id)}/v/${version}`,
  workflowVersions: (id: string, a: number, b: number) => `/workflows/${part(id)}/versions/${a}...${b}`,
  approvals: (search: ApprovalsSearch = {}) => withSearch("/approvals", search as SearchValues),
  approval: (id: string) => `/approvals/${part(id)}`,
  issues: () => "/issues",
  issue: (id: string) => `/issues/${part(id)}`,
  agents: () => "/agents",
  outcomes: () => "/outcomes",
  outcome: (businessEventId: string) => `/outcomes/${part(businessEventId)}`,
  webhooks: () => "/webhooks",
  webhookDelivery: (id: string, delivery: string) => `/webhooks/${part(id)}/deliveries/${part(delivery)}`,
  admin: (section?: AdminSection) => (section === undefined ? "/admin" : `/admin/${section}`),
  /** Not of the UI, but of the same server. */
  apiDocs: () => "/docs",
} as const

export function withSearch(path: string, search: SearchValues): string {
  const text = searchText(search)
  return text === "" ? path : `${path}?${text}`
}

/** Lists are joined by commas, as the API reads them. */
export function searchText(search: SearchValues): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    const text = Array.isArray(value) ? value.join(",") : value
    if (text === undefined || text === null || text === "") continue
    params.set(name, String(text))
  }
  return params.toString().replaceAll("%2C", ",").replaceAll("%3A", ":")
}
