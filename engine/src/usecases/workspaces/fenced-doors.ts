/**
 * The doors as they are seen from one workspace: what belongs to another is not there, whatever id is asked for. Every
 * method that takes an id stands here. It reads and decides nothing of its own; what a list shows is the store's question,
 * which names the workspace itself.
 */
import type { BulkActions, Insights, Queries, Remarks, RunCommands } from "../../door.ts"
import { no } from "../runs/refusal.ts"

export interface Owners {
  ownsRun(runId: string): Promise<boolean>
  /** It is this workspace's own, from its first moment. */
  hasStarted(runId: string): void
  ownsBulk(bulkId: string): Promise<boolean>
}

export function fencedRuns(runs: RunCommands, { ownsRun, hasStarted }: Owners): RunCommands {
  const here = async <T>(runId: string, act: () => Promise<T>) => ((await ownsRun(runId)) ? act() : noRun(runId))
  return {
    start: async (actor, request, header) => {
      const { parentRunId } = request
      if (parentRunId !== null && !(await ownsRun(parentRunId)))
        return no("run_not_found", `there is no run ${parentRunId} to be the parent`)
      const answer = await runs.start(actor, request, header)
      // What is answered again may be gone.
      if (answer.ok && !answer.value.replayed) hasStarted(answer.value.runId)
      return answer
    },
    checkInput: runs.checkInput,
    settled: async (runId, waitMs) => ((await ownsRun(runId)) ? runs.settled(runId, waitMs) : null),
    pause: (actor, runId, reason, header) => here(runId, () => runs.pause(actor, runId, reason, header)),
    resume: (actor, runId, reason, header) => here(runId, () => runs.resume(actor, runId, reason, header)),
    cancel: (actor, runId, options, header) => here(runId, () => runs.cancel(actor, runId, options, header)),
    signal: (actor, runId, signal, header) => here(runId, () => runs.signal(actor, runId, signal, header)),
    retryNow: (actor, runId, stepId, header) => here(runId, () => runs.retryNow(actor, runId, stepId, header)),
    planRerun: (actor, runId, request) => here(runId, () => runs.planRerun(actor, runId, request)),
    rerun: (actor, runId, request, header) => here(runId, () => runs.rerun(actor, runId, request, header)),
    decideApproval: (actor, runId, approvalId, decision, header) =>
      here(runId, () => runs.decideApproval(actor, runId, approvalId, decision, header)),
    delegateApproval: (actor, runId, approvalId, to, comment, header) =>
      here(runId, () => runs.delegateApproval(actor, runId, approvalId, to, comment, header)),
  }
}

/** `queries` are made for the workspace already: its lists need no fence, its single things do. */
export function fencedQueries(queries: Queries, { ownsRun }: Owners, workspaceId: string): Queries {
  return {
    ...queries,
    run: async (runId) => own(await queries.run(runId), workspaceId),
    standing: async (runId) => ((await ownsRun(runId)) ? queries.standing(runId) : null),
    steps: async (runId, after, limit) => ((await ownsRun(runId)) ? queries.steps(runId, after, limit) : []),
    events: async (runId, page) => ((await ownsRun(runId)) ? queries.events(runId, page) : []),
    approval: async (approvalId) => own(await queries.approval(approvalId), workspaceId),
    contextText: async (runId, at) => ((await ownsRun(runId)) ? queries.contextText(runId, at) : null),
    contextNow: async (row) => ((await ownsRun(row.runId)) ? queries.contextNow(row) : "null"),
    contextChanges: async (runId, points, limit) =>
      (await ownsRun(runId)) ? queries.contextChanges(runId, points, limit) : null,
    evaluate: async (expression, runId, at) =>
      runId === null || (await ownsRun(runId)) ? queries.evaluate(expression, runId, at) : noRun(runId),
  }
}

export function fencedInsights(insights: Insights, { ownsRun }: Owners): Insights {
  const here = async <T>(runId: string, look: () => Promise<T>) => ((await ownsRun(runId)) ? look() : null)
  return {
    ...insights,
    why: (runId, actor) => here(runId, () => insights.why(runId, actor)),
    stepTotals: async (runId) =>
      (await ownsRun(runId)) ? insights.stepTotals(runId) : { byStatus: {}, topStates: [] },
    lineage: (runId) => here(runId, () => insights.lineage(runId)),
    evidence: (runId) => here(runId, () => insights.evidence(runId)),
    timeline: (runId, after, limit) => here(runId, () => insights.timeline(runId, after, limit)),
    step: (runId, stepId) => here(runId, () => insights.step(runId, stepId)),
    stepContext: (runId, stepId) => here(runId, () => insights.stepContext(runId, stepId)),
  }
}

/** The stream of remarks is the whole house's: who listens tells each reader what is of his workspace. */
export function fencedRemarks(remarks: Remarks, { ownsRun }: Owners): Remarks {
  return {
    ...remarks,
    say: async (actor, runId, asked, origin, header) =>
      (await ownsRun(runId)) ? remarks.say(actor, runId, asked, origin, header) : noRun(runId),
    list: async (runId, page) => ((await ownsRun(runId)) ? remarks.list(runId, page) : []),
  }
}

export function fencedBulk(bulk: BulkActions, { ownsBulk }: Owners): BulkActions {
  const move =
    (verb: "pause" | "resume" | "abort"): BulkActions[typeof verb] =>
    async (actor, bulkId) =>
      (await ownsBulk(bulkId)) ? bulk[verb](actor, bulkId) : no("bulk_not_found", `there is no bulk action ${bulkId}`)
  return {
    preview: bulk.preview,
    start: bulk.start,
    pause: move("pause"),
    resume: move("resume"),
    abort: move("abort"),
    find: async (bulkId) => ((await ownsBulk(bulkId)) ? bulk.find(bulkId) : null),
    list: bulk.list,
    items: async (bulkId, state, after, limit) =>
      (await ownsBulk(bulkId)) ? bulk.items(bulkId, state, after, limit) : [],
  }
}

function own<Row extends { readonly workspaceId: string }>(row: Row | null, workspaceId: string): Row | null {
  return row?.workspaceId === workspaceId ? row : null
}

function noRun(runId: string) {
  return no("run_not_found", `there is no run ${runId}`)
}
