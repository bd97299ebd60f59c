/** What becomes of a pending approval when nobody decides, told from rows and its definition: no run is loaded (rule 34). */
import type { Definition } from "../../core/definition/model.ts"
import type { ApprovalRow } from "../../core/views/rows.ts"
import {
  approvalTimeout,
  type Link,
  nearestDeadline,
  placeIn,
  placesNamed,
  untilDecided,
} from "../../core/views/why/index.ts"
import type { Undecided } from "../../door/insights.ts"
import type { RunInsights } from "../../ports/run-insights.ts"
import type { RunQueries } from "../../ports/run-queries.ts"

export interface UndecidedPorts {
  readonly rows: Pick<RunQueries, "run">
  readonly insights: Pick<RunInsights, "step" | "deadlines">
  readonly definitionOf: (hash: string) => Promise<Definition | null>
}

export async function ifNobodyDecides(ports: UndecidedPorts, row: ApprovalRow): Promise<Undecided | null> {
  if (row.state !== "pending") return null
  const run = await ports.rows.run(row.runId)
  const definition = run === null ? null : await ports.definitionOf(run.definitionHash)
  const chain = definition === null ? null : await chainOf(ports, definition, row)
  const deadlines = await ports.insights.deadlines(row.runId)
  const deadline = nearestDeadline(
    chain,
    { name: row.name, timeoutAt: row.timeoutAt, failure: approvalTimeout },
    {
      states: await holdersTimes(ports, row, chain, deadlines),
      runAt: deadlines.find(({ kind }) => kind === "run_timeout")?.dueAt ?? null,
    },
  )
  if (deadline === null) return { at: null, otherwise: untilDecided }
  return { at: deadline.at, otherwise: `Then ${deadline.words}.` }
}

async function chainOf(
  ports: UndecidedPorts,
  definition: Definition,
  row: ApprovalRow,
): Promise<readonly Link[] | null> {
  const places = placesNamed(definition, row.name)
  if (places.length <= 1) return places[0] ?? null
  const step = await ports.insights.step(row.runId, row.stepId)
  return step === null ? null : placeIn(definition, step.branchPath, step.name)
}

/** Of the states around it that have a time; most often none has, and no step is read. */
async function holdersTimes(
  ports: UndecidedPorts,
  row: ApprovalRow,
  chain: readonly Link[] | null,
  deadlines: Awaited<ReturnType<RunInsights["deadlines"]>>,
): Promise<readonly { readonly name: string; readonly at: number }[]> {
  const timed = chain?.slice(0, -1).some(({ state }) => state.timeoutMs !== null || state.totalTimeoutMs !== null)
  if (!timed || !deadlines.some(({ kind }) => kind === "state_timeout")) return []
  const times: { name: string; at: number }[] = []
  let step = await ports.insights.step(row.runId, row.stepId)
  for (let depth = 0; depth < (chain?.length ?? 0) && step !== null && step.parentStepId !== null; depth++) {
    step = await ports.insights.step(row.runId, step.parentStepId)
    const clock = deadlines.find(({ stepId }) => stepId !== null && stepId === step?.stepId)
    if (step !== null && clock !== undefined) times.unshift({ name: step.name, at: clock.dueAt })
  }
  return times
}
