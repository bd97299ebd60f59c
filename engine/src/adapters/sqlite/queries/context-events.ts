/** The events of a run that can touch its context, a bounded number a statement (rule 29). */
import { contextFreeEvents } from "../../../core/views/context-at.ts"

const marks = contextFreeEvents.map((type) => `'${type}'`).join(", ")

/** Behind one seq, up to another. @param runKey of the run, as a part of a statement */
export const contextEvents = (
  runKey: string,
): string => `SELECT e.seq, e.v, e.type, e.at, e.actor, e.step_id AS "stepId", e.payload
  FROM workflow_run_events e
  WHERE e.run_key = ${runKey} AND e.seq > ? AND e.seq <= ? AND e.type NOT IN (${marks}) ORDER BY e.seq`
