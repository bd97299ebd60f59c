/** The events of a run that can touch its context, a bounded number a statement (rule 29). */
import { contextFreeEvents } from "../../../core/views/context-at.ts"

const marks = contextFreeEvents.map((type) => `'${type}'`).join(", ")

/** With the run's key, and two seqs: behind the first, up to the second. */
export const contextEvents = `SELECT e.seq, e.v, e.type, e.at, e.actor, e.step_id AS "stepId", e.payload
  FROM workflow_run_events e
  WHERE e.run_key = ? AND e.seq > ? AND e.seq <= ? AND e.type NOT IN (${marks}) ORDER BY e.seq`
