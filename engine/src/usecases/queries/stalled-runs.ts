/**
 * Lists that know which runs are stalled: that is nowhere in a row, only the runtime knows whom it has not heard of. Told
 * to whatever asks `is:stalled`, so that lists, counts and bulk actions mean the same runs.
 */
import { asksStalled } from "../../core/views/run-term.ts"
import type { RunQueries } from "../../ports/run-queries.ts"
import type { RunQuestion } from "../../ports/run-question.ts"

export function knowingStalled(rows: RunQueries, stalled: () => readonly string[]): RunQueries {
  const told = <Question extends RunQuestion>(question: Question): Question =>
    asksStalled(question.filter.terms) ? { ...question, stalled: stalled() } : question
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
