/** What may not be kept, version by version, and which keys closed what was kept of it. A version is never changed. */
export const redaction = `
CREATE TABLE redaction_policies (
  workspace_id TEXT NOT NULL,
  -- '' is the whole workspace.
  workflow_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  policy TEXT,
  note TEXT,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  PRIMARY KEY (workspace_id, workflow_id, version)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER redaction_policies_stay BEFORE UPDATE ON redaction_policies
  BEGIN SELECT RAISE(ABORT, 'a version of a policy is never changed'); END;

-- The key itself lies in a file outside; this is its name.
CREATE TABLE redaction_keys (
  key_id TEXT PRIMARY KEY,
  first_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`
