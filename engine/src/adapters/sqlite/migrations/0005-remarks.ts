/**
 * What people add beside a run (003: its history never changes). Remarks are append-only, and the database holds to it;
 * the standing is what they lead to, made again by `rebuild`.
 */
export const remarks = `
CREATE TABLE workflow_run_remarks (
  remark_key INTEGER PRIMARY KEY AUTOINCREMENT,
  remark_id TEXT NOT NULL UNIQUE,
  run_key INTEGER NOT NULL,
  number INTEGER NOT NULL,
  -- The feed's when it was written.
  position INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  door TEXT NOT NULL,
  address TEXT,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  -- The note that this one takes back.
  withdraws TEXT
) STRICT;
CREATE UNIQUE INDEX workflow_run_remarks_by_run ON workflow_run_remarks (run_key, number);
CREATE UNIQUE INDEX workflow_run_remarks_withdrawn ON workflow_run_remarks (withdraws) WHERE withdraws IS NOT NULL;
CREATE INDEX workflow_run_remarks_by_position ON workflow_run_remarks (position);
CREATE TRIGGER workflow_run_remarks_stay BEFORE UPDATE ON workflow_run_remarks
  BEGIN SELECT RAISE(ABORT, 'a remark is never changed'); END;
CREATE TRIGGER workflow_run_remarks_remain BEFORE DELETE ON workflow_run_remarks
  BEGIN SELECT RAISE(ABORT, 'a remark is never deleted'); END;

-- No row: nobody has said anything about the run.
CREATE TABLE workflow_run_standing (
  run_key INTEGER PRIMARY KEY,
  number INTEGER NOT NULL,
  tags TEXT NOT NULL,
  owner TEXT,
  resolution TEXT,
  resolution_reason TEXT,
  resolved_by TEXT,
  resolved_at INTEGER,
  superseded_by TEXT,
  notes INTEGER NOT NULL
) STRICT;
CREATE INDEX workflow_run_standing_by_owner ON workflow_run_standing (owner, run_key) WHERE owner IS NOT NULL;
CREATE INDEX workflow_run_standing_by_resolution ON workflow_run_standing (resolution, run_key)
  WHERE resolution IS NOT NULL;
CREATE INDEX workflow_run_standing_noted ON workflow_run_standing (run_key) WHERE notes > 0;

-- What a bulk action does to each run, beside its reason: tags, an owner, a resolution.
ALTER TABLE workflow_bulk ADD COLUMN change TEXT;
`
