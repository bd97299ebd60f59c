/**
 * The engine's events in 002's words. A step begins where its row says it does: an agent's with its first delivery, any
 * other with its state; it ends with its state, once, however often it was tried.
 */
import type { ExecutionMessage } from "@waybill/contract"
import { type Engine, type EventPayloads, type EventType, type StepRow, stepPlace } from "@waybill/engine"
import { noRoom, summaryAt } from "../../http/shared/summaries.ts"
import { rfc3339 } from "../../http/shared/time.ts"

/** What is kept of an event until it is told. */
export interface Noted {
  readonly type: EventType
  readonly runId: string
  readonly workflowId: string
  readonly workspaceId: string
  readonly environment: string
  readonly seq: number
  readonly at: number
  readonly stepId: string | null
  /** JSON text; null where it was erased, or is not needed. */
  readonly payload: string | null
}

export interface Told {
  readonly message: ExecutionMessage
  /** The step's place in the definition; null: it is about the run. */
  readonly place: string | null
}

/** Finds a step's row without reading all steps of its run. */
export type FindStep = (noted: Noted) => Promise<StepRow | null>

type Tell = (noted: Noted, engine: Engine, findStep: FindStep) => Promise<Told | null>

const table: { readonly [type in EventType]?: Tell } = {
  "run.started": async ({ runId, workflowId, at }) =>
    ofRun({
      event: "workflow_started",
      data: { execution_id: runId, workflow_id: workflowId, timestamp: rfc3339(at) },
    }),
  "run.completed": async ({ runId, workflowId, at }, engine) => {
    const row = await engine.queries.run(runId)
    const duration_seconds = Math.max(0, at - (row?.startedAt ?? at)) / 1000
    const data = { execution_id: runId, workflow_id: workflowId, status: "completed", duration_seconds } as const
    return ofRun({ event: "workflow_completed", data: { ...data, timestamp: rfc3339(at) } })
  },
  "run.failed": async (noted) => failed(noted, read(noted, "run.failed")?.error.detail),
  "run.timed_out": async (noted) => failed(noted, read(noted, "run.timed_out")?.error.detail ?? "timed out"),
  "run.cancelled": async (noted) => failed(noted, read(noted, "run.cancelled")?.cause.reason ?? "cancelled"),
  "state.entered": async (noted) => {
    const entered = read(noted, "state.entered")
    return entered === null || entered.action === "agent.run" ? null : begun(noted, entered)
  },
  "step.started": async (noted, _engine, findStep) => {
    const started = read(noted, "step.started")
    if (started?.attempt !== 1 || started.delivery !== 1) return null
    const row = await findStep(noted)
    return row === null ? null : begun(noted, row)
  },
  "state.exited": async (noted, engine, findStep) => {
    const row = await findStep(noted)
    const exited = read(noted, "state.exited")
    if (row === null || exited === null) return null
    const place = stepPlace(row)
    const step = { execution_id: noted.runId, step_id: place, step_name: row.name }
    const timestamp = rfc3339(noted.at)
    switch (exited.status) {
      case "SUCCEEDED": {
        const duration_seconds = Math.max(0, noted.at - (row.startedAt ?? row.enteredAt)) / 1000
        const output = await summaryAt(engine, noted.runId, row.outputSeq, noRoom)
        return { place, message: { event: "step_completed", data: { ...step, duration_seconds, output, timestamp } } }
      }
      case "FAILED":
      case "TIMED_OUT": {
        const error = exited.error?.detail ?? "failed"
        const data = { ...step, error, retry_count: row.retries, timestamp }
        return { place, message: { event: "step_failed", data } }
      }
      default:
        return null
    }
  },
}

export const toldTypes: ReadonlySet<string> = new Set(Object.keys(table))

/** Null: 002 has no word for it. */
export async function tell(noted: Noted, engine: Engine, findStep: FindStep): Promise<Told | null> {
  return (await table[noted.type]?.(noted, engine, findStep)) ?? null
}

function read<T extends EventType>({ payload }: Noted, _type: T): EventPayloads[T] | null {
  return payload === null ? null : (JSON.parse(payload) as EventPayloads[T])
}

function ofRun(message: ExecutionMessage): Told {
  return { message, place: null }
}

/** Cancelled and timed out too, with the reason (settled 29). */
function failed({ runId, workflowId, at }: Noted, error = "failed"): Told {
  const data = { execution_id: runId, workflow_id: workflowId, error, timestamp: rfc3339(at) }
  return ofRun({ event: "workflow_failed", data })
}

function begun({ runId, at }: Noted, step: { readonly name: string; readonly branchPath: string }): Told {
  const place = stepPlace(step)
  const data = { execution_id: runId, step_id: place, step_name: step.name, timestamp: rfc3339(at) }
  return { place, message: { event: "step_started", data } }
}
