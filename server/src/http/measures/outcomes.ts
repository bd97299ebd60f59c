/** `/outcomes/{businessEventId}`: all that was done for a business event, and what became of it (settled 14, 28). */
import { BusinessEvent, Outcome, SayOutcome } from "@waybill/contract"
import { type Engine, type ListedRun, noFilter, type OutcomeRow, type Outcomes } from "@waybill/engine"
import { Type } from "typebox"
import type { App } from "../shared/app.ts"
import { instantOf, invalidParameter } from "../shared/parameters.ts"
import { ProblemError } from "../shared/problem.ts"
import { rfc3339 } from "../shared/time.ts"

const tags = ["insights"]
const params = Type.Object({ businessEventId: Type.String({ minLength: 1, maxLength: 256 }) })
const runsMax = 200

export function outcomeRoutes(app: App, outcomes: Outcomes): void {
  app.get(
    "/outcomes/:businessEventId",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags,
        operationId: "getOutcome",
        summary: "A business event: all its runs with duplicates folded, and what was said of it",
        params,
        response: { 200: BusinessEvent },
      },
    },
    async ({ caller, engine, params: { businessEventId } }) => {
      const { runs, more } = await runsOf(engine, businessEventId)
      const names = namesOf(runs, businessEventId)
      const said = (await Promise.all(names.map((name) => outcomes.list(caller.workspaceId, name)))).flat()
      if (runs.length === 0 && said.length === 0) throw notThere(businessEventId)
      return document(names[0]!, runs, more, said.sort(newestFirst))
    },
  )

  app.post(
    "/outcomes/:businessEventId",
    {
      config: { role: "operator", needs: "runs:write" },
      schema: {
        tags,
        operationId: "sayOutcome",
        summary: "Say what became of a business event; what was said before stays",
        params,
        body: SayOutcome,
        response: { 201: Outcome },
      },
    },
    async ({ caller, engine, params: { businessEventId }, body }, reply) => {
      if (Object.keys(body).length === 0) throw invalidParameter("body", "nothing is said")
      const { runs } = await runsOf(engine, businessEventId)
      if (runs.length === 0) throw notThere(businessEventId)
      const row = await outcomes.say({
        workspaceId: caller.workspaceId,
        businessEventId: namesOf(runs, businessEventId)[0]!,
        by: caller.actor.id,
        occurredAt: instantOf("occurredAt", body.occurredAt),
        experienceIndex: body.customerExperienceIndex ?? null,
        minutesSaved: body.staffMinutesSaved ?? null,
        accuracy: body.accuracy ?? null,
        note: body.note ?? null,
      })
      if (row === null) throw new ProblemError("too_many_outcomes", "so much was said of this business event already")
      return reply.code(201).send(outcome(row))
    },
  )
}

async function runsOf(engine: Engine, businessEventId: string) {
  const filter = engine.names.asKept({ ...noFilter, businessEventId })
  const listed = await engine.queries.runs(filter, "-startedAt", null, runsMax)
  if (!listed.ok) throw new Error(listed.rejection.message)
  return { runs: listed.value.items, more: listed.value.nextCursor !== null }
}

/** As it is kept, which may be more ways than one: what was asked for may be what policy does not keep. */
function namesOf(runs: readonly ListedRun[], asked: string): readonly string[] {
  return runs.length === 0 ? [asked] : [...new Set(runs.map((run) => run.businessEventId ?? asked))].toSorted()
}

const newestFirst = (a: OutcomeRow, b: OutcomeRow): number => b.at - a.at

function notThere(businessEventId: string): ProblemError {
  return new ProblemError("outcome_not_found", `nothing is known of the business event ${businessEventId}`)
}

/** Null, too, where all of it had completed before the event is said to have occurred: nothing came of it then. */
function timeToFeature(occurredAt: number | null, ends: readonly number[]): number | null {
  const tookMs = occurredAt === null || ends.length === 0 ? -1 : Math.max(...ends) - occurredAt
  return tookMs < 0 ? null : tookMs
}

/** Runs come newest first: of each workflow the first that was not cancelled stands for the others. */
function document(businessEventId: string, runs: readonly ListedRun[], more: boolean, said: readonly OutcomeRow[]) {
  const placeOf = (run: ListedRun) => `${run.environment}\n${run.workflowId}`
  const counts = new Map<string, ListedRun>()
  for (const run of [...runs.filter((one) => one.status !== "CANCELLED"), ...runs])
    if (!counts.has(placeOf(run))) counts.set(placeOf(run), run)
  const newest = <K extends keyof OutcomeRow>(key: K): OutcomeRow[K] | null =>
    said.find((one) => one[key] !== null)?.[key] ?? null
  const occurredAt = newest("occurredAt")
  const ends = runs.flatMap((run) => (run.status === "COMPLETED" ? [run.completedAt ?? 0] : []))
  return {
    businessEventId,
    occurredAt: at(occurredAt),
    timeToFeatureMs: timeToFeature(occurredAt, ends),
    workflows: [...counts].map(([place, run]) => ({
      workflowId: run.workflowId,
      environment: run.environment,
      counts: run.runId,
      status: run.status,
      duplicates: runs.filter((one) => placeOf(one) === place).length - 1,
    })),
    runs: runs.map((run) => ({
      runId: run.runId,
      workflowId: run.workflowId,
      environment: run.environment,
      version: run.workflowVersion,
      versionNumber: run.versionNumber,
      status: run.status,
      startedAt: at(run.startedAt),
      completedAt: at(run.completedAt),
      durationMs: run.completedAt === null ? null : run.completedAt - (run.startedAt ?? run.createdAt),
      rerunOf: run.rerunOf,
      isFolded: counts.get(placeOf(run)) !== run,
    })),
    runsLeftOut: more,
    outcomes: said.map(outcome),
    told: {
      customerExperienceIndex: newest("experienceIndex"),
      staffMinutesSaved: newest("minutesSaved"),
      accuracy: newest("accuracy"),
      count: said.length,
    },
  }
}

function outcome(row: OutcomeRow): Outcome {
  return {
    outcomeId: row.outcomeId,
    at: rfc3339(row.at),
    by: row.by,
    occurredAt: at(row.occurredAt),
    customerExperienceIndex: row.experienceIndex,
    staffMinutesSaved: row.minutesSaved,
    accuracy: row.accuracy,
    note: row.note,
  }
}

function at(time: number | null): string | null {
  return time === null ? null : rfc3339(time)
}
