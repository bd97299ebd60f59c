/**
 * A seal says that retention took a run's rows. By whom it was written says its signature, under a key that is not in the
 * database; seals of before are signed when the database is brought forward.
 */
export const signedSeals = `
ALTER TABLE retention_seals ADD COLUMN signature TEXT;
`
