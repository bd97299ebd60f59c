/**
 * Which runs a list stream shows: the same predicate as the list's. Workflow, status and environment are in every event;
 * the other filters look at the run's row, and those over values at what its events brought, not at the index: a stream is
 * never behind. What lies in the archive it does not look at: of such a run the values are those that the index has, which
 * read them when it was in the store. A run that leaves the filter is told once, with
 * `matches: false` (rule 17).
 */
import { createHash } from "node:crypto"
import {
  asksIssue,
  decodeEvent,
  type Engine,
  type FeedEvent,
  filterAsksValues,
  hasId,
  issueOfRun,
  matchesFilter,
  noFilter,
  noValues,
  type RunError,
  type RunFilter,
  type RunRow,
  type RunValues,
  resolveFilter,
  runValues,
  type Standing,
  searchedTypes,
} from "@waybill/engine"

/** Of a run with more events that bring values the first are looked at. */
const EVENTS_MAX = 500

export interface ListFilter {
  /** Whose runs: others' are not even told to have left. */
  readonly workspaceId: string
  readonly filter: RunFilter
  readonly needsRow: boolean
  /** The text searched for is the id of some run, in full: only its runs are meant, as in the list. */
  readonly isId: boolean
}

export async function listFilter(engine: Engine, workspaceId: string, filter: RunFilter): Promise<ListFilter> {
  const { workflowId, status, environment, ...rest } = filter
  const needsRow = Object.values(rest).some((value) => (Array.isArray(value) ? value.length > 0 : value !== null))
  return { workspaceId, filter, needsRow, isId: filter.q !== null && (await isSomeId(engine, filter.q)) }
}

async function isSomeId(engine: Engine, text: string): Promise<boolean> {
  const found = await engine.queries.runs({ ...noFilter, q: text }, "-startedAt", null, 1)
  return found.ok && found.value.items.some((row) => hasId(row, text))
}

export function eventMatches(
  { filter }: ListFilter,
  event: Pick<FeedEvent, "workflowId" | "status" | "environment">,
): boolean {
  return (
    has(filter.workflowId, event.workflowId) &&
    has(filter.status, event.status) &&
    has(filter.environment, event.environment)
  )
}

/** Of one run, those that the filter looks at. What lies in the archive is not fetched: a stream waits for no archive. */
export async function valuesFor(engine: Pick<Engine, "queries">, filter: RunFilter, row: RunRow): Promise<RunValues> {
  if (!filterAsksValues(filter)) return noValues
  const { queries } = engine
  const { runId } = row
  const rows = await queries.events(runId, { after: 0, types: searchedTypes, limit: EVENTS_MAX, near: true })
  const events = rows.flatMap((one) => {
    const decoded = decodeEvent(one)
    return decoded.ok ? [decoded.event] : []
  })
  return runValues(events, filter.terms.some(asksIssue) ? await issueOf(engine, row) : null)
}

/** What the list itself would say of one run that ended long ago. */
export async function isListed(
  engine: Pick<Engine, "within">,
  { workspaceId, filter }: ListFilter,
  { runId }: RunRow,
): Promise<boolean> {
  const thatRun = { kind: "text", field: "runId", any: [{ kind: "is", text: runId }] } as const
  const only = { ...filter, terms: [...filter.terms, { negated: false, test: thatRun }] }
  const found = await engine.within(workspaceId).queries.runs(only, "-startedAt", null, 1)
  return found.ok && found.value.items.length > 0
}

/** From how it ended, as it is counted a moment later. */
async function issueOf({ queries }: Pick<Engine, "queries">, row: RunRow): Promise<string | null> {
  const [end] = await queries.events(row.runId, { after: row.seq - 1, types: [], limit: 1, near: true })
  const payload = end?.payload == null ? null : (JSON.parse(end.payload) as { readonly error?: RunError })
  return issueOfRun(row, payload?.error ?? null, (text) => createHash("sha256").update(text).digest("base64url"))
}

/**
 * @param row as it is now; its status is taken from the event, which may be older
 * @param is whether its events lie in the archive, nothing is heard of its agent, and it takes longer than a target allows
 */
export function rowMatches(
  { filter, isId }: ListFilter,
  event: Pick<FeedEvent, "status">,
  row: RunRow,
  standing: Standing,
  values: RunValues,
  now: number,
  { isArchived, isStalled, isLate }: Readonly<Record<"isArchived" | "isStalled" | "isLate", boolean>>,
): boolean {
  if (isId && !hasId(row, filter.q!)) return false
  const then = { ...row, status: event.status }
  const archived = isArchived && row.completedAt !== null ? [{ from: row.completedAt, to: row.completedAt }] : []
  // What is known of it already, as the filter is told of all runs.
  const late = isLate ? [{ workflowId: row.workflowId, environment: row.environment, limitMs: -1 }] : []
  const resolved = resolveFilter(filter, now, archived, isStalled ? [row.runId] : [], late)
  return matchesFilter(then, standing, resolved, values)
}

function has(list: readonly string[], value: string | null): boolean {
  return list.length === 0 || (value !== null && list.includes(value))
}
