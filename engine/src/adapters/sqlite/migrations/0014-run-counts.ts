/**
 * How many finished runs there are, by what overviews ask of them (rule 33): kept by the database in the transaction that
 * finishes a run, brings it, changes it or takes it away, so that it is always the number of rows. A finished run pays it
 * once, a run that goes on never: those are few, and are counted where they lie. '' stands for null.
 */
const added = `
  INSERT INTO run_counts (workspace_id, workflow_id, environment, workflow_version, status, error_code, hitl, runs)
    VALUES (NEW.workspace_id, NEW.workflow_id, NEW.environment, NEW.workflow_version, NEW.status,
      coalesce(NEW.error_code, ''), coalesce(NEW.hitl, ''), 1)
    ON CONFLICT DO UPDATE SET runs = runs + 1;
  INSERT INTO run_counts_by_actor (workspace_id, actor, runs) VALUES (NEW.workspace_id, NEW.actor, 1)
    ON CONFLICT DO UPDATE SET runs = runs + 1;
  INSERT INTO run_counts_by_hour (workspace_id, hour, status, runs)
    VALUES (NEW.workspace_id, NEW.sort_at / 3600000 * 3600000, NEW.status, 1)
    ON CONFLICT DO UPDATE SET runs = runs + 1;
`

const isOld = `workspace_id = OLD.workspace_id AND workflow_id = OLD.workflow_id AND environment = OLD.environment
    AND workflow_version = OLD.workflow_version AND status = OLD.status AND error_code = coalesce(OLD.error_code, '')
    AND hitl = coalesce(OLD.hitl, '')`
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

export const runCounts = `
CREATE TABLE run_counts (
  workspace_id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  environment TEXT NOT NULL,
  workflow_version TEXT NOT NULL,
  status TEXT NOT NULL,
  error_code TEXT NOT NULL,
  hitl TEXT NOT NULL,
  runs INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, workflow_id, environment, workflow_version, status, error_code, hitl)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_counts_by_actor (
  workspace_id TEXT NOT NULL,
  actor TEXT NOT NULL,
  runs INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, actor)
) STRICT, WITHOUT ROWID;

-- By the hour of the start.
CREATE TABLE run_counts_by_hour (
  workspace_id TEXT NOT NULL,
  hour INTEGER NOT NULL,
  status TEXT NOT NULL,
  runs INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, hour, status)
) STRICT, WITHOUT ROWID;

INSERT INTO run_counts
  SELECT workspace_id, workflow_id, environment, workflow_version, status, coalesce(error_code, ''), coalesce(hitl, ''), count(*)
  FROM workflow_runs WHERE completed_at IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7;
INSERT INTO run_counts_by_actor
  SELECT workspace_id, actor, count(*) FROM workflow_runs WHERE completed_at IS NOT NULL GROUP BY 1, 2;
INSERT INTO run_counts_by_hour
  SELECT workspace_id, sort_at / 3600000 * 3600000, status, count(*)
  FROM workflow_runs WHERE completed_at IS NOT NULL GROUP BY 1, 2, 3;

CREATE TRIGGER workflow_runs_counted_in AFTER INSERT ON workflow_runs WHEN NEW.completed_at IS NOT NULL
  BEGIN ${added} END;
CREATE TRIGGER workflow_runs_counted_out AFTER DELETE ON workflow_runs WHEN OLD.completed_at IS NOT NULL
  BEGIN ${taken} END;
CREATE TRIGGER workflow_runs_counted_before AFTER UPDATE ON workflow_runs WHEN OLD.completed_at IS NOT NULL
  BEGIN ${taken} END;
CREATE TRIGGER workflow_runs_counted_after AFTER UPDATE ON workflow_runs WHEN NEW.completed_at IS NOT NULL
  BEGIN ${added} END;
`
