/**
 * What was attached to the runs of a batch and lies in the archive beside it, by the sum of the content: several batches of
 * a workspace may name the same one, and it goes with the last that does.
 */
export const archiveContents = `
CREATE TABLE archive_contents (
  batch_id TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (batch_id, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX archive_contents_by_sum ON archive_contents (sha256);
`
