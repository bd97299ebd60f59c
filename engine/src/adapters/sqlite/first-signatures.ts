/**
 * What a release without signatures left is signed once, in the migration that brings them. That it was done is marked
 * outside the database, behind the commit: who writes seals by hand and takes the version back would have them signed.
 */
import type Database from "better-sqlite3"
import type { SigningMarks } from "../../ports/signing-marks.ts"
import { StoreOpenError } from "./errors.ts"
import { signPlaces } from "./retention-places.ts"
import { type SealSigner, signAll } from "./run-seal.ts"

interface Subject {
  /** The migration that brought its signatures. */
  readonly since: number
  readonly name: string
  readonly unsigned: string
  readonly sign: (db: Database.Database, signer: SealSigner) => void
  /** False: what is not signed comes to nothing, and comes right by itself. */
  readonly isRefused: boolean
}

const subjects: readonly Subject[] = [
  {
    since: 22,
    name: "retention seals",
    unsigned: "SELECT 1 FROM retention_seals WHERE signature IS NULL LIMIT 1",
    sign: signAll,
    isRefused: true,
  },
  {
    since: 29,
    name: "retention places",
    unsigned: "SELECT 1 FROM retention_progress WHERE class <> 'archive' AND signature IS NULL LIMIT 1",
    sign: signPlaces,
    isRefused: false,
  },
]

/** Inside the migration. @throws StoreOpenError, and the database stays as it was */
export function signFirst(
  db: Database.Database,
  version: number,
  signer: SealSigner,
  marks: SigningMarks | null,
): void {
  for (const { since, name, unsigned, sign, isRefused } of subjects) {
    if (since !== version || db.prepare(unsigned).get() === undefined) continue
    if (marks?.has(name) !== true) sign(db, signer)
    else if (isRefused)
      throw new StoreOpenError(
        "data_unsigned",
        db.name,
        `${db.name} has ${name} without signatures, though all were signed before: they may be written by hand`,
        `Is this a copy from before that to which nobody else has written, remove ${marks.file} and start again: they are signed as they lie there.`,
      )
  }
}

/** Once the database is open. */
export function markSigned(marks: SigningMarks): void {
  marks.add(subjects.map(({ name }) => name))
}
