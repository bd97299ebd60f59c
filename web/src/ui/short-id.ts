const TAIL = 8
/** Shorter than this nothing is won by cutting. */
const WHOLE_UP_TO = 16

/**
 * `run_01JD2Q…` → `run_…7K2Q9XYZ`: ids begin with their time and are told apart by their end. What is no such id, a
 * business event or a name of the user's, keeps its beginning and its end.
 */
export function shortId(id: string): string {
  if (id.length <= WHOLE_UP_TO) return id
  const prefix = /^[a-z]{2,8}_(?=[0-9A-Za-z-]{12,}$)/.exec(id)?.[0]
  if (prefix !== undefined) return `${prefix}…${id.slice(-TAIL)}`
  return `${id.slice(0, TAIL)}…${id.slice(-TAIL + 2)}`
}
