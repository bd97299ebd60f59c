/** Remarks and standings as rows, and back. */
import type { Noted, Remark, RemarkBody, RemarkOrigin, ResolutionState } from "../../core/remarks/remark.ts"
import { type Standing, startStanding } from "../../core/remarks/standing.ts"
import type { Cell } from "./rows.ts"

export const standingColumns = `s.number, s.tags, s.owner, s.resolution, s.resolution_reason AS "reason",
  s.resolved_by AS "resolvedBy", s.resolved_at AS "resolvedAt", s.superseded_by AS "supersededBy", s.notes`

export interface StandingRow {
  readonly number: number
  readonly tags: string
  readonly owner: string | null
  readonly resolution: string | null
  readonly reason: string | null
  readonly resolvedBy: string | null
  readonly resolvedAt: number | null
  readonly supersededBy: string | null
  readonly notes: number
}

export function standingFrom(row: StandingRow): Standing {
  const { number, owner, notes, resolution } = row
  return {
    number,
    tags: JSON.parse(row.tags) as string[],
    owner,
    resolution:
      resolution === null
        ? null
        : {
            state: resolution as ResolutionState,
            reason: row.reason,
            by: row.resolvedBy!,
            at: row.resolvedAt!,
            runId: row.supersededBy,
          },
    notes,
  }
}

/** Of a run that may have none: then as it was started. */
export function standingOrStart(row: StandingRow | undefined, run: { readonly tags: string }): Standing {
  return row === undefined ? startStanding(run) : standingFrom(row)
}

/** In the order of `insertStanding`. */
export function standingCells(runKey: number, { number, tags, owner, resolution, notes }: Standing): Cell[] {
  const { state, reason, by, at, runId } = resolution ?? { state: null, reason: null, by: null, at: null, runId: null }
  return [runKey, number, JSON.stringify(tags), owner, state, reason, by, at, runId, notes]
}

export const insertStanding = `INSERT OR REPLACE INTO workflow_run_standing (run_key, number, tags, owner, resolution,
  resolution_reason, resolved_by, resolved_at, superseded_by, notes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

export const remarkColumns = `m.remark_id AS "remarkId", k.run_id AS "runId", m.number, m.at, m.actor, m.door,
  m.address, m.body, w.at AS "withdrawnAt", w.actor AS "withdrawnBy"`

/** With the withdrawal of a note beside it, and its run. */
export const remarkSource = `workflow_run_remarks m JOIN workflow_run_keys k ON k.run_key = m.run_key
  LEFT JOIN workflow_run_remarks w ON w.withdraws = m.remark_id`

export interface RemarkRow {
  readonly remarkId: string
  readonly runId: string
  readonly number: number
  readonly at: number
  readonly actor: string
  readonly door: RemarkOrigin["door"]
  readonly address: string | null
  readonly body: string
  readonly withdrawnAt: number | null
  readonly withdrawnBy: string | null
}

export function remarkFrom({ remarkId, runId, number, at, actor, door, address, body }: RemarkRow): Remark {
  return { remarkId, runId, number, at, actor, origin: { door, address }, body: JSON.parse(body) as RemarkBody }
}

export function notedFrom(row: RemarkRow): Noted {
  const { withdrawnAt, withdrawnBy } = row
  return { ...remarkFrom(row), withdrawn: withdrawnAt === null ? null : { at: withdrawnAt, actor: withdrawnBy! } }
}
