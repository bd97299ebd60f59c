/**
 * How far retention came with a class, signed: that values are gone from a run up to there was policy, and from one behind
 * it a hand. One signature a transaction. A place that nobody with the key wrote is none: it is walked there again.
 */
import type Database from "better-sqlite3"
import type { SealSigner } from "./run-seal.ts"

export interface RetentionPlace {
  readonly completedAt: number
  readonly runKey: number
  /** The run behind it of which a part is gone; null: none. */
  readonly underWay: number | null
}

export interface SignedPlace extends RetentionPlace {
  readonly signature: string | null
}

export const startPlace: RetentionPlace = { completedAt: -1, runKey: -1, underWay: null }

export const placeColumns = `completed_at AS "completedAt", run_key AS "runKey", under_way AS "underWay", signature`

export function placeSignature(
  signer: SealSigner | null,
  workspaceId: string,
  name: string,
  place: RetentionPlace,
): string | null {
  return signer?.sign(workspaceId, textOf(name, place)) ?? null
}

/** Null: the key is not here. */
export function isGenuinePlace(
  signer: SealSigner | null,
  workspaceId: string,
  name: string,
  place: SignedPlace,
): boolean | null {
  if (signer === null) return null
  return place.signature !== null && signer.isSigned(workspaceId, textOf(name, place), place.signature)
}

/** Whether what finished then, under that key, is before the place or the run in the middle of which it is. */
export function isReached(
  place: RetentionPlace,
  run: { readonly completedAt: number; readonly runKey: number },
): boolean {
  if (run.runKey === place.underWay) return true
  return run.completedAt < place.completedAt || (run.completedAt === place.completedAt && run.runKey <= place.runKey)
}

/** Once, in the migration that brings signatures. The archive's place is the archive's to prove. */
export function signPlaces(db: Database.Database, signer: SealSigner): void {
  const unsigned = db
    .prepare<[], SignedPlace & { readonly workspaceId: string; readonly class: string }>(
      `SELECT workspace_id AS "workspaceId", class, ${placeColumns} FROM retention_progress
       WHERE class <> 'archive' AND signature IS NULL`,
    )
    .all()
  const sign = db.prepare<[string | null, string, string]>(
    "UPDATE retention_progress SET signature = ? WHERE workspace_id = ? AND class = ?",
  )
  for (const { workspaceId, class: name, ...place } of unsigned)
    sign.run(placeSignature(signer, workspaceId, name, place), workspaceId, name)
}

function textOf(name: string, { completedAt, runKey, underWay }: RetentionPlace): string {
  return JSON.stringify(["retention place", name, completedAt, runKey, underWay])
}
