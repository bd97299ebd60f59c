/**
 * Waybill as it is composed for users (the server's own composition root: SQLite with synchronous=FULL, real agent
 * hosts in their default isolation), on a data directory of its own that goes when it is closed.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Actor, Engine, StartRequest } from "@waybill/engine"
import { loadConfig, type Settings, startServer, version } from "@waybill/server"
import { writeEnvironments } from "./workflows.ts"

export interface Waybill {
  readonly engine: Engine
  readonly url: string
  /** Holds `data` and `environments`. */
  readonly folder: string
  close(): Promise<void>
}

export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "waybill-bench-"))
  writeEnvironments(join(folder, "environments"))
  return folder
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

export const waybillLabel = `Waybill ${version}`

/** `folder`: one that stays when it is closed. */
export async function openWaybill(settings: Partial<Settings> = {}, folder?: string): Promise<Waybill> {
  const at = folder ?? freshFolder()
  const overrides = {
    port: 0,
    dataDir: join(at, "data"),
    environmentsDir: join(at, "environments"),
    logLevel: "error" as const,
    ...settings,
  }
  const server = await startServer(loadConfig({ env: {}, directory: at, overrides }), { env: process.env })
  return {
    engine: server.engine,
    url: server.url,
    folder: at,
    async close() {
      await server.close()
      if (folder === undefined) removeFolder(at)
    },
  }
}

export const actor: Actor = { id: "user:bench", teams: [], role: "admin" }

export function request(workflowId: string, input: StartRequest["input"]): StartRequest {
  return {
    workflowId,
    environment: "default",
    version: null,
    input,
    businessEventId: null,
    correlationId: null,
    traceparent: null,
    parentRunId: null,
    tags: [],
    startPaused: false,
    trigger: { kind: "api" },
  }
}

export async function startRun(engine: Engine, workflowId: string, input: StartRequest["input"]): Promise<string> {
  const answer = await engine.runs.start(actor, request(workflowId, input), null)
  if (!answer.ok) throw new Error(`${workflowId}: ${answer.rejection.code}: ${answer.rejection.message}`)
  return answer.value.runId
}

/** From the start to the end of one run; a run that does not complete breaks the bench. */
export async function completeRun(engine: Engine, workflowId: string, input: StartRequest["input"]): Promise<string> {
  const runId = await startRun(engine, workflowId, input)
  const status = await engine.runs.settled(runId, 600_000)
  if (status !== "COMPLETED") throw new Error(`${workflowId}: run ${runId} is ${status}`)
  return runId
}
