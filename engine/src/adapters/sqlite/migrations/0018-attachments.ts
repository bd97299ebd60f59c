/**
 * Files that belong to a run: a row for good, and where its content lies. The content goes with the run's values, the row
 * with the run's row.
 */
export const attachments = `
CREATE TABLE workflow_run_attachments (
  attachment_id TEXT PRIMARY KEY,
  run_key INTEGER NOT NULL,
  -- Of the run, from 1 without a gap.
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  step_id TEXT,
  attempt INTEGER,
  name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  redacted INTEGER NOT NULL,
  -- Null: past its retention.
  file TEXT
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX workflow_run_attachments_by_run ON workflow_run_attachments (run_key, number);
CREATE UNIQUE INDEX workflow_run_attachments_by_file ON workflow_run_attachments (file) WHERE file IS NOT NULL;
CREATE TRIGGER workflow_run_attachments_stay BEFORE UPDATE ON workflow_run_attachments
  WHEN NEW.file IS NOT NULL
    OR (NEW.attachment_id, NEW.run_key, NEW.number, NEW.at, NEW.actor, NEW.name, NEW.content_type, NEW.bytes, NEW.sha256,
        NEW.redacted) <>
       (OLD.attachment_id, OLD.run_key, OLD.number, OLD.at, OLD.actor, OLD.name, OLD.content_type, OLD.bytes, OLD.sha256,
        OLD.redacted)
    OR NEW.step_id IS NOT OLD.step_id OR NEW.attempt IS NOT OLD.attempt
  BEGIN SELECT RAISE(ABORT, 'an attachment is never changed'); END;
`
