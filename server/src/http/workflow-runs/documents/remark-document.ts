/** What people have said beside a run, as clients read it. */
import type { Annotation, Json, Remark, RunStanding } from "@waybill/contract"
import type { Noted, Remark as RemarkRow, RunRow, Said, Standing } from "@waybill/engine"
import { resolutionWord } from "@waybill/engine"
import { rfc3339 } from "../../shared/time.ts"

type StandingFields = Pick<RunStanding, "tags" | "owner" | "resolution" | "annotationCount" | "remarkSeq">

export function standingFields(row: Pick<RunRow, "status">, standing: Standing): StandingFields {
  return {
    tags: [...standing.tags],
    owner: standing.owner,
    resolution: resolutionOf(row, standing),
    annotationCount: standing.notes,
    remarkSeq: standing.number,
  }
}

function resolutionOf(row: Pick<RunRow, "status">, standing: Standing): RunStanding["resolution"] {
  const state = resolutionWord(row, standing)
  if (state === null) return null
  const { resolution } = standing
  if (resolution === null) return { state, reason: null, by: null, at: null, runId: null }
  return { state, reason: resolution.reason, by: resolution.by, at: rfc3339(resolution.at), runId: resolution.runId }
}

export function standingDocument(row: Pick<RunRow, "runId" | "status">, { remark, standing }: Said): RunStanding {
  const said = remark === null ? null : remarkDocument(remark)
  return { runId: row.runId, ...standingFields(row, standing), remark: said }
}

export function remarkDocument({ remarkId, runId, number, at, actor, origin, body }: RemarkRow): Remark {
  const { kind, ...details } = body
  return { remarkId, runId, number, kind, at: rfc3339(at), actor, origin: { ...origin }, details: details as Json }
}

/** Null: the remark is no note. */
export function annotationDocument({ remarkId, runId, at, actor, origin, body, withdrawn }: Noted): Annotation | null {
  if (body.kind !== "note.added") return null
  return {
    annotationId: remarkId,
    runId,
    stepId: body.stepId,
    logLine: body.logLine ?? null,
    note: body.note,
    author: actor,
    at: rfc3339(at),
    origin: { ...origin },
    withdrawn: withdrawn === null ? null : { at: rfc3339(withdrawn.at), by: withdrawn.actor },
  }
}
