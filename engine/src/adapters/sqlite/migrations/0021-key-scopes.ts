/** What a key is narrowed to, as JSON; null, as all keys of before: all that its role gives. */
export const keyScopes = `
ALTER TABLE access_keys ADD COLUMN scopes TEXT;
`
