/** What is left of what a run did: present, archived, expired, missing, or never collected, and why (ui §3). */
import { RunEvidence } from "@waybill/contract"
import { type Attachments, type Engine, markersIn, type RetentionDoor, type RunRow } from "@waybill/engine"
import { found } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import { runParams } from "../shared/parameters.ts"

export interface EvidenceRouteOptions {
  readonly retention: Pick<RetentionDoor, "evidence" | "kept" | "archivedLogs">
  readonly attachments: { readonly attachments: Pick<Attachments, "evidence"> }
  readonly webhooks: { readonly verbs: Told }
}

/** Who was told of a run, newest first. */
interface Told {
  ofRun(runId: string, limit: number): Promise<readonly { readonly state: "pending" | "delivered" | "dead" }[]>
}

const eventsLookedAt = 1_000
const messagesLookedAt = 1_000

export function evidenceRoutes(app: App, options: EvidenceRouteOptions): void {
  app.get(
    "/workflow-runs/:runId/evidence",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["workflow-runs"],
        operationId: "getEvidence",
        summary: "What is left of what a run did, and why the rest is not there",
        params: runParams,
        response: { 200: RunEvidence },
      },
    },
    async ({ caller, engine, params: { runId } }) => {
      const run = found(await engine.queries.run(runId), "run_not_found", `there is no run ${runId}`)
      const [kept, webhooks, attachments] = await Promise.all([
        keptOf(options.retention, engine, caller.workspaceId, run),
        toldOf(options.webhooks, runId),
        options.attachments.attachments.evidence(runId),
      ])
      return {
        runId,
        ...kept,
        steps: { state: "present" as const, count: run.stepCount },
        spans: spansOf(run),
        webhooks,
        attachments,
      }
    },
  )
}

/** Ids of trace and spans are made and handed on, so that what another system has can be found there. */
function spansOf(run: RunRow): RunEvidence["spans"] {
  return {
    state: "not_collected",
    why: "this release makes trace and span ids and gives them to agents (`ctx.traceparent`); it makes no spans, keeps none and sends none to a collector",
    hint: `Look where the agents, and what they call, send their spans: by the trace id ${run.traceId}, and for a step by its spanId.`,
    traceId: run.traceId,
  }
}

async function keptOf(
  retention: EvidenceRouteOptions["retention"],
  engine: Engine,
  workspaceId: string,
  { runId, seq, completedAt }: RunRow,
): Promise<Pick<RunEvidence, "logs" | "io" | "events" | "why">> {
  const { logs, io, events } = retention.evidence(workspaceId, completedAt)
  const { policy } = retention.kept(workspaceId)
  const seen =
    io === "present" ? await engine.queries.events(runId, { after: 0, types: [], limit: eventsLookedAt }) : []
  const gone = io !== "present" ? `the workspace keeps what events say ${daysText(policy.io)}` : null
  const all = events !== "present" ? `the workspace keeps events ${daysText(policy.events)}` : gone
  return {
    logs: { state: logs === "expired" && (await retention.archivedLogs(runId)) ? "archived" : logs },
    io: {
      state: io,
      redacted: seen.reduce((sum, { payload }) => sum + markersIn(payload ?? ""), 0),
      exact: seq <= eventsLookedAt,
    },
    events: { state: events, count: events === "expired" ? 0 : seq },
    why: all === null || io !== "archived" ? all : `${all}; it is read from the archive`,
  }
}

async function toldOf({ verbs }: EvidenceRouteOptions["webhooks"], runId: string): Promise<RunEvidence["webhooks"]> {
  const rows = await verbs.ofRun(runId, messagesLookedAt)
  const count = (state: (typeof rows)[number]["state"]) => rows.filter((row) => row.state === state).length
  return {
    ...{ count: rows.length, delivered: count("delivered"), pending: count("pending"), dead: count("dead") },
    exact: rows.length < messagesLookedAt,
  }
}

function daysText(days: number | null): string {
  return days === null ? "for ever now, and did not when this went" : `for ${days} days`
}
