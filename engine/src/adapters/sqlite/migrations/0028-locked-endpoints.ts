/**
 * What nobody may read in a copy of the database: where an endpoint's messages go, its headers and its secrets, under a
 * key that lies outside. SQL cannot close them: `endpoint-locks` does, whenever the database is opened with the key.
 */
export const lockedEndpoints = `
ALTER TABLE webhook_endpoints ADD COLUMN locked TEXT;
`
