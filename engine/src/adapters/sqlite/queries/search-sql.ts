/**
 * What is asked of the values of a run, as parts of a statement: over `workflow_runs r` for each run, and the keys of the
 * runs that an index finds. The index lies in another file, attached as `search`; a run that is not in it yet has no values.
 */
import { type Phrase, phraseOf, withoutStar } from "../../../core/search/words.ts"
import { asNumber, type RunTerm, type RunTest, type ValueMatch } from "../../../core/views/run-term.ts"
import type { Cell } from "../rows.ts"
import { wordFunction } from "../search/word-lookup.ts"
import { all, type Condition, contains } from "./condition.ts"
import { matchCondition, rangeCondition } from "./match-sql.ts"

type ValueTest = Extract<RunTest, { readonly kind: "value" }>

/** A free word: in an id or a name, or in a value. */
export function anywhere(text: string): Condition {
  const named = contains(text)
  const match = matchText(phraseOf(text))
  if (match === null) return named
  const said = `${wordFunction}(?, r.run_key)`
  return { sql: `(${named.sql} OR ${said})`, values: [...named.values, match] }
}

/** In the full-text index's own language; null: there is no word in it. */
function matchText({ words, isOpen }: Phrase): string | null {
  if (words.length === 0) return null
  return `"${words.join(" ")}"${isOpen ? " *" : ""}`
}

/**
 * Keys of all runs in which the word can stand, and of more: those whose id or name has its letters in threes, those
 * with its words in a value, and those that are not in the index yet. Null: too short to be looked for so.
 */
export function keysWithWord(text: string): Condition | null {
  const threes = threesOf(withoutStar(text))
  if (threes.length === 0) return null
  const match = matchText(phraseOf(text))
  const named: Condition = {
    sql: "SELECT n.rowid AS run_key FROM search.run_names n WHERE n.run_names MATCH ?",
    values: [threes.map((three) => `"${three.replaceAll('"', '""')}"`).join(" AND ")],
  }
  const fresh: Condition = {
    sql: "SELECT f.run_key FROM workflow_runs f WHERE f.run_key > (SELECT p.run_key FROM search.place p WHERE p.name = 'feed')",
    values: [],
  }
  const said: Condition[] =
    match === null
      ? []
      : [{ sql: "SELECT t.rowid >> 16 FROM search.run_text t WHERE t.run_text MATCH ?", values: [match] }]
  return together([named, fresh, ...said])
}

/** Enough of them: each is a list to be walked. */
const threesMax = 12

function threesOf(text: string): readonly string[] {
  const signs = [...text]
  const threes = signs.slice(2).map((_, index) => signs.slice(index, index + 3).join(""))
  // What is asked of the index ends at a NUL; the others say enough, the text itself is looked at behind it.
  return [...new Set(threes)].filter((three) => !three.includes("\0")).slice(0, threesMax)
}

/** A scalar at a path of the run's input or output. */
export function atPath(test: ValueTest): Condition {
  const any = test.any.map((match) => leafCondition("l.value", match))
  const path = "(SELECT p.path_id FROM search.paths p WHERE p.workspace_id = r.workspace_id AND p.path = ?)"
  return {
    sql: `EXISTS (SELECT 1 FROM search.leaves l WHERE l.run_key = r.run_key AND l.path_id = ${path}
      AND (${any.map((one) => one.sql).join(" OR ")}))`,
    values: [fullPath(test), ...any.flatMap((one) => one.values)],
  }
}

/** Keys of exactly these runs, along the index of values; null: the index has no order for what is asked. */
export function keysAtPath(workspaceId: string, test: ValueTest): Condition | null {
  if (test.any.some(({ kind }) => kind === "pattern")) return null
  const path: Condition = {
    sql: "l.path_id = (SELECT p.path_id FROM search.paths p WHERE p.workspace_id = ? AND p.path = ?)",
    values: [workspaceId, fullPath(test)],
  }
  return together(
    test.any.map((match) => {
      const where = all([path, ...firstLetters(match), leafCondition("l.value", match)])
      return {
        sql: `SELECT l.run_key FROM search.leaves l INDEXED BY leaves_by_value WHERE ${where.sql}`,
        values: where.values,
      }
    }),
  )
}

function fullPath({ side, path }: ValueTest): string {
  return `${side}.${path}`
}

function leafCondition(column: string, match: ValueMatch): Condition {
  switch (match.kind) {
    case "is": {
      const number = asNumber(match.text)
      const values: Cell[] = number === null ? [match.text] : [match.text, number]
      return { sql: `${column} IN (${values.map(() => "?").join(", ")})`, values }
    }
    case "range":
      // Numbers come before texts.
      return all([rangeCondition({ sql: column, values: [] }, match.range), { sql: `${column} < ''`, values: [] }])
    case "glob":
    case "pattern":
      return all([{ sql: `${column} >= ''`, values: [] }, matchCondition(column, match)])
  }
}

/** What stands in front of the first star, as a range of the index. */
function firstLetters(match: ValueMatch): readonly Condition[] {
  if (match.kind !== "glob") return []
  const start = match.pattern.slice(0, match.pattern.indexOf("*"))
  return start === "" ? [] : [{ sql: "l.value >= ? AND l.value < ?", values: [start, `${start}\u{10ffff}`] }]
}

function together(conditions: readonly Condition[]): Condition {
  return {
    sql: conditions.map((one) => one.sql).join(" UNION ALL "),
    values: conditions.flatMap((one) => one.values),
  }
}

/** Statements of keys for the terms of a query that look at values. */
export function keysOfTerm(workspaceId: string, { negated, test }: RunTerm): Condition | null {
  if (negated) return null
  if (test.kind === "words") return keysWithWord(test.text)
  return test.kind === "value" ? keysAtPath(workspaceId, test) : null
}
