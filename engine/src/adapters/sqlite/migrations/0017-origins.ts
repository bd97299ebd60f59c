/**
 * What a run was started for: all there are until now are production's. What is set apart from it is found along an index
 * of its own, which production's runs are not in; counts of finished runs are kept by it too.
 */
const added = `
  INSERT INTO run_counts (workspace_id, workflow_id, environment, workflow_version, status, error_code, hitl, origin, runs)
    VALUES (NEW.workspace_id, NEW.workflow_id, NEW.environment, NEW.workflow_version, NEW.status,
      coalesce(NEW.error_code, ''), coalesce(NEW.hitl, ''), NEW.origin, 1)
    ON CONFLICT DO UPDATE SET runs = runs + 1;
  INSERT INTO run_counts_by_actor (workspace_id, actor, runs) VALUES (NEW.workspace_id, NEW.actor, 1)
    ON CONFLICT DO UPDATE SET runs = runs + 1;
  INSERT INTO run_counts_by_hour (workspace_id, hour, status, runs)
    VALUES (NEW.workspace_id, NEW.sort_at / 3600000 * 3600000, NEW.status, 1)
    ON CONFLICT DO UPDATE SET runs = runs + 1;
`

const isOld = `workspace_id = OLD.workspace_id AND workflow_id = OLD.workflow_id AND environment = OLD.environment
    AND workflow_version = OLD.workflow_version AND status = OLD.status AND error_code = coalesce(OLD.error_code, '')
    AND hitl = coalesce(OLD.hitl, '') AND origin = OLD.origin`
const isOldActor = "workspace_id = OLD.workspace_id AND actor = OLD.actor"
const isOldHour = `workspace_id = OLD.workspace_id AND hour = OLD.sort_at / 3600000 * 3600000 AND status = OLD.status`

const taken = `
  UPDATE run_counts SET runs = runs - 1 WHERE ${isOld};
  DELETE FROM run_counts WHERE ${isOld} AND runs = 0;
  UPDATE run_counts_by_actor SET runs = runs - 1 WHERE ${isOldActor};
  DELETE FROM run_counts_by_actor WHERE ${isOldActor} AND runs = 0;
  UPDATE run_counts_by_hour SET runs = runs - 1 WHERE ${isOldHour};
  DELETE FROM run_counts_by_hour WHERE ${isOldHour} AND runs = 0;
`

export const origins = `
DROP TRIGGER workflow_runs_counted_in;
DROP TRIGGER workflow_runs_counted_out;
DROP TRIGGER workflow_runs_counted_before;
DROP TRIGGER workflow_runs_counted_after;

ALTER TABLE workflow_runs ADD COLUMN origin TEXT NOT NULL DEFAULT 'live';
CREATE INDEX workflow_runs_apart ON workflow_runs (workspace_id, origin, sort_at) WHERE origin <> 'live';

ALTER TABLE run_counts RENAME TO run_counts_before;
CREATE TABLE run_counts (
  workspace_id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  environment TEXT NOT NULL,
  workflow_version TEXT NOT NULL,
  status TEXT NOT NULL,
  error_code TEXT NOT NULL,
  hitl TEXT NOT NULL,
  origin TEXT NOT NULL,
  runs INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, workflow_id, environment, workflow_version, status, error_code, hitl, origin)
) STRICT, WITHOUT ROWID;
INSERT INTO run_counts
  SELECT workspace_id, workflow_id, environment, workflow_version, status, error_code, hitl, 'live', runs
  FROM run_counts_before;
DROP TABLE run_counts_before;

CREATE TRIGGER workflow_runs_counted_in AFTER INSERT ON workflow_runs WHEN NEW.completed_at IS NOT NULL
  BEGIN ${added} END;
CREATE TRIGGER workflow_runs_counted_out AFTER DELETE ON workflow_runs WHEN OLD.completed_at IS NOT NULL
  BEGIN ${taken} END;
CREATE TRIGGER workflow_runs_counted_before AFTER UPDATE ON workflow_runs WHEN OLD.completed_at IS NOT NULL
  BEGIN ${taken} END;
CREATE TRIGGER workflow_runs_counted_after AFTER UPDATE ON workflow_runs WHEN NEW.completed_at IS NOT NULL
  BEGIN ${added} END;
`
