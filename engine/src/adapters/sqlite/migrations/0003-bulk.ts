/** What is done to many runs, and how far it is. */
export const bulk = `
CREATE TABLE workflow_bulk (
  bulk_id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  action TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  query TEXT,
  from_state TEXT,
  actor TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  completed_at INTEGER,
  total INTEGER NOT NULL,
  done INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  request_key TEXT,
  body_hash TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE workflow_bulk_items (
  bulk_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  run_id TEXT NOT NULL,
  state TEXT NOT NULL,
  code TEXT,
  message TEXT,
  new_run_id TEXT,
  PRIMARY KEY (bulk_id, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX workflow_bulk_by_workspace ON workflow_bulk (workspace_id, bulk_id);
CREATE INDEX workflow_bulk_by_state ON workflow_bulk (state, bulk_id);
CREATE UNIQUE INDEX workflow_bulk_by_request ON workflow_bulk (request_key) WHERE request_key IS NOT NULL;
CREATE INDEX workflow_bulk_items_by_state ON workflow_bulk_items (bulk_id, state, number);
`
