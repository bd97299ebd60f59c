/** The deepest failure of a run that ended badly: down its holders, and into the child run that a state started. */
import type { Definition } from "../../core/definition/model.ts"
import type { RunError } from "../../core/run/events.ts"
import type { RunRow, StepRow } from "../../core/views/rows.ts"
import {
  attemptsMaxOf,
  childOf,
  endedWithin,
  failedWithin,
  pathDepthMax,
  type StepPlace,
  stepPlace,
  type WhyCause,
} from "../../core/views/why/index.ts"
import type { RunInsights } from "../../ports/run-insights.ts"
import type { RunQueries } from "../../ports/run-queries.ts"

export interface CausePorts {
  readonly rows: RunQueries
  readonly insights: RunInsights
  readonly definitionOf: (hash: string) => Promise<Definition | null>
}

/** Of the steps that failed in one holder so many are compared with its error. */
const failedInsideMax = 50
/** Child runs in child runs are followed so far. */
const generationsMax = 8

export async function causeOf(ports: CausePorts, run: RunRow): Promise<WhyCause | null> {
  return deepest(ports, run, 0)
}

async function deepest(ports: CausePorts, run: RunRow, generation: number): Promise<WhyCause | null> {
  const error = await errorOf(ports, run)
  if (error === null) return null
  const way = error.code === "run_timeout" ? await endedWay(ports, run) : await failedWay(ports, run)
  const cause = await causeAt(ports, run, way, error)
  const childRunId = childOf(cause.error)
  if (childRunId === null || generation === generationsMax) return cause
  const child = await ports.rows.run(childRunId)
  const inner = child === null ? null : await deepest(ports, child, generation + 1)
  return inner === null ? cause : { ...inner, path: [...cause.path, ...inner.path].slice(-pathDepthMax) }
}

/** The run's last event has the whole error; its row has the code, where the payload was erased. */
async function errorOf({ rows }: CausePorts, run: RunRow): Promise<RunError | null> {
  const [event] = await rows.events(run.runId, { after: run.seq - 1, types: [], limit: 1 })
  const payload = event?.payload == null ? null : (JSON.parse(event.payload) as { readonly error?: RunError })
  if (payload?.error !== undefined) return payload.error
  if (run.errorCode === null) return null
  return {
    type: `waybill:${run.errorCode}`,
    class: (run.errorClass ?? "bug") as RunError["class"],
    code: run.errorCode,
    title: run.errorCode,
    detail: run.errorMessage ?? run.errorCode,
  }
}

/** The rows from the state of the top level that ended the run to the step where its error arose. */
async function failedWay({ insights }: CausePorts, run: RunRow): Promise<readonly StepRow[]> {
  const [top] = await insights.unsuccessfulSteps(run.runId, null, "last", 1)
  // The last one that failed was dealt with: the run failed by itself.
  if (top === undefined || top.status === "CANCELLED" || top.next !== null) return []
  const way = [top]
  while (way.length < pathDepthMax) {
    const holder = way[way.length - 1]!
    const inside = await insights.unsuccessfulSteps(run.runId, holder.stepId, "first", failedInsideMax)
    const failed = failedWithin(inside, holder.error)
    if (failed === null) break
    way.push(failed)
  }
  return way
}

async function endedWay({ insights }: CausePorts, run: RunRow): Promise<readonly StepRow[]> {
  const way: StepRow[] = []
  while (way.length < pathDepthMax) {
    const inside = await insights.unsuccessfulSteps(run.runId, way.at(-1)?.stepId ?? null, "last", failedInsideMax)
    const ended = endedWithin(inside)
    if (ended === null) break
    way.push(ended)
  }
  return way
}

async function causeAt(ports: CausePorts, run: RunRow, way: readonly StepRow[], ofRun: RunError): Promise<WhyCause> {
  const step = way[way.length - 1]
  const path: readonly StepPlace[] = way.map(stepPlace)
  const error = step?.error == null ? ofRun : (JSON.parse(step.error) as RunError)
  const definition = step === undefined ? null : await ports.definitionOf(run.definitionHash)
  return {
    step: path[path.length - 1] ?? null,
    path,
    error: ofRun.code === "run_timeout" ? ofRun : error,
    attempts: step?.attempt ?? 0,
    attemptsMax: step === undefined ? null : attemptsMaxOf(definition, step.branchPath, step.name),
    at: step?.completedAt ?? run.completedAt,
    agent: step?.agent ?? null,
  }
}
