/**
 * What people have made of a run: the fold over its remarks. A projection, which lists are filtered by; `rebuild` makes
 * it again, and nothing in it may come from elsewhere than the run's start and its remarks.
 */
import type { RunRow } from "../views/rows.ts"
import type { Remark, ResolutionState } from "./remark.ts"

export interface Resolution {
  readonly state: ResolutionState
  readonly reason: string | null
  readonly by: string
  readonly at: number
  /** The run that superseded it. */
  readonly runId: string | null
}

export interface Standing {
  /** Of the newest remark; 0 = there is none. */
  readonly number: number
  /** Those of the start and those added, without those removed; in this order. */
  readonly tags: readonly string[]
  readonly owner: string | null
  readonly resolution: Resolution | null
  /** Notes that were not withdrawn. */
  readonly notes: number
}

/** A run's start, as far as its standing depends on it. */
type Started = Pick<RunRow, "tags">

/** Of a run that nobody has said anything about. */
export function startStanding({ tags }: Started): Standing {
  const given = tags === "[]" ? [] : [...new Set(JSON.parse(tags) as string[])]
  return { number: 0, tags: given, owner: null, resolution: null, notes: 0 }
}

export function applyRemark(standing: Standing, { number, at, actor, body }: Remark): Standing {
  const next = { ...standing, number }
  switch (body.kind) {
    case "note.added":
      return { ...next, notes: standing.notes + 1 }
    case "note.withdrawn":
      return { ...next, notes: standing.notes - 1 }
    case "tags.changed": {
      const kept = standing.tags.filter((tag) => !body.remove.includes(tag))
      return { ...next, tags: [...kept, ...body.add.filter((tag) => !kept.includes(tag))] }
    }
    case "owner.set":
      return { ...next, owner: body.owner }
    case "resolution.set": {
      const { state, reason, runId } = body
      return { ...next, resolution: { state, reason, by: actor, at, runId } }
    }
    case "resolution.undone":
      return { ...next, resolution: null }
  }
}

export function standingOf(run: Started, remarks: Iterable<Remark>): Standing {
  let standing = startStanding(run)
  for (const remark of remarks) standing = applyRemark(standing, remark)
  return standing
}

/** The words that runs are filtered by. `open`: it failed, and nobody has said anything about that yet. */
export const resolutionWords = ["open", "acknowledged", "resolved", "superseded", "wont_fix"] as const
export type ResolutionWord = (typeof resolutionWords)[number]

/** Null: nothing has to be resolved. */
export function resolutionWord(run: Pick<RunRow, "status">, standing: Standing): ResolutionWord | null {
  return standing.resolution?.state ?? (isFailure(run.status) ? "open" : null)
}

export function isFailure(status: string): boolean {
  return status === "FAILED" || status === "TIMED_OUT"
}
