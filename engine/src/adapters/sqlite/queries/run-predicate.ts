/**
 * A run filter as SQL: for each field asked, the index that finds its values and the condition they must meet. The same
 * predicate serves list and count. Values are always bound, never part of the text.
 */
import type { RunFilter } from "../../../core/views/run-query.ts"
import type { PresentField, RunTerm, TextField } from "../../../core/views/run-term.ts"
import { all, anyOf, type Condition, equal } from "./condition.ts"
import { matchCondition, rangeCondition } from "./match-sql.ts"
import { keysOfRange } from "./range-keys.ts"
import { anywhere, keysOfTerm, keysWithWord } from "./search-sql.ts"
import { keysAssigned, keysNoted, keysOwned, keysResolved, owner, resolution } from "./standing-sql.ts"
import { termCondition, textsOf } from "./term-sql.ts"

/** A field whose values an index brings in order of time. */
export interface Driver {
  readonly index: string
  /** An id's index has no workspace in it. */
  readonly byId: boolean
  /** One condition a value: their runs are disjoint. `own`: without the workspace. */
  readonly each: readonly (Condition & { readonly own?: Condition })[]
  /** All of them at once. */
  readonly any: Condition
}

export interface Predicate {
  readonly drivers: readonly Driver[]
  /** All fields, the drivers' among them, without times of starting. */
  readonly conditions: readonly { readonly driver: Driver | null; readonly condition: Condition }[]
  /** Bounds of the start, which an index in order of time takes as its range. */
  readonly times: readonly Condition[]
  /** Statements of keys among which the run's must be, each a short look along an index when they are few. */
  readonly keys: readonly Condition[]
  /** The same by words that are said in values: to find them costs more. */
  readonly said: readonly Condition[]
  /** The same where all that an index has must be looked at. */
  readonly looked: readonly Looked[]
  /** What only some runs have, with the index of those that have it; not in order of time. */
  readonly sparse: readonly { readonly index: string; readonly condition: Condition }[]
  /** Ids of which the run's must be one. */
  readonly runIds: readonly (readonly string[])[]
}

/** Of `all` that are looked at, those whose `keys` are meant. */
export interface Looked {
  readonly all: Condition
  readonly keys: Condition
}

const statusIndex = "idx_workflow_executions_workspace_status"

/** Fields with an index `(workspace, field, time)`, or for ids `(field, time)`. */
const indexed = [
  { field: "errorCode", column: "error_code", index: "workflow_runs_by_error" },
  { field: "hitl", column: "hitl", index: "workflow_runs_by_hitl" },
  { field: "workflowId", column: "workflow_id", index: "workflow_runs_by_workflow" },
  { field: "status", column: "status", index: statusIndex },
  { field: "actor", column: "actor", index: "workflow_runs_by_actor" },
  { field: "environment", column: "environment", index: "workflow_runs_by_environment" },
] as const

/** What only the language asks for. */
const indexedOfTerms = [
  ...indexed,
  { field: "errorClass", column: "error_class", index: "workflow_runs_by_error_class" },
  { field: "errorStep", column: "error_step", index: "workflow_runs_by_error_step" },
  { field: "triggerKind", column: "trigger_kind", index: "workflow_runs_by_trigger" },
] as const
const versionIndex = "workflow_runs_by_version"

const ids = [
  { field: "traceId", column: "trace_id", index: "workflow_runs_by_trace" },
  { field: "correlationId", column: "correlation_id", index: "workflow_runs_by_correlation" },
  { field: "businessEventId", column: "business_event_id", index: "workflow_runs_by_business_event" },
  { field: "parentRunId", column: "parent_run_id", index: "workflow_runs_by_parent" },
] as const
const idsOfTerms = [...ids, { field: "rerunOf", column: "rerun_of", index: "workflow_runs_by_rerun" }] as const

/** `exactId`: `q` is the id of some run, and then means only these. */
export function predicateOf(workspaceId: string, filter: RunFilter, exactId: boolean): Predicate {
  const workspace = equal("workspace_id", workspaceId)
  const drivers: Driver[] = []
  const conditions: Predicate["conditions"][number][] = []
  const drive = (driver: Driver, condition: Condition): void => {
    drivers.push(driver)
    conditions.push({ driver, condition })
  }
  for (const { field, column, index } of ids) {
    const value = filter[field]
    if (value === null) continue
    const condition = equal(column, value)
    drive({ index, byId: true, each: [condition], any: condition }, condition)
  }
  for (const { field, column, index } of indexed) {
    const values = [...new Set(filter[field])]
    if (values.length > 0) drive(fieldDriver(workspace, column, index, values), anyOf(column, values))
  }
  conditions.push({ driver: null, condition: workspace })
  if (filter.version.length > 0)
    conditions.push({ driver: versionDriver(workspace, filter.version, drivers), condition: versionIn(filter.version) })
  if (filter.tag.length > 0) conditions.push({ driver: null, condition: tagged(filter.tag) })
  if (filter.origin.length > 0)
    conditions.push({
      driver: originDriver(workspace, filter.origin, drivers),
      condition: anyOf("origin", filter.origin),
    })
  if (filter.owner.length > 0) conditions.push({ driver: null, condition: among(owner, filter.owner) })
  if (filter.resolution.length > 0) conditions.push({ driver: null, condition: among(resolution, filter.resolution) })
  if (mustBeOpen(filter)) drivers.push(fieldDriver(workspace, "status", statusIndex, ["FAILED", "TIMED_OUT"]))
  if (filter.q !== null) conditions.push({ driver: null, condition: exactId ? idIs(filter.q) : anywhere(filter.q) })
  drivers.push(...filter.terms.flatMap((term) => wider(workspace, term)))
  const times: Condition[] = []
  for (const term of filter.terms) {
    const condition = termCondition(term)
    if (isStart(term)) times.push(condition)
    else conditions.push({ driver: termDriver(workspace, term, drivers), condition })
  }
  return {
    drivers,
    conditions,
    times,
    keys: [...keysOf(filter), ...keysOfRanges(workspaceId, filter)],
    said: keysOfWords(workspaceId, filter),
    looked: filter.terms.flatMap((term) => lookedThrough(workspace, term)),
    sparse: filter.terms.flatMap((term) => sparseOf(workspace, term)),
    runIds: filter.terms.flatMap((term) => exactly(term, "runId")),
  }
}

/** The same of one status only. */
export function withStatus(predicate: Predicate, workspaceId: string, status: string): Predicate {
  const driver = fieldDriver(equal("workspace_id", workspaceId), "status", statusIndex, [status])
  return {
    ...predicate,
    drivers: [...predicate.drivers.filter(({ index }) => index !== statusIndex), driver],
    conditions: [...predicate.conditions, { driver, condition: equal("status", status) }],
  }
}

/** Only what failed can be open: its status finds it, and each run is still asked. */
export function mustBeOpen(filter: RunFilter): boolean {
  const isOpen = (words: readonly string[]) => words.length === 1 && words[0] === "open"
  return isOpen(filter.resolution) || filter.terms.some((term) => exactly(term, "resolution").some(isOpen))
}

function keysOf(filter: RunFilter): readonly Condition[] {
  const asked = (field: "tag" | "owner" | "resolution") => [
    ...(filter[field].length === 0 ? [] : [filter[field]]),
    ...filter.terms.flatMap((term) => exactly(term, field)),
  ]
  const present = filter.terms.flatMap(({ negated, test }) =>
    !negated && test.kind === "present" && test.any.length === 1 ? [test.any[0]] : [],
  )
  return [
    ...asked("tag").map((tags) => keysWith("workflow_run_tags", "tag", tags)),
    ...filter.terms.flatMap((term) => exactly(term, "issue")).map(keysOfIssues),
    ...asked("owner").map(keysOwned),
    ...asked("resolution").flatMap((words) => keysResolved(words) ?? []),
    ...(present.includes("note") ? [keysNoted] : []),
    ...(present.includes("owner") ? [keysAssigned] : []),
  ]
}

/** What an index of few runs has beside their time: looked through from end to end, when it is short (`Looked`). */
function lookedThrough(workspace: Condition, { negated, test }: RunTerm): readonly Looked[] {
  if (negated) return []
  if (test.kind === "text" && test.field === "errorMessage") {
    const any = test.any.map((match) => matchCondition("r.error_message", match))
    return [looked(workspace, "error", any)]
  }
  if (test.kind !== "number" || test.field !== "retryCount") return []
  if (test.any.some(({ least }) => (least?.value ?? 0) < 1)) return []
  const any = test.any.map((range) => rangeCondition({ sql: "r.retry_count", values: [] }, range))
  return [looked(workspace, "retry", any)]
}

function looked(workspace: Condition, field: "error" | "retry", any: readonly Condition[]): Looked {
  const { index, having } = timely[field]!
  const few = all([workspace, { sql: having, values: [] }])
  const one: Condition = {
    sql: `(${any.map(({ sql }) => sql).join(" OR ")})`,
    values: any.flatMap(({ values }) => values),
  }
  const select = (where: Condition): Condition => ({
    sql: `SELECT r.run_key FROM workflow_runs r INDEXED BY ${index} WHERE ${where.sql}`,
    values: where.values,
  })
  return { all: select(few), keys: select(all([few, one])) }
}

function keysOfRanges(workspaceId: string, filter: RunFilter): readonly Condition[] {
  return filter.terms.map((term) => keysOfRange(workspaceId, term)).filter((keys) => keys !== null)
}

/** Along the index over values; behind the others, which cost less to be asked. */
function keysOfWords(workspaceId: string, filter: RunFilter): readonly Condition[] {
  const q = filter.q === null ? null : keysWithWord(filter.q)
  return [q, ...filter.terms.map((term) => keysOfTerm(workspaceId, term))].filter((keys) => keys !== null)
}

/** As a part of a statement: the keys of runs that have one of these values in a table by its side. */
export function keysWith(table: string, column: string, values: readonly string[]): Condition {
  return { sql: `SELECT run_key FROM ${table} WHERE ${column} IN (${values.map(() => "?").join(", ")})`, values }
}

function keysOfIssues(issueIds: readonly string[]): Condition {
  const marks = issueIds.map(() => "?").join(", ")
  const sql = `SELECT k.run_key FROM issue_runs f JOIN workflow_run_keys k ON k.run_id = f.run_id WHERE f.issue_id IN (${marks})`
  return { sql, values: issueIds }
}

function among(column: string, values: readonly string[]): Condition {
  return { sql: `${column} IN (${values.map(() => "?").join(", ")})`, values }
}

function fieldDriver(workspace: Condition, column: string, index: string, values: readonly string[]): Driver {
  const each = values.map((value) => ({ ...all([workspace, equal(column, value)]), own: equal(column, value) }))
  return { index, byId: false, each, any: all([workspace, anyOf(column, values)]) }
}

/** Partial indexes, by what a run must have to be in them. */
const partial: { readonly [Field in PresentField]?: { readonly index: string; readonly column: string } } = {
  hitl: { index: "workflow_runs_by_hitl", column: "hitl" },
  event: { index: "workflow_runs_by_business_event", column: "business_event_id" },
  parent: { index: "workflow_runs_by_parent", column: "parent_run_id" },
}

function sparseOf(workspace: Condition, { negated, test }: RunTerm): Predicate["sparse"] {
  const found = !negated && test.kind === "present" && test.any.length === 1 ? partial[test.any[0]!] : undefined
  if (found === undefined) return []
  return [{ index: found.index, condition: all([workspace, { sql: `r.${found.column} IS NOT NULL`, values: [] }]) }]
}

/** One range of starts: what an index in order of time has side by side. */
function isStart({ negated, test }: RunTerm): boolean {
  return !negated && test.kind === "number" && test.field === "sortAt" && test.any.length === 1
}

/** The term's values, when nothing else than one of them will do. */
export function exactly({ negated, test }: RunTerm, field: TextField): readonly (readonly string[])[] {
  if (negated || test.kind !== "text" || test.field !== field) return []
  const texts = textsOf(test.any)
  return test.any.every((match) => match.kind === "is") ? [texts] : []
}

function termDriver(workspace: Condition, term: RunTerm, drivers: Driver[]): Driver | null {
  const { negated, test } = term
  if (!negated && test.kind === "present" && test.any.length === 1) {
    const driver = withField(workspace, test.any[0]!)
    return driver === null ? null : kept(drivers, driver)
  }
  const origins = exactly(term, "origin")[0]
  if (origins !== undefined) return originDriver(workspace, origins, drivers)
  const versions = exactly(term, "version")[0]
  if (versions !== undefined) return versionDriver(workspace, versions, drivers)
  for (const { field, column, index } of indexedOfTerms) {
    const values = exactly(term, field)[0]
    if (values !== undefined) return kept(drivers, fieldDriver(workspace, column, index, values))
  }
  for (const { field, column, index } of idsOfTerms) {
    const values = exactly(term, field)[0]
    if (values === undefined) continue
    const each = values.map((value) => equal(column, value))
    return kept(drivers, { index, byId: true, each, any: anyOf(column, values) })
  }
  return null
}

/** Null: digits may mean a version's number too, and no index has both. */
function versionDriver(workspace: Condition, versions: readonly string[], drivers: Driver[]): Driver | null {
  if (versions.length === 0 || versions.some((version) => /^[0-9]+$/.test(version))) return null
  return kept(drivers, fieldDriver(workspace, "workflow_version", versionIndex, versions))
}

/** Null: the index is of those runs only that are set apart; production pays nothing for it. */
function originDriver(workspace: Condition, origins: readonly string[], drivers: Driver[]): Driver | null {
  if (!origins.every((origin) => origin === "backfill" || origin === "replay")) return null
  const values = [...new Set(origins)]
  // Written out: the planner takes the index only where it sees that these runs are in it.
  const apart: Condition = { sql: "r.origin <> 'live'", values: [] }
  const each = values.map((value) => all([workspace, apart, equal("origin", value)]))
  return kept(drivers, {
    index: "workflow_runs_apart",
    byId: false,
    each,
    any: all([workspace, apart, anyOf("origin", values)]),
  })
}

/** An index in order of time over the few runs among which the term's must be; each run is still asked. */
function wider(workspace: Condition, { negated, test }: RunTerm): readonly Driver[] {
  if (negated) return []
  if (test.kind === "text" && ["errorCode", "errorMessage", "issue"].includes(test.field))
    return [withField(workspace, "error")!]
  const isRetried =
    test.kind === "number" && test.field === "retryCount" && test.any.every(({ least }) => (least?.value ?? 0) >= 1)
  return isRetried ? [withField(workspace, "retry")!] : []
}

const timely: { readonly [Field in PresentField]?: { readonly index: string; readonly having: string } } = {
  error: { index: "workflow_runs_with_error", having: "r.error_code IS NOT NULL" },
  retry: { index: "workflow_runs_retried", having: "r.retry_count > 0" },
  rerun: { index: "workflow_runs_repeating", having: "r.rerun_of IS NOT NULL" },
}

/** In order of time, the runs that have a field; null: no index has these. */
function withField(workspace: Condition, field: PresentField): Driver | null {
  const found = timely[field]
  if (found === undefined) return null
  const any = all([workspace, { sql: found.having, values: [] }])
  return { index: found.index, byId: false, each: [any], any }
}

function kept(drivers: Driver[], driver: Driver): Driver {
  drivers.push(driver)
  return driver
}

/** All conditions but the one that the driver's index has met already. */
export function rest(predicate: Predicate, driver: Driver | null): Condition {
  const left = predicate.conditions.filter((one) => one.driver === null || one.driver !== driver)
  return all(left.map((one) => one.condition))
}

/** True when the driver's own condition, the workspace and the order are all that is asked. */
export function coveredBy(predicate: Predicate, driver: Driver): boolean {
  const others = predicate.conditions.filter((one) => one.driver !== driver)
  return others.length === 1 && !driver.byId
}

function versionIn(versions: readonly string[]): Condition {
  const numbers = versions.filter((version) => /^[0-9]{1,15}$/.test(version) && String(Number(version)) === version)
  const labels = anyOf("workflow_version", versions)
  if (numbers.length === 0) return labels
  const marks = numbers.map(() => "?").join(", ")
  return { sql: `(${labels.sql} OR r.version_number IN (${marks}))`, values: [...versions, ...numbers.map(Number)] }
}

function tagged(tags: readonly string[]): Condition {
  const marks = tags.map(() => "?").join(", ")
  return {
    sql: `EXISTS (SELECT 1 FROM workflow_run_tags t WHERE t.tag IN (${marks}) AND t.run_key = r.run_key)`,
    values: tags,
  }
}

/** One index each: an OR over them would be a walk through all runs. */
export const keysOfId = `SELECT run_key FROM workflow_run_keys WHERE run_id = ?
  UNION SELECT run_key FROM workflow_runs WHERE correlation_id = ?
  UNION SELECT run_key FROM workflow_runs WHERE business_event_id = ?`

function idIs(id: string): Condition {
  return { sql: `r.run_key IN (${keysOfId})`, values: [id, id, id] }
}
