/** `/healthz`, `/readyz`, `/metrics`: for the machines that watch this one. */
import { Healthy, Readiness } from "@waybill/contract"
import type { Engine, Health } from "@waybill/engine"
import { Type } from "typebox"
import type { App } from "../shared/app.ts"

export function healthRoutes(app: App, engine: Engine): void {
  app.get(
    "/healthz",
    {
      config: { role: "public" },
      schema: { tags: ["system"], operationId: "healthz", summary: "The process answers", response: { 200: Healthy } },
    },
    async () => ({ status: "ok" as const }),
  )

  app.get(
    "/readyz",
    {
      config: { role: "public" },
      schema: {
        tags: ["system"],
        operationId: "readyz",
        summary: "200 when work is taken, 503 with the reasons when not",
        response: { 200: Readiness, 503: Readiness },
      },
    },
    async (_request, reply) => {
      const { counters: _counters, ...health } = engine.health()
      return reply.code(health.ready && !health.draining ? 200 : 503).send({ ...health, reasons: [...health.reasons] })
    },
  )

  app.get(
    "/metrics",
    {
      config: { role: "viewer", needs: "metrics:read", scope: "server" },
      schema: {
        tags: ["system"],
        operationId: "metrics",
        summary: "Prometheus text",
        response: {
          200: { description: "Prometheus text format 0.0.4", content: { "text/plain": { schema: Type.String() } } },
        },
      },
    },
    async (_request, reply) =>
      reply
        .type("text/plain; version=0.0.4; charset=utf-8")
        .send(prometheus(engine.health(), process.memoryUsage.rss())),
  )
}

/** Of the engine's numbers those that go down again. */
const gauges: ReadonlySet<string> = new Set([
  "agentsMissing",
  "archiveWaits",
  "measuresBehind",
  "messagesUnderWay",
  "runsInMemory",
  "runsQuarantined",
  "searchArchivedBehind",
  "searchBehind",
  "searchCut",
  "timersNear",
  "walBytes",
  "webhooksBehind",
])

/** `rssBytes`: resident memory of this process. */
export function prometheus(health: Health, rssBytes: number): string {
  const lines: string[] = []
  const sample = (name: string, type: "counter" | "gauge", help: string, value: number) => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, `${name} ${value}`)
  }
  sample("waybill_ready", "gauge", "1 when work is taken.", health.ready && !health.draining ? 1 : 0)
  sample("waybill_draining", "gauge", "1 while the server is going down.", health.draining ? 1 : 0)
  sample("waybill_feed_position", "gauge", "Position of the newest committed event.", health.position)
  sample("waybill_open_runs", "gauge", "Runs that are not final.", health.openRuns)
  sample("waybill_running_attempts", "gauge", "Attempts that agents work on now.", health.runningAttempts)
  sample("waybill_queued_attempts", "gauge", "Attempts that wait for a slot.", health.queuedAttempts)
  sample("process_resident_memory_bytes", "gauge", "Resident memory.", rssBytes)
  for (const [name, value] of Object.entries(health.counters).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (gauges.has(name)) {
      sample(`waybill_${metricName(name)}`, "gauge", `The engine's number of ${plain(name)} now.`, value)
      continue
    }
    sample(`waybill_${metricName(name)}_total`, "counter", `The engine's count of ${plain(name)}.`, value)
  }
  return `${lines.join("\n")}\n`
}

/** `runs.started`, `runsStarted` → `runs_started`. */
function metricName(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^a-zA-Z0-9_]/g, "_")
    .toLowerCase()
}

function plain(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, " ")
}
