/** What pages ask about one run or workflow besides its rows. Nothing here moves a run or writes anything. */
import { type Allowed, canDecide } from "../../core/policy/roles.ts"
import type { Actor } from "../../core/run/commands.ts"
import type { EventPayloads } from "../../core/run/events.ts"
import { approvalCourse } from "../../core/views/approval-course.ts"
import { definitionPlaces } from "../../core/views/definition-places.ts"
import type { RunRow } from "../../core/views/rows.ts"
import type { Insights, RunEvidence } from "../../door/insights.ts"
import type { Queries } from "../../door.ts"
import type { DefinitionStore } from "../../ports/definition-store.ts"
import type { RemarkStore } from "../../ports/remark-store.ts"
import type { RunInsights } from "../../ports/run-insights.ts"
import type { RunQueries } from "../../ports/run-queries.ts"
import type { Runtime } from "../../runtime/runtime.ts"
import { explain } from "./explain-run.ts"
import { ifNobodyDecides } from "./if-nobody-decides.ts"

export interface InsightPorts {
  readonly rows: RunQueries
  readonly insights: RunInsights
  readonly remarks: Pick<RemarkStore, "standing">
  readonly definitionStore: Pick<DefinitionStore, "byHash">
  readonly workspaceId: string
  readonly runtime: Runtime
  readonly actions: Queries["actions"]
}

const relativesMax = 200

export function insightsDoor({
  rows,
  insights,
  remarks,
  definitionStore,
  workspaceId,
  runtime,
  actions,
}: InsightPorts): Insights {
  const { clock, store, host, definitions } = runtime.ports
  const ports = {
    rows,
    insights,
    store,
    standing: (runId: string) => remarks.standing(runId),
    actions,
    look: <T>(runId: string, use: Parameters<typeof runtime.inspect<T>>[1]) => runtime.inspect(runId, use),
    shown: (row: RunRow) => runtime.shown(row),
    facts: (state: Parameters<typeof runtime.facts>[0]) => runtime.facts(state),
    definitionOf: async (hash: string) => definitions.byHash(hash),
    newest: (run: RunRow) => newestVersion(runtime, run),
    agents: () => host.agents(),
    mayDecide: (approvalId: string, actor: Actor) => mayDecide(rows, approvalId, actor),
    now: () => clock.now(),
  }
  return {
    why: (runId, actor) => explain(ports, runId, actor),
    workflowStats: (environment, workflowId, from, to) =>
      insights.workflowStats({ workspaceId, environment, workflowId, from, to }),
    stepTotals: (runId) => insights.stepTotals(runId),
    workflowTotals: (environment, workflowId) => insights.workflowTotals({ workspaceId, environment, workflowId }),
    workflowPage: (question) => insights.workflowPage({ ...question, workspaceId }),
    async places(definitionHash) {
      const definition = await definitions.byHash(definitionHash)
      return definition === null ? null : definitionPlaces(definition)
    },
    ifNobodyDecides: (row) => ifNobodyDecides(ports, row),
    approvalCourse: async (row) =>
      approvalCourse(row, await insights.approvalRecord(row.runId, row.stepId), clock.now()),
    lineage: (runId) => insights.lineage(runId, relativesMax),
    evidence: (runId) => evidenceOf(rows, insights, definitionStore, runId),
    timeline: (runId, after, limit) => insights.timeline(runId, after, limit),
    step: (runId, stepId) => insights.step(runId, stepId),
    stepContext: (runId, stepId) => insights.stepContext(runId, stepId),
  }
}

async function evidenceOf(
  rows: RunQueries,
  insights: RunInsights,
  definitions: Pick<DefinitionStore, "byHash">,
  runId: string,
): Promise<RunEvidence | null> {
  const run = await rows.run(runId)
  if (run === null) return null
  const [version, seal] = await Promise.all([definitions.byHash(run.definitionHash), insights.sealOf(runId)])
  const definition = version === null ? null : { hash: version.hash, format: version.format, text: version.text }
  return { definition, head: { seq: run.seq, hash: run.headHash }, seal }
}

async function newestVersion(runtime: Runtime, run: RunRow) {
  const { workspaceId, environment, workflowId } = run
  const resolved = await runtime.ports.definitions.resolve(workspaceId, environment, workflowId, null)
  if (!resolved.ok) return null
  const { definition, hash, versionNumber } = resolved.found
  return { hash, versionNumber, label: `${definition.version} (#${versionNumber})` }
}

/** In any way it offers; else why not. */
async function mayDecide(rows: RunQueries, approvalId: string, actor: Actor): Promise<Allowed> {
  const row = await rows.approval(approvalId)
  if (row === null) return { allowed: false, reason: "it is not there any more" }
  const [event] = await rows.events(row.runId, { after: row.requestedSeq - 1, types: [], limit: 1 })
  const terms = event?.payload == null ? null : (JSON.parse(event.payload) as EventPayloads["approval.requested"])
  const outcomes = JSON.parse(row.outcomes) as readonly { readonly name: string }[]
  const answers = outcomes.map(({ name }) => canDecide(row, terms, name, actor))
  return answers.find(({ allowed }) => allowed) ?? answers[0] ?? { allowed: false, reason: "it offers no outcome" }
}
