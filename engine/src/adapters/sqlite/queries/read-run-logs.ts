/** Pages of a run's log: one range of its key, ended by lines, by bytes or by the lines that were looked at. */
import { logLevels, type RunLogLine, type RunLogPage } from "../../../ports/run-logs.ts"
import { runKeyOf } from "../rows.ts"
import type { Row, Statements } from "./statements.ts"

/** Looked at in one page when few of them fit. */
const window = 5_000
/** Of messages and fields in one page. */
const pageCharsMax = 1 << 20

export function runLogs(
  statements: Statements,
  runId: string,
  page: RunLogPage,
): { readonly lines: readonly RunLogLine[]; readonly to: number | null } {
  const where = ["l.level >= ?"]
  const values: (string | number)[] = [logLevels.indexOf(page.level)]
  if (page.stepId !== null) {
    where.push("l.step_id = ?")
    values.push(page.stepId)
  }
  if (page.attempt !== null) {
    where.push("l.attempt = ?")
    values.push(page.attempt)
  }
  const last = page.after + window
  const rows = statements.all(
    `SELECT l.number, l.at, l.step_id AS "stepId", l.attempt, l.level, l.message, l.fields FROM workflow_run_logs l
     WHERE l.run_key = ${runKeyOf} AND l.number > ? AND l.number <= ? AND ${where.join(" AND ")}
     ORDER BY l.number LIMIT ?`,
    [runId, page.after, last, ...values, page.limit + 1],
  )
  const lines = withinBytes(rows.slice(0, page.limit).map(lineOf))
  if (lines.length < rows.length) return { lines, to: lines.at(-1)!.number }
  const head = statements.get(`SELECT max(number) AS head FROM workflow_run_logs WHERE run_key = ${runKeyOf}`, [runId])
  return { lines, to: ((head?.head as number | null | undefined) ?? 0) > last ? last : null }
}

/** The first always. */
function withinBytes(lines: readonly RunLogLine[]): readonly RunLogLine[] {
  let chars = 0
  const end = lines.findIndex(({ message, fields }, at) => {
    chars += message.length + (fields?.length ?? 0)
    return at > 0 && chars > pageCharsMax
  })
  return end < 0 ? lines : lines.slice(0, end)
}

function lineOf(row: Row): RunLogLine {
  return { ...row, level: logLevels[row.level as number]! } as unknown as RunLogLine
}
