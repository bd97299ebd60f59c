/**
 * How long runs took that failed or were cancelled, beside how long all took: a run that fails at once is not a quick one.
 * What was counted before has none; `rebuild` counts it anew,
 * but where retention has cleared runs away already: there it stays as it was counted.
 */
export const cutShort = `
ALTER TABLE run_rollups ADD COLUMN cut_short TEXT NOT NULL DEFAULT '';
ALTER TABLE run_rollups_by_day ADD COLUMN cut_short TEXT NOT NULL DEFAULT '';
`
