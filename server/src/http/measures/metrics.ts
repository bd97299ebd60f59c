import { Comparison, Metrics, type RunMetrics, StepsMetrics } from "@waybill/contract"
import {
  type Asked,
  type Measures,
  type MetricsQuestion,
  type Names,
  type RunMetrics as RunNumbers,
  sketchError,
} from "@waybill/engine"
import { Type } from "typebox"
import type { App } from "../shared/app.ts"
import { knownOrRan, knownVersion } from "../shared/known-workflow.ts"
import { instant, invalidParameter, listOf } from "../shared/parameters.ts"
import { query as queryLanguage, runFilter } from "../shared/run-filter.ts"
import { rfc3339 } from "../shared/time.ts"
import { askedTime, defaultDays } from "./asked-time.ts"

const tags = ["insights"]
const viewer = { role: "viewer", needs: "runs:read" } as const
const name = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 256, description }))
const versionNumber = Type.Optional(Type.Integer({ minimum: 1, description: "A versionNumber." }))
const bucket = Type.Optional(
  Type.Unsafe<"hour" | "day">({ type: "string", enum: ["hour", "day"], description: "Absent: the whole time is one." }),
)
const words = (description: string) => Type.Optional(Type.String({ maxLength: 8_192, description }))
const origin = words(
  "`live`, `backfill`, `replay`, or what began those of production (`api`, `schedule` …), by commas; absent: `live`.",
)
const narrowing = {
  env: name("Absent: every environment."),
  version: versionNumber,
  origin,
  from: instant,
  to: instant,
  bucket,
}
const groups = ["workflowId", "version", "environment", "origin"] as const
/** A version is compared with one that nobody has run for long. */
const versionDays = 365

export function metricRoutes(app: App, measures: Measures): void {
  app.get(
    "/insights/metrics",
    {
      config: viewer,
      schema: {
        tags,
        operationId: "getMetrics",
        summary: "How runs went: success, first pass, retries, time to repair, durations, tokens, cost, effectiveness",
        description: `Of runs that ended in [\`from\`, \`to\`); without them, in the last 7 days. Whole hours are answered exactly from what was counted; other times and \`query\` by looking at runs one by one, up to a bound, and \`exact\` is false.`,
        querystring: Type.Object(
          {
            workflowId: name("Absent: every workflow."),
            ...narrowing,
            groupBy: words(`Of ${groups.join(", ")}.`),
            query: queryLanguage,
          },
          { additionalProperties: false },
        ),
        response: { 200: Metrics },
      },
    },
    async ({ caller, engine, query }) => {
      const filter = filterOf(query.query, engine.names)
      const asked = { ...questionOf(query), groupBy: groupsOf(query.groupBy), filter }
      const { total, groups: found, repairs, ...rest } = answered(await measures.metrics(caller.workspaceId, asked))
      // Of a misspelt name the numbers would be zeros, and look like those of a quiet week.
      if (total.runs === 0 && query.workflowId !== undefined)
        await knownOrRan(engine, query.workflowId, query.env ?? null)
      const { repair, experience, ...numbers } = total
      return {
        ...told(asked),
        ...rest,
        total: {
          ...numbers,
          mttr: repair,
          timeToFeature: { count: experience.timeToFeatureCount, meanMs: experience.timeToFeatureMeanMs },
          customerExperienceIndex: { count: experience.experienceCount, mean: experience.experienceMean },
          staffMinutesSaved: { count: experience.minutesSavedCount, sum: experience.minutesSaved },
        },
        groups: found.map(({ key, total, buckets }) => ({
          ...key,
          total: total as RunMetrics,
          buckets: buckets.map(({ at, ...one }) => ({ at: rfc3339(at), ...(one as RunNumbers) })),
        })),
        repairs: repairs.map(({ at, ...one }) => ({ at: rfc3339(at), ...one })),
      }
    },
  )

  app.get(
    "/insights/steps",
    {
      config: viewer,
      schema: {
        tags,
        operationId: "getStepMetrics",
        summary: "How the steps of a workflow went, by their names: durations, time in the queue, attempts, failures",
        description: "Of runs that ended in [`from`, `to`), which are whole hours.",
        querystring: Type.Object(
          { workflowId: Type.String({ minLength: 1, maxLength: 256 }), ...narrowing },
          { additionalProperties: false },
        ),
        response: { 200: StepsMetrics },
      },
    },
    async ({ caller, engine, query }) => {
      const asked = { ...questionOf(query), groupBy: [], filter: null }
      const { steps, ...rest } = answered(await measures.steps(caller.workspaceId, asked))
      if (steps.length === 0) await knownOrRan(engine, query.workflowId, query.env ?? null)
      return {
        ...told(asked),
        ...rest,
        steps: steps.map(({ step, total, buckets }) => ({
          step,
          total,
          buckets: buckets.map(({ at, ...one }) => ({ at: rfc3339(at), ...one })),
        })),
      }
    },
  )

  const sideQuery = (letter: "A" | "B", what: string) => ({
    [`version${letter}`]: Type.Optional(Type.Integer({ minimum: 1, description: `${what}: a versionNumber.` })),
    [`from${letter}`]: instant,
    [`to${letter}`]: instant,
  })
  app.get(
    "/insights/compare",
    {
      config: viewer,
      schema: {
        tags,
        operationId: "compareRuns",
        summary: "Before and after: two versions, or two times, with intervals of 95 % and `inconclusive` as an answer",
        description: `A version without \`from\` is looked at over the last ${versionDays} days, a time alone over the last ${defaultDays}.`,
        querystring: Type.Object(
          {
            workflowId: Type.String({ minLength: 1, maxLength: 256 }),
            env: name("`default`, when absent."),
            leastRuns: Type.Optional(Type.Integer({ minimum: 2, maximum: 1_000_000, default: 30 })),
            ...(sideQuery("A", "Before") as Record<"versionA", typeof versionNumber> &
              Record<"fromA" | "toA", typeof instant>),
            ...(sideQuery("B", "After") as Record<"versionB", typeof versionNumber> &
              Record<"fromB" | "toB", typeof instant>),
          },
          { additionalProperties: false },
        ),
        response: { 200: Comparison },
      },
    },
    async ({ caller, engine, query }) => {
      const now = Date.now()
      const sideOf = (letter: "A" | "B", versionNumber: number | undefined, from?: string, to?: string) => ({
        versionNumber: versionNumber ?? null,
        ...askedTime(
          { ...opt("from", from), ...opt("to", to) },
          letter,
          now,
          versionNumber === undefined ? defaultDays : versionDays,
        ),
      })
      const before = sideOf("A", query.versionA, query.fromA, query.toA)
      const after = sideOf("B", query.versionB, query.fromB, query.toB)
      if (JSON.stringify(before) === JSON.stringify(after))
        throw invalidParameter("versionB", "both sides are the same", "Name two versions, or two times.")
      const environment = query.env ?? "default"
      await knownOrRan(engine, query.workflowId, environment)
      for (const { versionNumber } of [before, after])
        if (versionNumber !== null) await knownVersion(engine, environment, query.workflowId, versionNumber)
      const leastRuns = query.leastRuns ?? 30
      const asked = { workflowId: query.workflowId, environment, before, after, least: leastRuns }
      const found = answered(await measures.compare(caller.workspaceId, asked))
      const side = (one: typeof before, metrics: RunNumbers) => ({
        versionNumber: one.versionNumber,
        from: rfc3339(one.from),
        to: rfc3339(one.to),
        metrics: metrics as RunMetrics,
      })
      return {
        workflowId: query.workflowId,
        environment,
        behind: found.behind,
        leastRuns,
        before: side(before, found.before),
        after: side(after, found.after),
        measures: found.measures.map((one) => ({ ...one })),
      }
    },
  )
}

interface Narrowed {
  readonly workflowId?: string
  readonly env?: string
  readonly version?: number
  readonly origin?: string
  readonly from?: string
  readonly to?: string
  readonly bucket?: "hour" | "day"
}

function questionOf(query: Narrowed): Omit<MetricsQuestion, "groupBy" | "filter"> {
  return {
    workflowId: query.workflowId ?? null,
    environment: query.env ?? null,
    versionNumber: query.version ?? null,
    origins: listOf(query.origin),
    ...askedTime(query),
    bucket: query.bucket ?? null,
  }
}

function groupsOf(text: string | undefined): MetricsQuestion["groupBy"] {
  return listOf(text).map((one) => {
    const found = groups.find((group) => group === one)
    if (found === undefined) throw invalidParameter("groupBy", `there is no ${one}`, `Of ${groups.join(", ")}.`)
    return found
  })
}

function filterOf(text: string | undefined, names: Names): MetricsQuestion["filter"] {
  return text === undefined || text.trim() === "" ? null : runFilter({ query: text }, names)
}

function told({ from, to, bucket }: Pick<MetricsQuestion, "from" | "to" | "bucket">) {
  return { from: rfc3339(from), to: rfc3339(to), bucket, durationError: sketchError }
}

function answered<T>(asked: Asked<T>): T {
  if (asked.ok) return asked.value
  switch (asked.problem) {
    case "too_many_buckets":
      throw invalidParameter("bucket", "there would be more than 1,000", "Ask for days, or for less time.")
    case "odd_hours":
      throw invalidParameter("from", "steps are counted by whole hours", "Let `from` and `to` be whole hours.")
    case "empty_time":
      throw invalidParameter("from", "it is not before `to`")
  }
}

function opt<const K extends string>(key: K, value: string | undefined): { readonly [name in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [name in K]: string })
}
