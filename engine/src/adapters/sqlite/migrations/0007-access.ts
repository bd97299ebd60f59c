/**
 * Who may: workspaces, people and their roles, teams, keys, sessions, and the audit of what they did. An audit entry is
 * never changed, and the database holds to it; its head lies beside the chain, so that a tail that was cut off shows.
 */
export const access = `
CREATE TABLE access_workspaces (
  workspace_id TEXT PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO access_workspaces (workspace_id, slug, name, created_at, created_by)
  VALUES ('default', 'default', 'Default', 0, 'system');

CREATE TABLE access_users (
  user_id TEXT PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  -- scrypt with its parameters and salt; null: no sign-in by password.
  password TEXT,
  -- Issuer and subject of the identity provider; null: not seen from there yet.
  subject TEXT UNIQUE,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  disabled_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE access_members (
  workspace_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  role TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (workspace_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE access_teams (
  workspace_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  members TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (workspace_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE access_keys (
  key_id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL UNIQUE,
  prefix TEXT NOT NULL,
  -- Who acts when it is used.
  actor TEXT NOT NULL,
  role TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  expires_at INTEGER,
  last_used_at INTEGER,
  revoked_at INTEGER,
  revoked_by TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE access_sessions (
  session_id TEXT PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL,
  method TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  address TEXT NOT NULL,
  agent TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_entries (
  audit_key INTEGER PRIMARY KEY AUTOINCREMENT,
  workspace_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  credential TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  door TEXT NOT NULL,
  address TEXT NOT NULL,
  outcome TEXT NOT NULL,
  status INTEGER NOT NULL,
  request_id TEXT NOT NULL,
  detail TEXT,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX audit_entries_by_number ON audit_entries (workspace_id, number);
CREATE INDEX audit_entries_by_actor ON audit_entries (workspace_id, actor, number);
CREATE INDEX audit_entries_by_action ON audit_entries (workspace_id, action, number);
CREATE INDEX audit_entries_by_target ON audit_entries (workspace_id, target, number);
CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries
  BEGIN SELECT RAISE(ABORT, 'an audit entry is never changed'); END;
CREATE TRIGGER audit_entries_remain BEFORE DELETE ON audit_entries
  BEGIN SELECT RAISE(ABORT, 'an audit entry is never deleted'); END;

CREATE TABLE audit_heads (
  workspace_id TEXT PRIMARY KEY,
  number INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`
