/**
 * Lists that know which runs are stalled, and what makes one late: neither is in a row. Only the runtime knows whom it has
 * not heard of, and only the targets how long a run may take. Told to whatever asks `is:stalled` or `is:late`, so that
 * lists, counts and bulk actions mean the same runs.
 */
import type { DurationLimit } from "../../core/views/late-runs.ts"
import { asksLate, asksStalled } from "../../core/views/run-term.ts"
import type { RunQueries } from "../../ports/run-queries.ts"
import type { RunQuestion } from "../../ports/run-question.ts"

export interface KnownBeside {
  stalled(): readonly string[]
  limits(workspaceId: string): readonly DurationLimit[]
}

export function knowingBeside(rows: RunQueries, { stalled, limits }: KnownBeside): RunQueries {
  const told = <Question extends RunQuestion>(question: Question): Question => {
    const { terms } = question.filter
    const [isStalled, isLate] = [asksStalled(terms), asksLate(terms)]
    if (!isStalled && !isLate) return question
    return {
      ...question,
      ...(isStalled && { stalled: stalled() }),
      ...(isLate && { late: limits(question.workspaceId) }),
    }
  }
  return {
    run: (runId) => rows.run(runId),
    runs: (request) => rows.runs(told(request)),
    steps: (runId, after, limit) => rows.steps(runId, after, limit),
    events: (runId, page) => rows.events(runId, page),
    approvals: (request) => rows.approvals(request),
    approval: (approvalId) => rows.approval(approvalId),
    since: (position, limit) => rows.since(position, limit),
    countsByStatus: (question) => rows.countsByStatus(told(question)),
    histogram: (question, window) => rows.histogram(told(question), window),
    firstStart: (question) => rows.firstStart(told(question)),
    facets: (question, names, valuesMax) => rows.facets(told(question), names, valuesMax),
  }
}
