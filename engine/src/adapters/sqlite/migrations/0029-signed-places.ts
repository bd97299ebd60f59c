/**
 * How far retention came says which runs may lack their values. By whom it was written says its signature; in the middle of
 * a long run, which one that is.
 */
export const signedPlaces = `
ALTER TABLE retention_progress ADD COLUMN under_way INTEGER;
ALTER TABLE retention_progress ADD COLUMN signature TEXT;
`
