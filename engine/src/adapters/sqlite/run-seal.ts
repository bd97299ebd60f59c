/**
 * The seal of a run whose rows retention or sampling took: enough for the chains to hold, signed with a key that lies
 * outside the database, so that one written by hand does not hide what was taken out by hand.
 */
import type Database from "better-sqlite3"
import type { LeftOfRun } from "../../ports/history-store.ts"
import type { SealingKeys } from "../../ports/redaction.ts"

export type SealSigner = Pick<SealingKeys, "sign" | "isSigned">

export interface RunSeal {
  readonly workspaceId: string
  readonly runId: string
  readonly runKey: number
  readonly seq: number
  readonly headHash: string
  /** `events`: its row is there; `summaries`: that is gone too. */
  readonly class: string
}

export interface StoredSeal extends RunSeal {
  readonly signature: string | null
}

export function signatureOf(signer: SealSigner | null, seal: RunSeal): string | null {
  return signer?.sign(seal.workspaceId, textOf(seal)) ?? null
}

export function leftBy(signer: SealSigner | null, seal: StoredSeal): LeftOfRun {
  const { seq, headHash, signature } = seal
  const isGenuine =
    signer === null ? null : signature !== null && signer.isSigned(seal.workspaceId, textOf(seal), signature)
  return { seq, headHash, hasRow: seal.class === "events", isGenuine }
}

/**
 * Once, in the migration that brings signatures: later on a seal without one is nobody's. Nothing in the database could say
 * that it is still to be done, since who writes seals there by hand would write that as well.
 */
export function signAll(db: Database.Database, signer: SealSigner): void {
  const unsigned = db.prepare<[], RunSeal>(`SELECT ${sealColumns} FROM retention_seals WHERE signature IS NULL`)
  const sign = db.prepare<[string | null, string]>("UPDATE retention_seals SET signature = ? WHERE run_id = ?")
  db.transaction(() => {
    for (const seal of unsigned.all()) sign.run(signatureOf(signer, seal), seal.runId)
  }).immediate()
}

export const sealColumns = `workspace_id AS "workspaceId", run_id AS "runId", run_key AS "runKey", seq,
  head_hash AS "headHash", class`

function textOf({ runId, runKey, seq, headHash, class: name }: RunSeal): string {
  return JSON.stringify(["retention seal", runId, runKey, seq, headHash, name])
}
