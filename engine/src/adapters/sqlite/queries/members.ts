/**
 * The keys of the runs that meet a condition, along the index that finds them in their own order: a walk in another order
 * passes all other runs by their keys, without reading their rows. That costs a tenth of a microsecond a run, where a row
 * costs five. Each run that is left is still asked; what is given here may be more than what is meant, never less.
 */
import { all, type Condition } from "./condition.ts"
import type { Driver, Predicate } from "./run-predicate.ts"
import type { Statements } from "./statements.ts"

/** Of more than so many a walk meets enough by itself; to gather them would take longer than a page may. */
export const membersMax = 400_000
/** Words are looked up along lists of their own, which cost more. */
const saidMax = 50_000
/** A second set is worth its making when it is not much larger than the first. */
const secondAtMost = 20

interface Members {
  readonly keys: Condition
  readonly count: number
}

/** A statement of keys of runs, and whose they are. */
export interface OwnKeys extends Condition {
  readonly workspaceId: string
  /** And among these, too. */
  readonly also?: Condition | null
}

/** The few among which all that are meant must be. */
export interface Few {
  /** One of so many runs is among them. */
  readonly every: number
  /** Of a statement over `workflow_runs r`. */
  readonly condition: Condition
  /** A statement of the keys of all of them, where they are so few that to sort them is less than to go on walking. */
  readonly whole: OwnKeys | null
}

/** A walk may pass all runs and not find its page: so few are sorted by their times instead, which lie side by side. */
export const wholeMax = 30_000

/** @param max of this source */
interface Source {
  readonly keys: Condition
  readonly max: number
}

/**
 * Null: nothing narrows what is asked.
 * @param walked the field along whose index the walk goes already @param underWay the keys of what a time asks for
 * @param mostOfAll more are not worth it
 */
export function among(
  statements: Statements,
  predicate: Predicate,
  walked: Driver | null,
  underWay: Condition | null,
  { workspaceId, asOf }: { readonly workspaceId: string; readonly asOf: number },
  mostOfAll: number,
): Few | null {
  const sets: Members[] = []
  for (const { keys, max } of sourcesOf(predicate, walked, underWay)) {
    const most = Math.min(max, mostOfAll, ...sets.map(({ count }) => count * secondAtMost))
    const count = statements.get(`SELECT count(*) AS n FROM (${keys.sql} LIMIT ?)`, [...keys.values, most + 1])!
    if ((count.n as number) <= most) sets.push({ keys, count: count.n as number })
  }
  const [first, second] = sets.sort((a, b) => a.count - b.count)
  if (first === undefined) return null
  const isWorth = second !== undefined && second.count <= first.count * secondAtMost
  const also = isWorth ? isAmong(second.keys) : null
  return {
    every: asOf / Math.max(1, first.count),
    condition: all((isWorth ? [first, second] : [first]).map(({ keys }) => isAmong(keys))),
    // Of those of a field all would have to be read to be asked for it: its own index is walked to its end instead.
    whole: first.count > wholeMax || !isSorted(walked) ? null : { ...first.keys, workspaceId, also },
  }
}

/** What is walked is told by the times that lie by the key, with the status (`read-sorted.ts`). */
function isSorted(walked: Driver | null): boolean {
  return walked === null || walked.index === "idx_workflow_executions_workspace_status"
}

/** The plus keeps the keys from being looked up one by one in place of the walk. */
function isAmong({ sql, values }: Condition): Condition {
  return { sql: `+r.run_key IN (${sql})`, values }
}

function sourcesOf(predicate: Predicate, walked: Driver | null, underWay: Condition | null): readonly Source[] {
  const drivers = predicate.drivers.filter((one) => one !== walked).map(({ index, any }) => along(index, any))
  const sparse = predicate.sparse.map(({ index, condition }) => along(index, condition))
  const near = [...predicate.keys, ...sparse, ...drivers, ...(underWay === null ? [] : [underWay])]
  return [...near.map((keys) => ({ keys, max: membersMax })), ...predicate.said.map((keys) => ({ keys, max: saidMax }))]
}

/** The keys of all runs with `condition`, which `index` answers alone. */
export function along(index: string, condition: Condition): Condition {
  return {
    sql: `SELECT r.run_key FROM workflow_runs r INDEXED BY ${index} WHERE ${condition.sql}`,
    values: condition.values,
  }
}
